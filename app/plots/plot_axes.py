"""Axes of live plots: labels that fit, counts that are whole, bytes in words, round logarithms."""

import html
import math
from typing import Final

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPicture
from PySide6.QtWidgets import QGraphicsSceneResizeEvent

from engine.plots import (
    bytes_in_words,
    number_in_words,
    reads_as,
    ticks_in_words,
    with_separators,
)

_PIXELS_A_TICK: Final = 44
_SMALLER: Final = 0.9  # of the usual type, for a label that would take two rows otherwise
_SMALLEST: Final = 0.75  # of the usual type, for a label that would be shortened otherwise
_FEWEST_LETTERS: Final = 6
_READABLE: Final = 8.0  # points
_USUAL_TICK: Final = "−0.00"  # the widest that takes no more room
_LONG: Final = 99_999.5
_MANY_DIGITS: Final = 7  # one more than pyqtgraph writes
_STEPS: Final = [1, 2, 2.5, 5, 10]
_FEWEST: Final = 2  # ticks: one alone tells no scale
_MANTISSAS: Final = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0))


class PlotAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An axis whose label fits its length, and whose type can grow."""

    _length = 0.0  # pyqtgraph asks for the label while it makes the axis
    _width = 0.0
    _ticks = 0.0  # how wide they may be
    _rows = 1  # of the label
    _is_titled = True

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._type = QFont()
        self.enableAutoSIPrefix(False)
        self.setStyle(maxTickLevel=0)

    def set_font(self, font: QFont) -> None:
        """Write ticks and label in this type, and keep just the room that it takes."""
        self.setTickFont(font)
        self.label.setFont(font)
        self._type = font
        if self.orientation == "left":
            self._be_wide(QFontMetricsF(font).horizontalAdvance(_USUAL_TICK))
        else:
            self.setHeight(self.extent(titled=self._is_titled))
        self._updateLabel()

    def extent(self, *, titled: bool) -> float:
        """How wide it is beside a plot, or how high below, with a label or without."""
        row = QFontMetricsF(self._type).height()
        if self.orientation == "left":
            return self._ticks + titled * max(self._rows, 1) * row + 10
        return (1 + titled) * row + 7

    def set_titled(self, on: bool) -> None:
        """Have a label, or only ticks."""
        if on != self._is_titled:
            self._is_titled = on
            self.set_font(self._type)

    def measure(self) -> None:
        """Know how wide the ticks are before they are painted, which would move what is painted."""
        nowhere = QPicture()
        with QPainter(nowhere) as painter:
            self.paint(painter, None, None)  # what is drawn is kept until something changes

    def _be_wide(self, ticks: float) -> None:
        """Keep room for ticks so wide, and for the label beside them."""
        self._ticks = ticks
        width = self.extent(titled=self._is_titled)
        if width != self._width:
            self._width = width
            self.setWidth(width)

    def labelString(self) -> str:
        """The label in the axis's length: in smaller type, or in two rows."""
        text, font = self.labelText, QFont(self.label.font())
        room, rows = self._length - 9, [text]
        fewest = _FEWEST_LETTERS * QFontMetricsF(font).averageCharWidth()
        if not self._is_titled or 0 < room < fewest:
            rows = []  # a few letters and three dots say nothing
        elif room > 0:
            if self.orientation == "left" and not self._fits(rows, room, font, _SMALLER):
                rows = _in_two(text)
            self._fits(rows, room, font, _SMALLEST)
            metrics = QFontMetricsF(font)
            rows = [metrics.elidedText(row, Qt.TextElideMode.ElideRight, room) for row in rows]
        self._rows = len(rows)
        style = f"color: {self.labelStyle.get('color', '')}; font-size: {font.pointSizeF():.2f}pt"
        lines = "<br>".join(map(html.escape, rows))
        return f"<div align='center' style='{style}'>{lines}</div>"

    def _fits(self, rows: list[str], room: float, font: QFont, share: float) -> bool:
        """Whether rows fit, in type smaller by a share if need be, which the font then is."""
        usual = self._type.pointSizeF()
        least = min(usual, max(share * usual, _READABLE))
        size = usual
        while True:
            font.setPointSizeF(size)
            widest = max(map(QFontMetricsF(font).horizontalAdvance, rows), default=0.0)
            if widest <= room or size <= least:
                return widest <= room
            size = max(size - 0.25, least)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Texts that say where ticks are; of logarithms, `logTickStrings` does."""
        texts = list(super().tickStrings(values, scale, spacing))
        return texts if self.logMode else tick_texts(values, texts)

    def _updateLabel(self) -> None:
        """Write the label, in the middle of the axis."""
        self.label.setTextWidth(-1)
        super()._updateLabel()
        if self._rows > 1:
            self.label.setTextWidth(self.label.document().idealWidth())  # to be centred in
        if self.orientation == "left" and self._ticks:
            self._be_wide(self._ticks)
        super().resizeEvent(None)

    def resizeEvent(self, ev: QGraphicsSceneResizeEvent | None = None) -> None:
        """Fit the label again."""
        size = self.size()
        length = size.height() if self.orientation == "left" else size.width()
        if self.label is not None and length != self._length:
            self._length = length
            self._updateLabel()
        super().resizeEvent(ev)


class ValueAxis(PlotAxis):
    """A y axis: ticks read kB and MB when the plot counts bytes, and are round in logarithms."""

    counts_bytes = False

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """Major ticks only: each minor one is a grid line that costs as much to paint."""
        if not self.logMode:
            most = max(1, int(size / QFontMetricsF(self._type).height()))
            ticks = list(super().tickValues(minVal, maxVal, size))[:1]
            return [(spacing, values[:: -(-len(values) // most)]) for spacing, values in ticks]
        low, high = sorted((minVal, maxVal))
        return [(None, log_ticks(low, high, max(2, int(size / _PIXELS_A_TICK))))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Numbers, or bytes in words."""
        if not self.counts_bytes or self.logMode:
            texts = super().tickStrings(values, scale, spacing)
        else:
            texts = ticks_in_words(values, 3, bytes_in_words)
        self._make_room_for(texts)
        return texts

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The numbers themselves, not their logarithms."""
        write = bytes_in_words if self.counts_bytes else _in_full
        return ticks_in_words([10.0**value for value in values], 3, write)

    def _make_room_for(self, texts: list[str]) -> None:
        """Be as wide as the ticks need, if that is more than usual."""
        metrics = QFontMetricsF(self._type)
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        self._be_wide(max(widest, metrics.horizontalAdvance(_USUAL_TICK)))


class CountAxis(PlotAxis):
    """An x axis that counts: ticks at whole numbers only."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Spacings of one or more."""
        spacings = super().tickSpacing(minVal, maxVal, size)
        return [(max(1.0, spacing), offset) for spacing, offset in spacings]


def _in_full(value: float, digits: int) -> str:
    """A number for a tick; thousands as such, which "1e+03" takes longer to read."""
    text = number_in_words(value, digits)
    return f"{value:,.0f}" if "e+" in text and value < _LONG else text


def _in_two(text: str) -> list[str]:
    """A label in two rows, if it has several words: its unit below, or about the same in each."""
    name, unit = text.partition(" (")[::2]
    if unit:
        return [name, f"({unit}"]
    words = text.split(" ")
    ways = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    return min(ways, key=lambda rows: max(map(len, rows)), default=[text])


def tick_texts(values: list[float], usual: list[str]) -> list[str]:
    """What ticks of a linear axis say: the usual, unless that is not quite where they are."""
    if len(set(usual)) < len(set(values)) or not reads_as(usual, values):
        return ticks_in_words(values, _MANY_DIGITS)
    return [with_separators(text) for text in usual]


def round_numbers(low: float, high: float, most: int) -> list[float]:
    """Evenly spaced round numbers around a range.

    Args:
        low: the lower end.
        high: the upper end.
        most: how many spaces between them there may be.
    """
    from matplotlib.ticker import MaxNLocator  # half a second that opening the window need not take

    return [float(value) for value in MaxNLocator(most, steps=_STEPS).tick_values(low, high)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two powers of ten, as logarithms; at most about as many as wanted.

    Args:
        low: the lower end, as a logarithm to the base ten.
        high: the upper end.
        most: how many fit.
    """
    if high - low < 0.7:  # less than a factor of five: as on a linear axis
        values = round_numbers(10.0**low, 10.0**high, most)
        return [
            math.log10(value) for value in values if value > 0 and low <= math.log10(value) <= high
        ]
    decades = range(math.floor(low), math.ceil(high) + 1)
    several: list[list[float]] = []  # the coarsest first
    for mantissas in _MANTISSAS:
        ticks = [decade + math.log10(m) for decade in decades for m in mantissas]
        several.append([tick for tick in ticks if low <= tick <= high])
    fitting = [ticks for ticks in several if len(ticks) <= most]
    if fitting and len(fitting[-1]) >= _FEWEST:
        return fitting[-1]
    stride = math.ceil((high - low) / most)
    ticks = [tick for tick in several[0] if round(tick) % stride == 0]
    if len(ticks) >= _FEWEST:
        return ticks
    enough = next((ticks for ticks in several if len(ticks) >= _FEWEST), several[-1])
    return [enough[0], enough[-1]] if enough else []
