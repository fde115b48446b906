"""Where lines can be read: the points that have a place in a plot, found by their x."""

import numpy as np

from app.plots.line_numbers import readable
from engine.plots import Line


class Track:
    """The points of a line that can be read, in the order of x.

    Args:
        line: any; its x need not ascend, and its y may have gaps.
        log: whether the y axis is logarithmic, where only positive numbers have a place.

    Attributes:
        x: (n,) of these points.
        indices: (n,) their places among all of the line's.
    """

    def __init__(self, line: Line, *, log: bool) -> None:
        self.line = line
        order = np.argsort(line.x, kind="stable")
        known = readable(line, log=log)[order]
        self._all, self._is_known = line.x[order], known
        self.indices = order[known]
        self.x = self._all[known]

    def nearest(self, x: float) -> int | None:
        """The index of the line's point that is nearest to x; None if it has none."""
        return int(self.indices[_nearest(self.x, x)]) if self.x.size else None

    def at(self, x: float) -> int | None:
        """The index of the point that stands for x; None in a gap, and beyond the line's ends.

        That is the nearest point, unless x is further outside than half the way between two, or
        points were measured one by one: then it is the one at x.
        """
        if not self.x.size:
            return None
        place = _nearest(self._all, x)
        if not self._is_known[place]:
            return None
        index = int(self.indices[_nearest(self.x, self._all[place])])
        away = abs(float(self._all[place]) - x)
        if self.line.single:
            return None if away else index
        if away <= self._spacing(place, x) / 2:
            return index
        return None

    def _spacing(self, place: int, x: float) -> float:
        """Between the point at a place and the next one on the side of x, or the one before."""
        if self._all.size < 2:
            return 0.0
        beside = place + (1 if x > self._all[place] else -1)
        if not 0 <= beside < self._all.size:
            beside = 2 * place - beside
        return abs(float(self._all[beside] - self._all[place]))


def _nearest(ascending: np.ndarray, x: float) -> int:
    """The place of the value that is nearest to x."""
    right = int(np.searchsorted(ascending, x))
    if right == 0:
        return 0
    if right == ascending.size or x - ascending[right - 1] <= ascending[right] - x:
        return right - 1
    return right
