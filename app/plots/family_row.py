"""What stands beside the name of a family of curves: its own curve, and a bar of its weight."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.theme import Theme
from engine.arrays import Floats

_BAR, _HIGH, _ROUND = 96, 10, 2.0
_SKETCH: Final = QSize(96, 28)
_AROUND: Final = 3.0


class WeightBar(QWidget):
    """How much weight something has, from 0 to 1, as a bar.

    Args:
        weight: it.
        theme: the colours.
    """

    def __init__(self, weight: float, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weight, self._theme = weight, theme
        self.setMinimumWidth(_BAR)

    def sizeHint(self) -> QSize:
        """As wide as a weight of 1."""
        return QSize(_BAR, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the part that it has of the whole."""
        whole = QRectF(0, (self.height() - _HIGH) / 2, self.width(), _HIGH)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.rule))
            painter.drawRoundedRect(whole, _ROUND, _ROUND)
            whole.setWidth(self.weight * whole.width())
            painter.setBrush(QColor(self._theme.accent))
            painter.drawRoundedRect(whole, _ROUND, _ROUND)


class Sketch(QWidget):
    """What a family would have a curve be, dashed where it goes on, over what was measured.

    Args:
        measured: (n,) values.
        curve: (horizon,) the family's own; NaN where its beginning was left out.
        limits: the least and the greatest value there is room for, the same in all sketches.
        theme: the colours.
    """

    def __init__(
        self,
        measured: Floats,
        curve: Floats,
        limits: tuple[float, float],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.measured, self.curve = measured, curve
        self._limits, self._theme = limits, theme
        self.setFixedSize(_SKETCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        count, ink = len(self.measured), QColor(self._theme.ink)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.muted), 1))
            painter.drawPolyline(self._points(self.measured, 0))
            painter.setPen(QPen(QColor(self._theme.accent), 1.5))
            painter.drawPolyline(self._points(self.curve[:count], 0))
            painter.setPen(QPen(ink, 1.5, Qt.PenStyle.DotLine))
            painter.drawPolyline(self._points(self.curve[count - 1 :], count - 1))

    def _points(self, values: Floats, first: int) -> QPolygonF:
        low, high = self._limits
        wide, tall = self.width() - 2 * _AROUND, self.height() - 2 * _AROUND
        across = wide / max(len(self.curve) - 1, 1)
        share = (values - low) / ((high - low) or 1.0)
        return QPolygonF(
            [
                QPointF(_AROUND + across * (first + place), _AROUND + tall * (1 - float(y)))
                for place, y in enumerate(share)
                if np.isfinite(y)
            ]
        )
