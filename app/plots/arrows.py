"""Arrows from the points of a line to where the next meta-step takes them."""

from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF

from engine.exact import Floats
from engine.plots import Line

ARROWS: Final = "where the next meta-step goes"
_MOST: Final = 25
_HEAD_PIXELS: Final = 8
_SHORTEST_PIXELS: Final = 3.0


def _head(upwards: bool) -> QPainterPath:
    """A triangle with its tip at the origin, in half of the square that a symbol has."""
    back = 0.5 if upwards else -0.5
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0, 0), QPointF(-0.25, back), QPointF(0.25, back)]))
    path.closeSubpath()
    return path


_UP, _DOWN = _head(True), _head(False)


class Arrows:
    """The arrows of one line.

    Attributes:
        shafts: all of them, as one item.
        heads: their heads, as another.
    """

    def __init__(self) -> None:
        self.shafts = pyqtgraph.PlotDataItem(connect="pairs")
        self.heads = pyqtgraph.PlotDataItem(pen=None)
        self._drawn: tuple[Floats, Floats, Floats] | None = None

    def set_visible(self, on: bool) -> None:
        """Show or hide them."""
        self.shafts.setVisible(on)
        self.heads.setVisible(on)

    def set_style(self, colour: QColor, scale: float) -> None:
        """Change colour and size."""
        self.shafts.setPen(pyqtgraph.mkPen(colour, width=scale))
        self.heads.setSymbolPen(None)
        self.heads.setSymbolBrush(colour)
        self.heads.setSymbolSize(2 * _HEAD_PIXELS * scale)

    def show(self, line: Line, units_a_pixel: float, *, log: bool) -> None:
        """Draw the arrows of a line that can be seen at this scale.

        Args:
            line: with or without `towards`.
            units_a_pixel: of the y axis; of its logarithms if it is logarithmic.
            log: whether the y axis is logarithmic.
        """
        drawn = _places(line, _SHORTEST_PIXELS * units_a_pixel, log=log)
        if self._drawn is not None and all(map(np.array_equal, drawn, self._drawn)):
            return
        self._drawn = drawn
        x, y, towards = drawn
        self.shafts.setData(np.repeat(x, 2), np.stack([y, towards], axis=1).ravel())
        symbols = [_UP if up else _DOWN for up in towards > y]
        self.heads.setData(x, towards, symbol=symbols or None)


def _places(line: Line, shortest: float, *, log: bool) -> tuple[Floats, Floats, Floats]:
    """Evenly spaced points of a line, with where they go, unless that is too near to be seen."""
    if line.towards is None or not len(line.y):
        return (np.zeros(0),) * 3
    chosen = np.unique(np.linspace(0, len(line.y) - 1, _MOST).round().astype(int))
    x, y, towards = line.x[chosen], line.y[chosen], line.towards[chosen]
    kept = np.isfinite(y) & np.isfinite(towards)
    if log:
        kept &= (y > 0) & (towards > 0)
    x, y, towards = x[kept], y[kept], towards[kept]
    length = np.abs(np.log10(towards / y) if log else towards - y)
    seen = length >= shortest
    return x[seen], y[seen], towards[seen]
