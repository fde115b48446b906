"""A mark of a plot: an upright line at a place of the x axis, with its name at the top."""

import pyqtgraph
from PySide6.QtGui import QColor, QFont, QPen

from app.theme import Theme
from engine.plots import Mark


class Upright(pyqtgraph.InfiniteLine):  # type: ignore[misc]
    """Shows one mark."""

    def __init__(self) -> None:
        super().__init__(
            angle=90,
            label="",
            labelOpts={"position": 0.99},
        )
        self.setZValue(2)

    def show_mark(self, mark: Mark, *, after: bool) -> None:
        """Stand where the mark is.

        Args:
            mark: what to show.
            after: whether its name stands right of the line, not left.
        """
        self.label.anchors = [(0, 0) if after else (1, 0)] * 2
        self.setValue(mark.x)
        self.label.setFormat(mark.name)

    def set_style(self, theme: Theme, font: QFont, pen: QPen) -> None:
        """Change colours, type and stroke."""
        self.setPen(pen)
        card = QColor(theme.card)
        card.setAlphaF(0.85)
        self.label.fill = pyqtgraph.mkBrush(card)
        self.label.setColor(theme.ink)
        self.label.setFont(font)
