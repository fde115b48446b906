"""A live plot: one of the engine's `Plot`s drawn by pyqtgraph, its items reused between frames."""

from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app import theme as themes
from app.theme import Theme
from engine.exact import Floats
from engine.plots import Line, Plot, bytes_in_words

_DASHES = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
}


_MOST_POINTS = 2000  # more than a screen has columns


class _ByteAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """A y axis whose ticks read kB and MB when the plot counts bytes."""

    counts_bytes = False

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """Major ticks only: each minor one is a grid line that costs as much to paint."""
        return list(super().tickValues(minVal, maxVal, size))[:1]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.counts_bytes or self.logMode:
            return list(super().tickStrings(values, scale, spacing))
        return [bytes_in_words(value) for value in values]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.counts_bytes:
            return [f"{10.0**value:.3g}" for value in values]
        return [bytes_in_words(10.0**value) for value in values]


class _CountAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An x axis that counts: ticks at whole numbers only."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        spacings = super().tickSpacing(minVal, maxVal, size)
        return [(max(1.0, spacing), offset) for spacing, offset in spacings]


class PlotView(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Draws a `Plot` and keeps drawing it as its numbers change."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._axis = _ByteAxis("left")
        super().__init__(parent, axisItems={"left": self._axis, "bottom": _CountAxis("bottom")})
        self._theme = theme
        self._plot: Plot | None = None
        self._items: dict[str, pyqtgraph.PlotDataItem] = {}
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.getViewBox().setMouseEnabled(x=False, y=False)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)
            item.getAxis(side).setStyle(maxTickLevel=0)
        item.getAxis("left").setWidth(66)
        self.setAntialiasing(True)
        self.setMinimumSize(180, 110)
        self.set_theme(theme)

    @property
    def lines(self) -> dict[str, tuple[Floats, Floats]]:
        """What is drawn: x and y by line name, as given unless there are thousands of points."""
        return {
            name: (item.getOriginalDataset()[0], item.getOriginalDataset()[1])
            for name, item in self._items.items()
        }

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        themes.apply_to_plot(self, theme)
        if self._plot:
            self._restyle(self._plot)

    def show_plot(self, plot: Plot) -> None:
        """Draw a plot; lines that were there before only get new numbers."""
        previous, self._plot = self._plot, plot
        if previous is None or _form(previous) != _form(plot):
            self._rebuild(plot)
            drawn: dict[str, Line] = {}
        else:
            drawn = {line.name: line for line in previous.lines}
        for line in plot.lines:
            if line.name not in drawn or not _same_numbers(drawn[line.name], line):
                self._items[line.name].setData(*_thinned(line))
        self._fit(plot)

    def pen(self, line: Line) -> QPen:
        """The pen that a line is drawn with."""
        colour = self._theme.line_colour(line.colour)
        if line.faint:
            colour.setAlphaF(0.45)
        thick = line.dash == "solid" and not line.faint
        pen = pyqtgraph.mkPen(colour, width=2 if thick else 1, style=_DASHES[line.dash])
        return QPen(pen)

    def _rebuild(self, plot: Plot) -> None:
        item = self.getPlotItem()
        item.clear()
        item.setLogMode(y=plot.log_y)
        self._axis.counts_bytes = plot.bytes_y
        item.setLabel("bottom", plot.x_label)
        item.setLabel("left", plot.y_label)
        self._items = {}
        for line in plot.lines:
            drawn = pyqtgraph.PlotDataItem(connect="finite")
            if line.dash == "solid" and not line.faint:  # thick: painted far faster in pieces
                drawn.curve.setSegmentedLineMode("on")
            item.addItem(drawn)
            self._items[line.name] = drawn
        self.setAccessibleName(plot.title)
        self._restyle(plot)

    def _restyle(self, plot: Plot) -> None:
        for line in plot.lines:
            drawn = self._items[line.name]
            drawn.setPen(self.pen(line))
            drawn.setSymbol("o" if _is_a_point(line) else None)
            drawn.setSymbolSize(6)
            drawn.setSymbolPen(None)
            drawn.setSymbolBrush(self._theme.line_colour(line.colour))

    def _fit(self, plot: Plot) -> None:
        low, high = _range_of([line.y for line in plot.lines], log=plot.log_y)
        self.getPlotItem().getViewBox().setRange(
            xRange=plot.x_range, yRange=(low, high), padding=0.04, disableAutoRange=True
        )


def _form(plot: Plot) -> tuple[Any, ...]:
    """What of a plot asks for new items when it changes."""
    strokes = tuple(
        (line.name, line.colour, line.dash, line.faint, _is_a_point(line)) for line in plot.lines
    )
    return (plot.key, plot.x_label, plot.y_label, plot.log_y, strokes)


def _thinned(line: Line) -> tuple[Floats, Floats]:
    """A line's points; of a very long one the least and the greatest of each short stretch."""
    if len(line.y) <= _MOST_POINTS:
        return line.x, line.y
    stretch = -(-2 * len(line.y) // _MOST_POINTS)
    padded = np.full(-(-len(line.y) // stretch) * stretch, np.nan)
    padded[: len(line.y)] = line.y
    rows = padded.reshape(-1, stretch)
    extremes = np.stack([np.fmin.reduce(rows, axis=1), np.fmax.reduce(rows, axis=1)], axis=1)
    return np.repeat(line.x[::stretch], 2), extremes.ravel()


def _same_numbers(before: Line, now: Line) -> bool:
    return np.array_equal(before.x, now.x) and np.array_equal(before.y, now.y, equal_nan=True)


def _is_a_point(line: Line) -> bool:
    return len(line.y) == 1 and bool(np.isfinite(line.y[0]))


def _range_of(columns: list[Floats], *, log: bool) -> tuple[float, float]:
    values = np.concatenate([np.zeros(0), *columns])
    values = values[np.isfinite(values)]
    if log:
        values = np.log10(values[values > 0])
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-12):
        margin = 0.1 * abs(high) or 0.5
        return low - margin, high + margin
    return low, high
