"""Grid search: evenly spaced places along every side of the box, in all combinations."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

import numpy as np

from engine.arrays import Floats, Integers
from engine.errors import InputError
from engine.experiments.experiment import Meta
from engine.randomness import TRIALS, generator
from engine.search.space import Space
from engine.search.trials import NONE_STOPPED, Stopped


class Grid:
    """Proposes the points of a grid, both ends of each side among them; a `Search`.

    They come in random order, so that what is best so far depends on no end where a grid begins.
    Where trials start warm it begins at the upper ends, where penalties are large and minima easily
    found, and each point comes after its neighbours above, those of the same distance together.

    Args:
        space: the box.
        points: along each side, at least 2.
        seed: of their order.
        warm: whether trials start from minima that are known.
    """

    def __init__(self, space: Space, points: int, seed: int, *, warm: bool = False) -> None:
        self._space, self._points = space, points
        every = np.arange(points**space.size)
        down = np.sum(points - 1 - self._places(every), axis=-1)  # steps from the upper ends
        self._order = np.argsort(down, kind="stable") if warm else _shuffled(len(every), seed)
        self._stages = np.cumsum(np.bincount(down)) if warm else None
        self.state: dict[str, Any] = {"count": 0}

    @property
    def at_once(self) -> int | None:
        """Any number; warm, those that are left of the same distance from the upper ends."""
        if self._stages is None:
            return None
        count = int(self.state["count"])
        stage = int(np.searchsorted(self._stages, count, side="right"))
        return int(self._stages[min(stage, len(self._stages) - 1)]) - count

    @property
    def most(self) -> int | None:
        """The number of its points."""
        return len(self._order)

    def propose(self, count: int) -> Floats:
        """(count, D) the next points, or as many as are left."""
        first = self.state["count"]
        numbers = self._order[first : first + count]
        self.state = {"count": first + len(numbers)}
        shares = self._places(numbers) / (self._points - 1)
        low, high = self._space.low, self._space.high
        return np.asarray(low * (1 - shares) + high * shares)  # exact at both ends

    def tell(self, losses: Sequence[float], stopped: Mapping[int, Stopped] = NONE_STOPPED) -> None:
        """It makes no difference what points led to."""

    def _places(self, numbers: Integers) -> Integers:
        """(n, D) where points are along each side, from 0."""
        sides = (self._points,) * self._space.size
        return np.stack(np.unravel_index(numbers, sides), axis=-1)


def _shuffled(count: int, seed: int) -> Integers:
    return generator(seed, TRIALS).permutation(count)


def grid(meta: Meta, space: Space) -> Grid:
    """A grid of as many points as an experiment says, or as its trials allow.

    Raises:
        InputError: it would take more trials than there are.
    """
    sides, trials = space.size, meta.iterations
    points = meta.grid_points or max(2, _root(trials, sides))
    if sides * np.log(points) > np.log(trials) + 1e-9:
        field = "meta.grid_points" if meta.grid_points else "meta.optimizer"
        of = f"{points} points along each of {sides:,} hyperparameters"
        raise InputError(
            field,
            f"expected a grid of at most {trials:,} points, which is the number of trials; "
            f"{of} take {_power(points, sides)}.",
        )
    return Grid(space, points, meta.seed, warm=meta.trials_warm)


def _root(trials: int, sides: int) -> int:
    """The most points along each side of which all combinations are no more than the trials."""
    if sides == 0:
        return 2
    points = int(trials ** (1 / sides))
    more = (points + 1) ** min(sides, 64)  # which a rounded root may have missed
    return points + 1 if more <= trials else points


def _power(points: int, sides: int) -> str:
    """As in "1,024", or "about 10⁷⁵"."""
    exponent = sides * np.log10(points)
    if exponent < 9:
        return f"{points**sides:,}"
    raised = str(floor(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"about 10{raised}"
