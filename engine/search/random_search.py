"""Random search (Bergstra and Bengio 2012): proposals drawn evenly from the box."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.randomness import TRIALS, generator
from engine.search.space import Space
from engine.search.trials import NONE_STOPPED, Stopped

_TOGETHER: Final = 8
"""Trials that start warm from the same known minima, and may be done side by side."""


class RandomSearch:
    """Proposes the start first, then places drawn evenly; a `Search`.

    Each proposal depends on the seed and on its number alone, so that all may be tried at once.

    Args:
        space: the box.
        seed: of the draws.
        warm: whether trials start from minima that are known.
    """

    most: int | None = None

    def __init__(self, space: Space, seed: int, *, warm: bool = False) -> None:
        self._space, self._seed, self._warm = space, seed, warm
        self.state: dict[str, Any] = {"count": 0}

    @property
    def at_once(self) -> int | None:
        """Any number; warm, the start by itself and then some together."""
        if not self._warm:
            return None
        return _TOGETHER if self.state["count"] else 1

    def propose(self, count: int) -> Floats:
        """(count, D) the next proposals."""
        first = self.state["count"]
        self.state = {"count": first + count}
        rows = [self._proposal(first + place) for place in range(count)]
        return np.array(rows).reshape(count, self._space.size)

    def tell(self, losses: Sequence[float], stopped: Mapping[int, Stopped] = NONE_STOPPED) -> None:
        """It makes no difference what proposals led to."""

    def _proposal(self, number: int) -> Floats:
        if number == 0:
            return np.zeros(self._space.size)
        random = generator(self._seed, number, TRIALS)
        return random.uniform(self._space.low, self._space.high)


def random_search(meta: Meta, space: Space) -> RandomSearch:
    """Random search with an experiment's seed."""
    return RandomSearch(space, meta.seed, warm=meta.trials_warm)
