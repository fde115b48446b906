"""Random search (Bergstra and Bengio 2012): proposals drawn evenly from the box."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.randomness import TRIALS, generator
from engine.search.space import Space
from engine.search.trials import NONE_STOPPED, Stopped


class RandomSearch:
    """Proposes the start first, then places drawn evenly; a `Search`.

    Each proposal depends on the seed and on its number alone, so that all may be tried at once.

    Args:
        space: the box.
        seed: of the draws.
    """

    most: int | None = None
    at_once: int | None = None

    def __init__(self, space: Space, seed: int) -> None:
        self._space, self._seed = space, seed
        self.state: dict[str, Any] = {"count": 0}

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
    return RandomSearch(space, meta.seed)
