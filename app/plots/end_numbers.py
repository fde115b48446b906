"""Numbers at the ends of lines, which tell runs apart without their colours."""

import math
from collections.abc import Sequence
from typing import Final

import pyqtgraph
from PySide6.QtGui import QFont, QFontMetricsF

from app.theme import Theme
from engine.plots import Line, number_places

_BESIDE: Final = 24.0
"""Pixels within which two numbers stand beside each other."""


class EndNumbers:
    """Writes them, no two on top of each other.

    Args:
        item: the plot.
    """

    def __init__(self, item: pyqtgraph.PlotItem) -> None:
        self._item = item
        self._texts: list[pyqtgraph.TextItem] = []

    def show(
        self,
        lines: Sequence[Line],
        theme: Theme,
        font: QFont,
        *,
        log: bool,
        units_a_pixel: tuple[float, float],
    ) -> None:
        """Write the numbers of these lines.

        Args:
            lines: those that are switched on.
            theme: the colours.
            font: the type.
            log: whether the y axis is logarithmic.
            units_a_pixel: what a pixel is across and up, of axes as they are drawn.
        """
        places = number_places(lines, log=log)
        while len(self._texts) > len(places):
            self._item.removeItem(self._texts.pop())
        while len(self._texts) < len(places):
            text = pyqtgraph.TextItem("", anchor=(0, 0.5))
            self._texts.append(text)
            self._item.addItem(text, ignoreBounds=True)
        across, up = units_a_pixel
        row = QFontMetricsF(font).height() * 0.85
        bold = QFont(font)
        bold.setBold(True)
        taken: list[tuple[float, float]] = []
        by_height = sorted(places, key=lambda place: place[2])
        for text, (line, x, y) in zip(self._texts, by_height, strict=True):
            height = math.log10(y) if log else y
            if across > 0 and up > 0:
                beside = [at for here, at in taken if abs(here - x) < _BESIDE * across]
                lowest = max(beside, default=-math.inf) + row * up
                height = max(height, lowest)
            taken.append((x, height))
            text.setText(line.tag)
            text.setColor(theme.line_colour(line.colour))
            text.setFont(bold)
            text.setPos(x, height)
            text.setZValue(3)
