"""Which bars are drawn: at most so many at one place, where more would lie on each other."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line

_MOST: Final = 40


def drawn_band(line: Line) -> tuple[Floats, Floats] | None:
    """Both ends of what a line is uncertain within, if that is drawn.

    Bars of more than forty points at one place are not: they would be one long bar. What they say
    can be read point by point.
    """
    if line.band is None or line.is_joined or len(line.x) <= _MOST:
        return line.band
    _, counts = np.unique(line.x, return_counts=True)
    return None if counts.max() > _MOST else line.band
