"""Arrows along a line: to where the next meta-step takes it, or from where the last one came."""

from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPen, QPolygonF

from engine.arrays import Floats
from engine.plots import LAST_STEP, NEXT_STEP, Line

ARROWS: Final = (NEXT_STEP, LAST_STEP)

_MOST: Final = 25
_MOST_LIVE: Final = 13  # they change with every meta-step
_HEAD_PIXELS: Final = 8
_SHORTEST_PIXELS: Final = 3.0
_PALE: Final = 0.55
_SMALLER: Final = 0.75


def _head(upwards: bool) -> QPainterPath:
    """A triangle with its tip at the origin, in half of the square that a symbol has."""
    back = 0.5 if upwards else -0.5
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0, 0), QPointF(-0.25, back), QPointF(0.25, back)]))
    path.closeSubpath()
    return path


_UP, _DOWN = _head(True), _head(False)


class Arrows:
    """The arrows of one line; those of the last meta-step are pale.

    Args:
        name: what a legend calls them.

    Attributes:
        name: the same.
        shafts: all of them, as one item.
        heads: their heads, as another.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.shafts = pyqtgraph.PlotDataItem(connect="pairs")
        self.heads = pyqtgraph.PlotDataItem(pen=None)
        self._drawn: tuple[Floats, Floats, Floats] | None = None

    def set_visible(self, on: bool) -> None:
        """Show or hide them."""
        self.shafts.setVisible(on)
        self.heads.setVisible(on)

    def set_style(self, pen: QPen, scale: float) -> None:
        """Change the stroke of the shafts, and with its colour the size of the heads."""
        pen = QPen(pen)
        colour = pen.color()
        if self.name == LAST_STEP:
            scale *= _SMALLER
            colour.setAlphaF(_PALE)
            pen.setWidthF(_SMALLER * pen.widthF())
            pen.setColor(colour)
        self.shafts.setPen(pen)
        self.heads.setSymbolPen(None)
        self.heads.setSymbolBrush(colour)
        self.heads.setSymbolSize(2 * _HEAD_PIXELS * scale)

    def show(self, line: Line, units_a_pixel: float, *, log: bool) -> None:
        """Draw the arrows of a line that can be seen at this scale.

        Args:
            line: with or without arrows.
            units_a_pixel: of the y axis; of its logarithms if it is logarithmic.
            log: whether the y axis is logarithmic.
        """
        drawn = _places(line, _SHORTEST_PIXELS * units_a_pixel, log=log)
        if self._drawn is not None and all(map(np.array_equal, drawn, self._drawn)):
            return
        self._drawn = drawn
        x, tails, tips = drawn
        self.shafts.setData(np.repeat(x, 2), np.stack([tails, tips], axis=1).ravel())
        symbols = [_UP if up else _DOWN for up in tips > tails]
        self.heads.setData(x, tips, symbol=symbols or None)


def _places(line: Line, shortest: float, *, log: bool) -> tuple[Floats, Floats, Floats]:
    """Evenly spaced places with an arrow's tail and tip, unless it is too short to be seen."""
    most, tails, tips = _MOST, line.y, line.towards
    if tips is None and line.came_from is not None:
        most, tails, tips = _MOST_LIVE, line.came_from, line.y
    if tips is None or not len(line.y):
        return (np.zeros(0),) * 3
    chosen = np.unique(np.linspace(0, len(line.y) - 1, most).round().astype(int))
    x, tails, tips = line.x[chosen], tails[chosen], tips[chosen]
    kept = np.isfinite(tails) & np.isfinite(tips)
    if log:
        kept &= (tails > 0) & (tips > 0)
    x, tails, tips = x[kept], tails[kept], tips[kept]
    length = np.abs(np.log10(tips / tails) if log else tips - tails)
    seen = length >= shortest
    return x[seen], tails[seen], tips[seen]
