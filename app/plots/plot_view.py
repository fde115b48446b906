"""A live plot: one of the engine's `Plot`s drawn by pyqtgraph, its items reused between frames."""

import math
from typing import Any, Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.plots.arrows import ARROWS, Arrows
from app.plots.axes_view import AxesView, plot_font
from app.plots.band import Band
from app.plots.crosshair import Reading
from app.plots.legend import Entry, thicker
from app.plots.line_numbers import (
    dot_size,
    is_a_point,
    is_rough,
    nearest,
    range_of,
    readable,
    same_numbers,
    thinned,
    thinned_band,
)
from app.plots.pens import make_pen, pen_of
from app.plots.place_axis import PlaceAxis
from app.plots.plot_axes import ValueAxis
from app.plots.upright import Upright
from app.theme import Theme
from engine.arrays import Floats
from engine.plots import NEXT_STEP, Line, Plot, Showing, bytes_in_words
from engine.plots.words import digits_to_see, number_in_words

_FAR: Final = 10  # steps at once
_EXPONENT: Final = 300.0  # of what a logarithmic axis can show


class PlotView(AxesView):
    """Draws a `Plot` and keeps drawing it as its numbers change.

    Args:
        theme: the colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._axis, self._places = ValueAxis("left"), PlaceAxis("bottom")
        self._plot: Plot | None = None
        self._items: dict[str, pyqtgraph.PlotDataItem] = {}
        self._arrows: dict[str, Arrows] = {}
        self._bands: dict[str, Band] = {}
        self._uprights: list[Upright] = []
        self._rough: set[str] = set()
        self._off: set[str] = set()
        self._emphasised = ""
        self._log_wanted: bool | None = None
        self._place: QPointF | tuple[float, str] | None = None
        super().__init__(self._axis, self._places, theme, parent)
        self.pointed_at.connect(self.read_at)
        self.stepped.connect(self.read_next)
        self._box.sigYRangeChanged.connect(self._draw_arrows)

    @property
    def lines(self) -> dict[str, tuple[Floats, Floats]]:
        """What is drawn: x and y by line name, as given unless there are thousands of points."""
        return {
            name: (item.getOriginalDataset()[0], item.getOriginalDataset()[1])
            for name, item in self._items.items()
        }

    @property
    def log_y(self) -> bool:
        """Whether the y axis is logarithmic: as the user chose, or else as the plot specifies."""
        if self._log_wanted is not None:
            return self._log_wanted
        return self._plot is not None and self._plot.log_y

    @property
    def showing(self) -> Showing:
        """How the plot is shown: on which axis, without what, and which part of it."""
        x, y = self.part or (None, None)
        if y and self.log_y:
            y = (10.0 ** max(y[0], -_EXPONENT), 10.0 ** min(y[1], _EXPONENT))
        return Showing(self._log_wanted, frozenset(self._off), x, y)

    @property
    def reader(self) -> QWidget:
        """The widget that a screen reader describes."""
        return self

    @property
    def entries(self) -> list[Entry]:
        """What the legend names: every line that is not faint, if there are several, and arrows."""
        if self._plot is None:
            return []
        named = [line for line in self._plot.lines if not line.faint]
        entries = [
            Entry(
                line.name,
                self.pen(line),
                "point" if line.dash == "points" else "line",
                line.name not in self._off,
            )
            for line in named
        ]
        pen = make_pen(self, self._theme.ink, 2)
        entries += [
            Entry(name, pen, "arrow", name not in self._off)
            for name in ARROWS
            if any(line.arrows == name for line in named)
        ]
        return entries if len(entries) > 1 else []

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        super().set_theme(theme)
        self._restyle()

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        super().set_presentation(on)
        self._restyle()

    def set_log(self, on: bool | None) -> None:
        """Make the y axis logarithmic or linear, or as each plot asks; show all the data."""
        self._log_wanted = on
        if self._plot:
            self.getPlotItem().setLogMode(y=self.log_y)
            self._fit(self._plot)
            self.show_everything()
            self._draw_arrows()
            self._draw_bands(self._plot)
            self.stop_reading()

    def set_shown(self, name: str, on: bool) -> None:
        """Switch a line on or off, with the pale one that belongs to it; or all arrows."""
        (self._off.discard if on else self._off.add)(name)
        if self._plot:
            self._apply_shown(self._plot)
            self._fit(self._plot)

    def emphasise(self, name: str) -> None:
        """Draw one line thicker than the others; with "", none."""
        before, self._emphasised = self._emphasised, name
        if self._plot and before != name:
            for line in self._plot.lines:
                if line.name in (before, name):
                    self._items[line.name].setPen(self._drawn_pen(line))

    def show_plot(self, plot: Plot) -> None:
        """Draw a plot; lines that were there before only get new numbers."""
        previous, self._plot = self._plot, plot
        if previous is None or _form(previous) != _form(plot):
            self._rebuild(plot)
            drawn: dict[str, Line] = {}
        else:
            drawn = {line.name: line for line in previous.lines}
        for line in plot.lines:
            if line.name not in drawn or not same_numbers(drawn[line.name], line):
                x, y = thinned(line)
                self._items[line.name].setData(x, y)
                self._note_roughness(line, y)
                self._draw_band(line)
        for upright, mark in zip(self._uprights, plot.marks, strict=True):
            upright.show_mark(mark, after=plot.names_after(mark))
        self._fit(plot)
        self._draw_arrows()
        if self.crosshair.reading:
            self._read_again()

    def pen(self, line: Line) -> QPen:
        """The pen that stands for a line."""
        return pen_of(self, line, self._theme, presentation=self._presentation)

    def read_at(self, pointer: QPointF) -> None:
        """Read off, at the nearest x, the line that is nearest to the pointer."""
        self._place = pointer
        x = self.in_units(pointer).x()
        points = [(line, *nearest(line, x, log=self.log_y)) for line in self._shown_lines()]
        points = [found for found in points if np.isfinite(found[2])]
        if not points:
            self.stop_reading()
            return
        snapped = min((found[1] for found in points), key=lambda place: abs(place - x))
        here = [found for found in points if found[1] == snapped]
        line, _, y = min(
            here, key=lambda found: abs(self._pixel(snapped, found[2]).y() - pointer.y())
        )
        self._read(line, snapped, y, pointer)

    def read_next(self, right: int, up: int, far: bool) -> None:
        """Go along a line to its next point, or to the next line."""
        lines = self._shown_lines()
        if self.crosshair.reading is None or not isinstance(self._place, tuple):
            at, name = self._visible_end(lines), lines[-1].name if lines else ""
        else:
            at, name = self._place
        names = [line.name for line in lines]
        if not names:
            return
        index = (names.index(name) if name in names else 0) - up
        line = lines[index % len(names)]
        places = line.x[readable(line, log=self.log_y)]
        (left, end), _ = self._box.viewRange()
        places = places[(places >= left) & (places <= end)]
        if not places.size:
            return
        step = right * (_FAR if far else 1)
        index = int(np.argmin(np.abs(places - at))) + step
        self._read_by_keyboard(line, float(places[min(max(index, 0), len(places) - 1)]))

    def stop_reading(self) -> None:
        """Read nothing any more."""
        self._place = None
        self.emphasise("")
        super().stop_reading()

    def _visible_end(self, lines: list[Line]) -> float:
        """The last x that can be seen: the latest value is what one asks for first."""
        return float(self._box.viewRange()[0][1])

    def _read_again(self) -> None:
        """Say what stands there now, after the numbers changed."""
        place = self._place
        if isinstance(place, QPointF):
            self.read_at(place)
        elif place is not None:
            found = [line for line in self._shown_lines() if line.name == place[1]]
            if found:
                self._read_by_keyboard(found[0], place[0])
            else:
                self.stop_reading()

    def _read_by_keyboard(self, line: Line, x: float) -> None:
        x, y = nearest(line, x, log=self.log_y)
        if np.isfinite(y):
            self._place = (x, line.name)
            self._read(line, x, y, None)

    def _read(self, line: Line, x: float, y: float, pointer: QPointF | None) -> None:
        plot = self._plot
        assert plot is not None, "only what is drawn is read"
        text, index = f"{line.name}  {self._in_words(y)}", np.flatnonzero(line.x == x)[0]
        if line.band is not None:
            low, high = line.band
            text += f" ± {self._in_words(float(high[index] - low[index]) / 2)}"
        if line.towards is not None and line.arrows not in self._off:
            text += f" → {self._in_words(float(line.towards[index]))}"
        colour = self._theme.line_colour(line.colour)
        place = plot.x_in_words(x)
        heading = place if plot.x_names else f"{plot.x_label} {place}"
        reading = Reading(self._pixel(x, y), heading, text, colour, self.frame())
        self.emphasise(line.name)
        self.read(reading, line.name, pointer)

    def _in_words(self, value: float) -> str:
        low, high = self._box.viewRange()[1]
        span = math.log(10) * value * (high - low) if self.log_y else high - low
        digits = digits_to_see(value, span, 4)
        counts_bytes = self._plot is not None and self._plot.bytes_y
        return bytes_in_words(value, digits) if counts_bytes else number_in_words(value, digits)

    def _pixel(self, x: float, y: float) -> QPointF:
        return self.in_pixels(x, float(np.log10(y)) if self.log_y else y)

    def _shown_lines(self) -> list[Line]:
        lines = self._plot.lines if self._plot else ()
        return [line for line in lines if self._items[line.name].isVisible()]

    def _rebuild(self, plot: Plot) -> None:
        item = self.getPlotItem()
        before, names = self._items, {line.name for line in plot.lines}
        kept = {name: before[name] for name in names & before.keys()}
        for drawn in set(item.items) - set(kept.values()):  # new ones take long to make
            item.removeItem(drawn)
        item.setLogMode(y=self.log_y)
        self._axis.counts_bytes = plot.bytes_y
        self._places.counts, self._places.names = plot.counts_x, plot.x_names
        item.setLabel("bottom", plot.x_title)
        item.setLabel("left", plot.y_title)
        self._items, self._arrows, self._bands, self._rough = {}, {}, {}, set()
        self._off &= {line.name for line in plot.lines} | {*ARROWS}
        for index, line in enumerate(plot.lines):
            if line.band is not None:
                self._bands[line.name] = Band()
                item.addItem(self._bands[line.name])
            drawn = kept.get(line.name)
            if drawn is None:
                drawn = pyqtgraph.PlotDataItem(connect="finite")
                item.addItem(drawn)
            drawn.setZValue(index / len(plot.lines))  # later ones lie on top, arrows on top of all
            thick = line.dash == "solid" and not line.faint  # painted far faster in pieces
            drawn.curve.setSegmentedLineMode("on" if thick else "auto")
            self._items[line.name] = drawn
        for line in plot.lines:
            if name := line.arrows:
                arrows = self._arrows[line.name] = Arrows(name)
                for part in (arrows.shafts, arrows.heads):
                    part.setZValue(1)
                    item.addItem(part)
        self._uprights = [Upright() for _ in plot.marks]
        for upright in self._uprights:
            item.addItem(upright, ignoreBounds=True)
        self.stop_reading()
        self._restyle()
        self._apply_shown(plot)

    def _restyle(self) -> None:
        larger = 1.5 if self._presentation else 1.0
        for line in self._plot.lines if self._plot else ():
            drawn = self._items[line.name]
            colour = self._theme.line_colour(line.colour)
            drawn.setPen(self._drawn_pen(line))
            drawn.setSymbol("o" if line.dash == "points" or is_a_point(line) else None)
            drawn.setSymbolSize(larger * dot_size(line))
            drawn.setSymbolPen(None)
            drawn.setSymbolBrush(colour)
            if line.name in self._bands:
                self._bands[line.name].set_colour(colour)
            if line.name in self._arrows:
                self._arrows[line.name].set_style(make_pen(self, colour, larger), larger)
        for upright in self._uprights:
            pen = make_pen(self, self._theme.ink, larger, Qt.PenStyle.DashLine)
            upright.set_style(self._theme, plot_font(self._presentation), pen)

    def _apply_shown(self, plot: Plot) -> None:
        for line in plot.lines:
            name = line.before or line.name
            self._items[line.name].setVisible(name not in self._off)
            if line.name in self._bands:
                self._bands[line.name].setVisible(name not in self._off)
            if arrows := self._arrows.get(line.name):
                arrows.set_visible(not self._off & {line.name, arrows.name})

    def _drawn_pen(self, line: Line) -> QPen:
        """The pen that a line is drawn with now: thick dashes on a rough line paint too slowly."""
        pen = self.pen(line)
        slow = line.name in self._rough and (line.faint or line.dash != "solid")
        if line.name == self._emphasised and not slow:
            return thicker(pen)
        if slow:
            pen.setWidthF(self.devicePixelRatioF())
        return pen

    def _note_roughness(self, line: Line, y: Floats) -> None:
        was = line.name in self._rough
        if is_rough(y) != was:
            (self._rough.discard if was else self._rough.add)(line.name)
            self._items[line.name].setPen(self._drawn_pen(line))

    def _draw_band(self, line: Line) -> None:
        if line.name in self._bands:
            self._bands[line.name].show_ends(*thinned_band(line), log=self.log_y)

    def _draw_bands(self, plot: Plot) -> None:
        for line in plot.lines:
            self._draw_band(line)

    def _draw_arrows(self, *_: object) -> None:
        if not self._arrows or self._plot is None:
            return
        units_a_pixel = self._box.viewRect().height() / max(self.frame().height(), 1.0)
        for line in self._plot.lines:
            if line.name in self._arrows:
                self._arrows[line.name].show(line, units_a_pixel, log=self.log_y)

    def _fit(self, plot: Plot) -> None:
        shown = self._shown_lines()
        columns = [line.y for line in shown]
        columns += [end for line in shown if line.band is not None for end in line.band]
        if NEXT_STEP not in self._off:
            columns += [line.towards for line in shown if line.towards is not None]
        has_numbers = any(np.isfinite(line.y).any() for line in shown if not line.faint)
        self._axis.setStyle(showValues=has_numbers)  # none are made up
        self._places.first = plot.x_range[0]
        self.set_whole(plot.x_range, range_of(columns, log=self.log_y))


def _form(plot: Plot) -> tuple[Any, ...]:
    """What of a plot asks for new items when it changes."""
    strokes = tuple(
        (
            line.name,
            line.colour,
            line.dash,
            line.faint,
            is_a_point(line),
            dot_size(line),
            line.band is not None,
            line.arrows,
        )
        for line in plot.lines
    )
    labels = (plot.key, plot.x_title, plot.y_title, plot.x_names, plot.counts_x)
    return (labels, plot.log_y, plot.bytes_y, len(plot.marks), strokes)
