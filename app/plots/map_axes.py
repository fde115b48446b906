"""Axes with a map of the plane: levels or regions of classes, points and paths on them."""

import re
from typing import Any, Final

import numpy as np
import pyqtgraph
from contourpy import contour_generator
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from app.plots.axes_view import AxesView
from app.plots.colour_bar import Pixels, colour_table, coloured, round_limits
from app.plots.crosshair import Reading
from app.plots.entries import Entry, thicker
from app.plots.pens import make_pen, pen_of
from app.plots.plot_axes import PlotAxis, log_ticks, round_numbers
from app.plots.readout import Value
from app.theme import Theme
from engine.arrays import Floats
from engine.plots import PALETTE, Line, MapPlot, Showing, digits_to_see, number_in_words

_PALEST, _STRONGEST = 0.16, 0.5
_CONTOURS: Final = 8
_FAR: Final = 10
_NUMBERED: Final = re.compile(r"(.+) \d+$")
_FEWEST_NUMBERED: Final = 2  # paths whose names are worth factoring


class MapAxes(AxesView):
    """The map itself; its scale of colours stands beside it in a `MapView`.

    Args:
        theme: the colours.

    Attributes:
        image: the levels or classes.
        contours: lines of one level each.
        points: by name.
        paths: by name.
    """

    padding = 0.0

    def __init__(self, theme: Theme) -> None:
        self._plot: MapPlot | None = None
        self._off: set[str] = set()
        self._emphasised = ""
        self._at: QPointF | tuple[int, int] | None = None
        self.table: Pixels = colour_table("sequential", theme)
        self.points: dict[str, pyqtgraph.ScatterPlotItem] = {}
        self.paths: dict[str, pyqtgraph.PlotDataItem] = {}
        self._ends: dict[str, pyqtgraph.ScatterPlotItem] = {}
        self.image = pyqtgraph.ImageItem(axisOrder="row-major")
        self.contours = pyqtgraph.PlotCurveItem(connect="finite")
        super().__init__(PlotAxis("left"), PlotAxis("bottom"), theme)
        self.pointed_at.connect(self.read_at)
        self.stepped.connect(self.read_next)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).setGrid(False)

    @property
    def limits(self) -> tuple[float, float]:
        """What the ends of the scale of colours stand for; logarithms if the map is logarithmic."""
        return round_limits(_levels(self._plot)) if self._plot else (0.0, 1.0)

    @property
    def showing(self) -> Showing:
        """How the map is shown: without what, and which part of it."""
        return Showing(None, frozenset(self._off), *(self.part or (None, None)))

    @property
    def entries(self) -> list[Entry]:
        """Regions, points and paths, pale ones last; a class named as its points are, once."""
        plot = self._plot
        if plot is None:
            return []
        named = {points.name for points in plot.points}
        entries = [
            Entry(name, QPen(self._class_colour(index)), "area")
            for index, name in enumerate(plot.classes)
            if name not in named
        ]
        entries += [
            Entry(
                points.name,
                QPen(self._theme.line_colour(points.colour)),
                "points",
                points.name not in self._off,
            )
            for points in plot.points
        ]
        return entries + self._entries_of_paths(plot)

    def _entries_of_paths(self, plot: MapPlot) -> list[Entry]:
        """An entry for each; of those that are numbered alike, the first says what they are."""
        paths = sorted(plot.paths, key=lambda path: path.faint)
        whole = next((found[1] for path in paths if (found := _NUMBERED.match(path.name))), "")
        numbers = [path.name.removeprefix(f"{whole} ") for path in paths if whole]
        alike = sum(number.isdecimal() for number in numbers)
        entries: list[Entry] = []
        for path in paths:
            number = path.name.removeprefix(f"{whole} ")
            is_short = alike >= _FEWEST_NUMBERED and number.isdecimal()
            if is_short and not any(entry.sample == "title" for entry in entries):
                entries.append(Entry(whole, QPen(), "title", text=f"{whole}s"))
            on, text = path.name not in self._off, number if is_short else ""
            entries.append(Entry(path.name, self._pen(path), "line", on, text))
        return entries

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        super().set_theme(theme)
        self.table = colour_table("sequential", theme)
        self._restyle()
        if self._plot:
            self._draw_values(self._plot)

    def set_presentation(self, on: bool) -> None:
        """Larger type, points and strokes, or not."""
        super().set_presentation(on)
        self._restyle()

    def set_shown(self, name: str, on: bool) -> None:
        """Switch points or a path on or off."""
        (self._off.discard if on else self._off.add)(name)
        self._apply_shown()

    def emphasise(self, name: str) -> None:
        """Make points or a path stand out; with "", none."""
        if name != self._emphasised:
            self._emphasised = name
            self._restyle()

    def show_plot(self, plot: MapPlot) -> None:
        """Draw a map; what was there before only gets new numbers."""
        before, self._plot = self._plot, plot
        if before is None or _form(before) != _form(plot):
            self._rebuild(plot)
            before = None
        if before is None or not np.array_equal(before.values, plot.values, equal_nan=True):
            self._draw_values(plot)
        for points in plot.points:
            self.points[points.name].setData(x=points.x, y=points.y)
        for path in plot.paths:
            self.paths[path.name].setData(path.x, path.y)
            last = np.flatnonzero(np.isfinite(path.x) & np.isfinite(path.y))[-1:]
            self._ends[path.name].setData(x=path.x[last], y=path.y[last])
        area = _area(plot)
        self.set_whole((area.left(), area.right()), (area.top(), area.bottom()))
        if self.crosshair.reading:
            self._read_again()

    def read_at(self, pointer: QPointF) -> None:
        """Read off what is under the pointer."""
        self._at = pointer
        place = self.in_units(pointer)
        self._read(place.x(), place.y(), pointer)

    def read_next(self, right: int, up: int, far: bool) -> None:
        """Go from place to place of the grid."""
        plot = self._plot
        if plot is None or not plot.values.size:
            return
        step = _FAR if far else 1
        rows, columns = plot.values.shape
        if self.crosshair.reading and isinstance(self._at, tuple):
            row, column = self._at[0] + up * step, self._at[1] + right * step
        else:
            row, column = rows // 2, columns // 2
        self._at = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
        self._read(float(plot.x[self._at[1]]), float(plot.y[self._at[0]]), None)

    def _read_again(self) -> None:
        """Say what stands there now, after the numbers changed."""
        if isinstance(self._at, QPointF):
            self.read_at(self._at)
        elif self._at is not None:
            self.read_next(0, 0, False)

    def _read(self, x: float, y: float, pointer: QPointF | None) -> None:
        plot = self._plot
        if plot is None or not plot.values.size or not _area(plot).contains(QPointF(x, y)):
            self.stop_reading()
            return
        value = float(plot.values[np.abs(plot.y - y).argmin(), np.abs(plot.x - x).argmin()])
        colour: QColor | None = None
        if not np.isfinite(value):
            text = "no value"
        elif plot.meaning == "classes":
            index = int(value)
            text = f"{plot.classes[index]}, {value - index:.0%} sure"
            colour = self._class_colour(index)
        else:
            finite = plot.values[np.isfinite(plot.values)]
            digits = digits_to_see(value, float(finite.max() - finite.min()), 4)
            text = f"{plot.unit} {number_in_words(value, digits)}"
        (left, right), (low, high) = self._box.viewRange()
        across = number_in_words(x, digits_to_see(x, right - left, 3))
        up = number_in_words(y, digits_to_see(y, high - low, 3))
        heading = f"{plot.x_label} {across}, {plot.y_label} {up}"
        at = self.in_pixels(x, y)
        values = (Value("", text, colour, at),)
        reading = Reading(at, heading, values, self.frame(), across=True)
        self.read(reading, "", pointer)

    def _rebuild(self, plot: MapPlot) -> None:
        item = self.getPlotItem()
        item.clear()
        item.setLabel("bottom", plot.x_label)
        item.setLabel("left", plot.y_label)
        item.addItem(self.image)
        item.addItem(self.contours)
        self._off &= {points.name for points in plot.points} | {path.name for path in plot.paths}
        self.points = {points.name: pyqtgraph.ScatterPlotItem() for points in plot.points}
        self.paths = {path.name: pyqtgraph.PlotDataItem(connect="finite") for path in plot.paths}
        self._ends = {path.name: pyqtgraph.ScatterPlotItem() for path in plot.paths}
        for drawn in (*self.paths.values(), *self._ends.values(), *self.points.values()):
            item.addItem(drawn)  # where paths begin can be seen although they come back
        self.stop_reading()
        self._restyle()
        self._apply_shown()

    def _draw_values(self, plot: MapPlot) -> None:
        self.contours.setData(np.zeros(0), np.zeros(0))
        if not plot.values.size:
            self.image.clear()
            return
        if plot.meaning == "classes":
            pixels = self._class_pixels(plot)
        else:
            pixels = coloured(_levels(plot), self.limits, self.table)
            self._draw_contours(plot)
        self.image.setImage(pixels, autoLevels=False, levels=None)
        self.image.setRect(_area(plot))

    def _draw_contours(self, plot: MapPlot) -> None:
        if min(plot.values.shape) < 2:
            return
        low, high = self.limits
        if plot.log:
            levels = log_ticks(low, high, _CONTOURS)
        else:
            levels = round_numbers(low, high, _CONTOURS)
        masked = np.ma.masked_invalid(_levels(plot))
        found = contour_generator(plot.x, plot.y, masked)
        gap = np.full((1, 2), np.nan)
        pieces = [part for level in levels for piece in found.lines(level) for part in (piece, gap)]
        x, y = np.concatenate([gap, *pieces]).T
        self.contours.setData(x, y)

    def _class_pixels(self, plot: MapPlot) -> Pixels:
        """Each class in its colour over the card's, the stronger the surer it is."""
        finite = np.isfinite(plot.values)
        index = np.where(finite, plot.values, 0).astype(int)
        sure = np.where(finite, plot.values - index, 0.0)
        count = max(len(plot.classes), 2)
        margin = np.clip((sure - 1 / count) / (1 - 1 / count), 0, 1)[..., np.newaxis]
        depth = _PALEST + (_STRONGEST - _PALEST) * margin
        tones = np.array([_rgb(self._class_colour(number)) for number in range(count)])
        mixed = depth * tones[index] + (1 - depth) * _rgb(QColor(self._theme.card))
        pixels = np.full((*plot.values.shape, 4), 255, np.uint8)
        pixels[..., :3] = mixed.round()
        pixels[~finite] = 0
        return pixels

    def _restyle(self) -> None:
        larger = 1.5 if self._presentation else 1.0
        halo = QColor(self._theme.card)
        pale = QColor("white")
        pale.setAlphaF(0.6)
        self.contours.setPen(make_pen(self, pale, 1))
        for points in self._plot.points if self._plot else ():
            drawn = self.points[points.name]
            more = 3 if points.name == self._emphasised else 0
            drawn.setSize(7 * larger + more)
            drawn.setBrush(self._theme.line_colour(points.colour))
            drawn.setPen(make_pen(self, halo, 1))
        for path in self._plot.paths if self._plot else ():
            pen = self._pen(path)
            if path.name == self._emphasised:
                pen = thicker(pen)
            self.paths[path.name].setPen(pen)
            shadow = make_pen(self, halo, pen.widthF() / self.devicePixelRatioF() + 3)
            self.paths[path.name].setShadowPen(shadow if path.dash == "solid" else None)
            end = self._ends[path.name]
            end.setSize(11 * larger)
            end.setBrush(pen.color())
            end.setPen(make_pen(self, halo, 2))

    def _apply_shown(self) -> None:
        for drawn in (self.points, self.paths, self._ends):
            for name, item in drawn.items():
                item.setVisible(name not in self._off)

    def _pen(self, path: Line) -> QPen:
        return pen_of(self, path, self._theme, presentation=self._presentation)

    def _class_colour(self, index: int) -> QColor:
        return self._theme.line_colour(index % len(PALETTE))


def _form(plot: MapPlot) -> tuple[Any, ...]:
    """What of a map asks for new items when it changes."""
    drawn = [(points.name, points.colour) for points in plot.points]
    strokes = [(path.name, path.colour, path.dash, path.faint) for path in plot.paths]
    labels = (plot.key, plot.x_label, plot.y_label, plot.meaning)
    return (labels, drawn, strokes)


def _levels(plot: MapPlot) -> Floats:
    """The values, or their logarithms; NaN where there is none."""
    if not plot.log:
        return plot.values
    positive = plot.values > 0
    return np.where(positive, np.log10(np.where(positive, plot.values, 1.0)), np.nan)


def _area(plot: MapPlot) -> QRectF:
    """What the map covers, to the outer edges of its places."""
    (left, width), (low, height) = _span(plot.x), _span(plot.y)
    return QRectF(left, low, width, height)


def _span(places: Floats) -> tuple[float, float]:
    if not places.size:
        return 0.0, 1.0
    low, high = float(places.min()), float(places.max())
    step = (high - low) / (places.size - 1) if places.size > 1 and high > low else 1.0
    return low - step / 2, high - low + step


def _rgb(colour: QColor) -> Floats:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
