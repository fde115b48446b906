"""What maps of the surface of two weights have in common."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Colour, Line, MapPlot, Points
from engine.plots.kind import PlotKind
from engine.tasks.surface import surface

TRAINING: Final[Colour] = 5
RETRACED: Final[Colour] = 4
_PLACES: Final = 161  # along each side
_AT_THE_CEILING: Final = f"loss {float(surface(0.0, 1e6)):.4g}"


def sides(everywhere: Floats) -> tuple[Floats, Floats]:
    """Places along both sides of a map that shows all points, with a margin."""
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = np.maximum(0.25 * (high - low), 0.5)
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], _PLACES) for i in (0, 1))
    return x, y


def map_of_surface(
    what: PlotKind, x: Floats, y: Floats, path: Floats, lines: Sequence[Line], caption: str
) -> MapPlot:
    """The loss over two weights, with lines on it, and a point where a path (T + 1, 2) begins."""
    return MapPlot(
        what.key,
        what.title,
        "weight w₁",
        "weight w₂",
        x,
        y,
        surface(*np.meshgrid(x, y)),
        "levels",
        "loss",
        (Points("start", path[:1, 0], path[:1, 1], "reference"),),
        tuple(lines),
        caption=caption,
    )


def loss_in_words(place: Floats) -> str:
    """The loss at one place (2,), and what keeps it as it is where it is the largest of all."""
    told = f"loss {float(surface(*place)):.4g}"
    return f"{told}, the surface's ceiling, which is flat" if told == _AT_THE_CEILING else told
