"""What maps of the surface of two weights have in common."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Colour, Points

TRAINING: Final[Colour] = 5
RETRACED: Final[Colour] = 4
_PLACES: Final = 161  # along each side


def sides(everywhere: Floats) -> tuple[Floats, Floats]:
    """Places along both sides of a map that shows all points, with a margin."""
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = np.maximum(0.25 * (high - low), 0.5)
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], _PLACES) for i in (0, 1))
    return x, y


def start(path: Floats) -> Points:
    """Where a path begins."""
    return Points("start", path[:1, 0], path[:1, 1], "reference")
