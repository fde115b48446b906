"""What colours mean: colour maps that colour-blind people can read, and a bar with their values."""

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.plot_axes import log_ticks, round_numbers
from app.theme import Theme
from engine.arrays import Floats
from engine.plots import ticks_in_words
from engine.plots.colour_maps import DIVERGING, SEQUENTIAL

Scale = Literal["sequential", "diverging"]
Pixels = NDArray[np.uint8]

_DIVERGING: Final = {
    "light": DIVERGING,
    "dark": ("#BFE3FF", "#3F8FD2", "", "#D9662B", "#FFCB6B"),  # the card's in the middle
}
_BAR: Final = 14
_GAP: Final = 4
_MOST_TICKS: Final = 9


def colour_table(scale: Scale, theme: Theme) -> Pixels:
    """256 colours from low to high, as RGBA; on white they are those of exported figures."""
    if scale == "sequential":
        made = pyqtgraph.colormap.get(SEQUENTIAL)
    else:
        colours = [colour or theme.card for colour in _DIVERGING[theme.name]]
        made = pyqtgraph.ColorMap(np.linspace(0, 1, len(colours)), colours)
    table: Pixels = made.getLookupTable(0.0, 1.0, 256, alpha=True).astype(np.uint8)
    return table


def coloured(values: Floats, limits: tuple[float, float], table: Pixels) -> Pixels:
    """Each value's colour, as RGBA; what is no number is transparent."""
    low, high = limits
    finite = np.isfinite(values)
    share = (np.where(finite, values, low) - low) / ((high - low) or 1.0)
    pixels = table[np.clip(255 * share + 0.5, 0, 255).astype(np.uint8)]
    pixels[~finite] = 0
    return pixels


def image_of(pixels: Pixels) -> QImage:
    """RGBA pixels as an image of its own memory."""
    rows, columns = pixels.shape[:2]
    contiguous = np.ascontiguousarray(pixels)
    made = QImage(contiguous.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    return made.copy()


class ColourBar(QWidget):
    """A column of colours with round values beside it, and what they count.

    Args:
        theme: the colours of its type.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self._limits, self._unit, self._log = (0.0, 1.0), "", False
        self._texts: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """The labels beside the bar: height, from 0 to 1, and text."""
        low, high = self._limits
        most = int(self._room().height() / (2 * self.fontMetrics().height()))
        most = min(max(most, 2), _MOST_TICKS)
        if self._log:
            places = log_ticks(low, high, most)
            values = [10.0**place for place in places]
        else:
            places = round_numbers(low, high, most)
            values = places
        span = (high - low) or 1.0
        inside = [
            (place, 0.0 if abs(value) < 1e-9 * span else value)
            for place, value in zip(places, values, strict=True)
            if low - 1e-9 * span <= place <= high + 1e-9 * span
        ]
        texts = ticks_in_words([value for _, value in inside], 4)
        return [
            ((place - low) / span, text) for (place, _), text in zip(inside, texts, strict=True)
        ]

    @property
    def unit(self) -> str:
        """What the values count."""
        return self._unit

    def set_theme(self, theme: Theme) -> None:
        """Change colours of its type."""
        self._theme = theme
        self.update()

    def set_scale(
        self, table: Pixels, limits: tuple[float, float], unit: str, *, log: bool = False
    ) -> None:
        """Say what the colours mean.

        Args:
            table: the colours from low to high.
            limits: what its ends stand for; their logarithms to the base ten if `log`.
            unit: what is counted.
            log: whether the scale is logarithmic.
        """
        image = image_of(table[::-1, np.newaxis])
        if (limits, unit, log, image) == (self._limits, self._unit, self._log, self._image):
            return
        self._image = image
        self._limits, self._unit, self._log = limits, unit, log
        self._texts = [text for _, text in self.ticks]
        self.setAccessibleName(f"Colour scale: {unit}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as bar and values, and the unit if it is too long to stand above them."""
        beside = 0.0 if self._is_short() else QFontMetricsF(self.font()).height() + _GAP
        return QSize(math.ceil(self._width() + beside), 100)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A higher bar has more values, which may be wider."""
        super().resizeEvent(event)
        texts = [text for _, text in self.ticks]
        if texts != self._texts:
            self._texts = texts
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar, its values and its unit."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            room = self._room()
            painter.drawImage(room, self._image)
            painter.setPen(QPen(QColor(self._theme.rule), 1))
            painter.drawRect(room)
            metrics = QFontMetricsF(self.font())
            for share, text in self.ticks:
                y = room.bottom() - share * room.height()
                painter.setPen(QPen(QColor(self._theme.muted), 1))
                painter.drawLine(QPointF(room.right(), y), QPointF(room.right() + 4, y))
                painter.setPen(QColor(self._theme.ink))
                base = y + metrics.capHeight() / 2
                painter.drawText(QPointF(room.right() + 4 + 4, base), text)
            if self._is_short():
                painter.drawText(QPointF(_GAP, metrics.ascent()), self._unit)
                return
            painter.translate(self.width() - metrics.descent() - 2, room.center().y())
            painter.rotate(-90)
            unit = metrics.elidedText(self._unit, Qt.TextElideMode.ElideRight, self.height() - 8.0)
            painter.drawText(QPointF(-metrics.horizontalAdvance(unit) / 2, 0), unit)

    def _width(self) -> float:
        """Of bar and values."""
        metrics = QFontMetricsF(self.font())
        widest = max(metrics.horizontalAdvance(text) for text in ("0.00", *self._texts))
        return _BAR + 3 * _GAP + widest

    def _is_short(self) -> bool:
        """Whether the unit fits above bar and values."""
        return QFontMetricsF(self.font()).horizontalAdvance(self._unit) <= self._width() - _GAP

    def _room(self) -> QRectF:
        high = self.fontMetrics().height()
        top, below = 1.5 * high if self._is_short() else high / 2 + 2, high / 2 + 2
        return QRectF(_GAP, top, _BAR, max(self.height() - top - below, 1.0))


def round_limits(values: Floats) -> tuple[float, float]:
    """The least and the greatest of the finite values, apart from each other in any case."""
    finite: Sequence[float] = values[np.isfinite(values)]  # type: ignore[assignment]
    if not len(finite):
        return 0.0, 1.0
    low, high = float(np.min(finite)), float(np.max(finite))
    return (low, high) if high > low else (low - 0.5, high + 0.5)
