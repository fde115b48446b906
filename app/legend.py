"""A legend beside the plot instead of on top of it: samples of lines with names, flowing."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_SAMPLE, _GAP, _SPACING = 26, 6, 16


class Legend(QWidget):
    """Names lines; takes as many rows as its width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[tuple[str, QPen]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")

    @property
    def names(self) -> list[str]:
        """What the legend names, in order."""
        return [name for name, _ in self._entries]

    def set_entries(self, entries: Sequence[tuple[str, QPen]]) -> None:
        """Show these names, each beside a sample of its pen."""
        self._entries = list(entries)
        self.setAccessibleDescription(", ".join(self.names))
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw samples and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().windowText().color()
        for (name, pen), place in zip(self._entries, self._places(), strict=True):
            middle = place.center().y() + 0.5
            painter.setPen(pen)
            painter.drawLine(QPointF(place.left(), middle), QPointF(place.left() + _SAMPLE, middle))
            painter.setPen(ink)
            painter.drawText(
                place.left() + _SAMPLE + _GAP,
                place.top() + self.fontMetrics().ascent() + 1,
                name,
            )

    def sizeHint(self) -> QSize:
        """One row, or as many as there are."""
        return QSize(200, self._height())

    def _places(self) -> list[QRect]:
        row = self.fontMetrics().height() + 2
        places, x, y = [], 0, 0
        for name, _ in self._entries:
            width = _SAMPLE + _GAP + self.fontMetrics().horizontalAdvance(name)
            if x and x + width > self.width():
                x, y = 0, y + row
            places.append(QRect(x, y, width, row))
            x += width + _SPACING
        return places

    def _height(self) -> int:
        return max((place.bottom() + 1 for place in self._places()), default=0)

    def _fit(self) -> None:
        self.setFixedHeight(self._height())
