"""Grid search: evenly spaced places along every side of the box, in all combinations."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.experiment import Meta
from engine.randomness import TRIALS, generator
from engine.search.space import Space
from engine.search.trials import NONE_STOPPED, Stopped


class Grid:
    """Proposes the points of a grid, both ends of each side among them; a `Search`.

    They come in random order, so that what is best so far depends on no end where a grid begins.

    Args:
        space: the box.
        points: along each side, at least 2.
        seed: of their order.
    """

    at_once: int | None = None

    def __init__(self, space: Space, points: int, seed: int) -> None:
        self._space, self._points = space, points
        self._order = generator(seed, TRIALS).permutation(points**space.size)
        self.state: dict[str, Any] = {"count": 0}

    @property
    def most(self) -> int | None:
        """The number of its points."""
        return len(self._order)

    def propose(self, count: int) -> Floats:
        """(count, D) the next points, or as many as are left."""
        first = self.state["count"]
        numbers = self._order[first : first + count]
        self.state = {"count": first + len(numbers)}
        sides = (self._points,) * self._space.size
        places = np.stack(np.unravel_index(numbers, sides), axis=-1)  # of each point, by side
        shares = places / (self._points - 1)
        low, high = self._space.low, self._space.high
        return np.asarray(low * (1 - shares) + high * shares)  # exact at both ends

    def tell(self, losses: Sequence[float], stopped: Mapping[int, Stopped] = NONE_STOPPED) -> None:
        """It makes no difference what points led to."""


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
    return Grid(space, points, meta.seed)


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
