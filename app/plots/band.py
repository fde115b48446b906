"""What a line's values are uncertain within: a pale fill, or a bar at each point."""

from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.plots.pens import make_pen
from engine.arrays import Floats

_OPACITY: Final = 0.22
_OPACITY_OF_EDGES: Final = 0.6


class Band(pyqtgraph.PlotCurveItem):  # type: ignore[misc]
    """A fill between two lines, or its edges; one path, which paints faster than two curves.

    Args:
        view: on which it is.
        filled: whether to draw the fill, else its edges.
    """

    def __init__(self, view: QWidget, *, filled: bool) -> None:
        super().__init__(pen=None, fillLevel="enclosed" if filled else None)
        self._view, self.is_filled = view, filled
        self.setZValue(-1)

    def set_colour(self, colour: QColor) -> None:
        """Take the colour of the line that it belongs to."""
        pale = QColor(colour)
        pale.setAlphaF(_OPACITY if self.is_filled else _OPACITY_OF_EDGES)
        if self.is_filled:
            self.setBrush(pale)
        else:
            self.setPen(make_pen(self._view, pale, 1))

    def show_ends(self, x: Floats, low: Floats, high: Floats, *, log: bool) -> None:
        """Fill what is between two lines.

        Args:
            x: (n,) places.
            low: (n,) the lower ends.
            high: (n,) the upper ends.
            log: whether the y axis is logarithmic; places whose lower end has no logarithm are
                left out.
        """
        if log:
            kept = (low > 0) & (high > 0)
            x, low, high = x[kept], np.log10(low[kept]), np.log10(high[kept])
        self.setData(np.concatenate([x, x[::-1]]), np.concatenate([high, low[::-1]]))


class Bars(pyqtgraph.PlotCurveItem):  # type: ignore[misc]
    """An upright stroke at each point of a line whose points are not joined."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(connect="pairs")
        self._view = view

    def set_colour(self, colour: QColor) -> None:
        """Take the colour of the line that it belongs to."""
        self.setPen(make_pen(self._view, colour, 2))

    def show_ends(self, x: Floats, low: Floats, high: Floats, *, log: bool) -> None:
        """Draw from the lower to the upper ends; see `Band.show_ends`."""
        if log:
            kept = (low > 0) & (high > 0)
            x, low, high = x[kept], np.log10(low[kept]), np.log10(high[kept])
        self.setData(np.repeat(x, 2), np.stack([low, high], axis=1).ravel())
