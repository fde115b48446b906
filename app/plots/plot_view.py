"""A live plot: one of the engine's `Plot`s drawn by pyqtgraph, its items reused between frames."""

from typing import Any, Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.dress import plot_font
from app.plots.arrows import ARROWS, Arrows
from app.plots.axes_view import AxesView
from app.plots.band import Band, Bars
from app.plots.end_numbers import EndNumbers
from app.plots.entries import Entry, thicker
from app.plots.line_entries import entries_of_lines, factored, groups_of
from app.plots.line_numbers import (
    dot_size,
    is_a_point,
    is_rough,
    range_of,
    same_numbers,
    thinned,
    thinned_band,
)
from app.plots.line_reading import LineReading
from app.plots.pens import SYMBOLS, make_pen, pen_of
from app.plots.place_axis import PlaceAxis
from app.plots.plot_axes import ValueAxis
from app.plots.switches import Switches
from app.plots.upright import Upright
from app.theme import Theme
from engine.arrays import Floats
from engine.plots import ALONE, NEXT_STEP, Line, Plot, Showing, drawn_band

_FAR: Final = 10  # steps at once
_EXPONENT: Final = 300.0  # of what a logarithmic axis can show


class PlotView(AxesView):
    """Draws a `Plot` and keeps drawing it as its numbers change.

    Args:
        theme: the colours.

    Signals:
        placed: the x that a person reads, by pointer or keyboard.
        chosen: the index of the point that was clicked on.
    """

    placed = Signal(float)
    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._axis, self._places = ValueAxis("left"), PlaceAxis("bottom")
        self._plot: Plot | None = None
        self._items: dict[str, pyqtgraph.PlotDataItem] = {}
        self._arrows: dict[str, Arrows] = {}
        self._bands: dict[str, Band | Bars] = {}
        self._uprights: list[Upright] = []
        self._numbers: EndNumbers | None = None
        self._rough: set[str] = set()
        self._switches = Switches()
        self._emphasised: frozenset[str] = frozenset()
        self._log_wanted: bool | None = None
        self._reading = LineReading(self)
        super().__init__(self._axis, self._places, theme, parent)
        self.pointed_at.connect(self._reading.read_at)
        self.stepped.connect(self._reading.read_next)
        self.clicked.connect(self._reading.choose)
        self._reading.placed.connect(self.placed)
        self._reading.chosen.connect(self.chosen)
        for changed in (self._box.sigYRangeChanged, self._box.sigResized):
            changed.connect(self._draw_arrows)  # those too short to be seen are left out
            changed.connect(self._draw_numbers)

    @property
    def lines(self) -> dict[str, tuple[Floats, Floats]]:
        """What is drawn: x and y by line name, as given unless there are thousands of points."""
        return {
            name: (item.getOriginalDataset()[0], item.getOriginalDataset()[1])
            for name, item in self._items.items()
        }

    @property
    def plot(self) -> Plot | None:
        """What is drawn."""
        return self._plot

    @property
    def shown_lines(self) -> list[Line]:
        """Those of its lines that are switched on."""
        lines = self._plot.lines if self._plot else ()
        return [line for line in lines if self._items[line.name].isVisible()]

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
        names = [line.name for line in self._plot.lines if not line.faint] if self._plot else []
        off = {name for name in (*names, *ARROWS) if not self._switches.is_on(name)}
        return Showing(self._log_wanted, frozenset(off), x, y)

    @property
    def reader(self) -> QWidget:
        """The widget that a screen reader describes."""
        return self

    @property
    def entries(self) -> list[Entry]:
        """What the legend names: factored where it can be."""
        if self._plot is None:
            return []
        return factored(self.single_entries, self._switches.groups, self._ink(), self._switches)

    @property
    def single_entries(self) -> list[Entry]:
        """Every line that is not faint, if there are several, and arrows."""
        if self._plot is None:
            return []
        return entries_of_lines(self._plot.lines, self.pen, self._ink(), self._switches)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        super().set_theme(theme)
        self._restyle()
        self._reading.read_again(self._reading.place)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        super().set_presentation(on)
        self._restyle()

    def set_log(self, on: bool | None) -> None:
        """Make the y axis logarithmic or linear, or as each plot asks; show all the data."""
        self._log_wanted = on
        if self._plot:
            self.getPlotItem().setLogMode(y=self.log_y)
            for line in self._plot.lines:
                self._put(line)
            self._fit(self._plot)
            self.show_everything()
            self._draw_arrows()
            self._draw_bands(self._plot)
            self.stop_reading()

    def set_shown(self, name: str, on: bool) -> None:
        """Switch a line on or off, with the pale one that belongs to it; or several, or arrows."""
        self._switches.switch(name, on)
        if self._plot:
            self._apply_shown(self._plot)
            self._fit(self._plot)

    def is_on(self, name: str | None) -> bool:
        """Whether a line is switched on; or arrows."""
        return self._switches.is_on(name)

    def emphasise(self, name: str) -> None:
        """Draw one line thicker than the others, or those of an entry; with "", none."""
        before, self._emphasised = self._emphasised, self._switches.meant_by(name)
        if self._plot and before != self._emphasised:
            for line in self._plot.lines:
                if line.name in before ^ self._emphasised:
                    self._items[line.name].setPen(self._drawn_pen(line))

    def show_plot(self, plot: Plot) -> None:
        """Draw a plot; lines that were there before only get new numbers."""
        previous, self._plot, place = self._plot, plot, self._reading.place
        if previous is None or _form(previous) != _form(plot):
            self._rebuild(plot)
            drawn: dict[str, Line] = {}
        else:
            drawn = {line.name: line for line in previous.lines}
        for line in plot.lines:
            if line.name not in drawn or not same_numbers(drawn[line.name], line):
                self._put(line)
                self._draw_band(line)
        for upright, mark in zip(self._uprights, plot.marks, strict=True):
            upright.show_mark(mark, after=plot.names_after(mark))
        self._fit(plot)
        self._draw_arrows()
        self._reading.read_again(place)

    def pen(self, line: Line) -> QPen:
        """The pen that stands for a line."""
        return pen_of(self, line, self._theme, presentation=self._presentation)

    def read_at(self, pointer: QPointF) -> None:
        """Read off all lines at the x that is nearest to a place of the view."""
        self._reading.read_at(pointer)

    def read_along(self, x: float) -> None:
        """Read off all lines at a place that is read in another plot."""
        self._reading.read_along(x)

    def stop_reading(self) -> None:
        """Read nothing any more."""
        self._reading.forget()
        self.emphasise("")
        super().stop_reading()

    def _ink(self) -> QPen:
        return make_pen(self, self._theme.ink, 2)

    def _rebuild(self, plot: Plot) -> None:
        item = self.getPlotItem()
        before, names = self._items, {line.name for line in plot.lines}
        kept = {name: before[name] for name in names & before.keys()}
        for drawn in set(item.items) - set(kept.values()):  # new ones take long to make
            item.removeItem(drawn)
        self._numbers = None
        item.setLogMode(y=self.log_y)
        self._axis.counts_bytes = plot.bytes_y
        self._places.counts = plot.counts_x and (plot.thins_names or not plot.is_named)
        self._places.years, self._places.dates = plot.years_x, plot.dates_x
        self._places.named = plot.named_places
        item.setLabel("bottom", plot.x_title)
        item.setLabel("left", plot.y_title)
        self._items, self._arrows, self._bands, self._rough = {}, {}, {}, set()
        self._switches.groups = groups_of(plot.lines)
        self._switches.keep([*names, *ARROWS])
        for index, line in enumerate(plot.lines):
            if drawn_band(line) is not None:
                band = Band(self, filled=plot.fills_bands) if line.is_joined else Bars(self)
                self._bands[line.name] = band
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

    def _put(self, line: Line) -> None:
        """Give a line its points, if any has a place: of others pyqtgraph asks for the bounds."""
        x, y = thinned(line)
        has_place = np.any(y > 0 if self.log_y else np.isfinite(y))
        self._items[line.name].setData(*((x, y) if has_place else (x[:0], y[:0])))
        self._note_roughness(line, y)

    def _restyle(self) -> None:
        larger = 1.5 if self._presentation else 1.0
        for line in self._plot.lines if self._plot else ():
            drawn = self._items[line.name]
            colour = self._theme.line_colour(line.colour)
            drawn.setPen(self._drawn_pen(line))
            alone = SYMBOLS[ALONE[line.dash]] if is_a_point(line) and line.is_joined else None
            symbol = SYMBOLS.get(line.dash, alone or ("o" if line.single else None))
            drawn.setSymbol(symbol)
            if symbol:  # each change takes long
                drawn.setSymbolSize(larger * dot_size(line))
                is_hollow = line.dash == "rings"
                drawn.setSymbolPen(make_pen(self, colour, 1.5 * larger) if is_hollow else None)
                drawn.setSymbolBrush(None if is_hollow else colour)
            if line.name in self._bands:
                self._bands[line.name].set_colour(colour)
            if line.name in self._arrows:
                self._arrows[line.name].set_style(make_pen(self, colour, larger), larger)
        for upright in self._uprights:
            pen = make_pen(self, self._theme.ink, larger, Qt.PenStyle.DashLine)
            upright.set_style(self._theme, plot_font(self._presentation), pen)

    def _apply_shown(self, plot: Plot) -> None:
        for line in plot.lines:
            on = self._switches.is_on(line.before or line.name)
            self._items[line.name].setVisible(on)
            if line.name in self._bands:
                self._bands[line.name].setVisible(on)
            if arrows := self._arrows.get(line.name):
                arrows.set_visible(on and self._switches.is_on(arrows.name))

    def _drawn_pen(self, line: Line) -> QPen:
        """The pen that a line is drawn with now: thick dashes on a rough line paint too slowly."""
        pen = self.pen(line)
        slow = line.name in self._rough and (line.faint or line.dash != "solid")
        if line.name in self._emphasised and not slow:
            return thicker(pen)
        if slow:
            pen.setWidthF(self.devicePixelRatioF())
        return pen

    def _note_roughness(self, line: Line, y: Floats) -> None:
        was, is_now = line.name in self._rough, is_rough(y) and not line.width
        if is_now != was:
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

    def _draw_numbers(self, *_: object) -> None:
        """Numbers at the ends of lines, in plots that have any."""
        if self._plot is None or not (self._numbers or any(line.tag for line in self._plot.lines)):
            return
        self._numbers = self._numbers or EndNumbers(self.getPlotItem())
        frame, view = self.frame(), self._box.viewRect()
        self._numbers.show(
            self.shown_lines,
            self._theme,
            plot_font(self._presentation),
            log=self.log_y,
            units_a_pixel=(
                view.width() / max(frame.width(), 1.0),
                view.height() / max(frame.height(), 1.0),
            ),
        )

    def _fit(self, plot: Plot) -> None:
        shown = self.shown_lines
        columns = [line.y for line in shown]
        columns += [end for line in shown for end in drawn_band(line) or ()]
        if self._switches.is_on(NEXT_STEP):
            columns += [line.towards for line in shown if line.towards is not None]
        columns += [np.array(plot.y_covers)] if plot.y_covers else []
        has_numbers = any(np.isfinite(line.y).any() for line in shown if not line.faint)
        self._axis.setStyle(showValues=has_numbers)  # none are made up
        self._places.first = plot.x_range[0]
        self.set_whole(plot.x_range, range_of(columns, log=self.log_y))
        self._draw_numbers()


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
            drawn_band(line) is not None,
            line.arrows,
            line.factors,
            line.single,
            line.width > 0,
        )
        for line in plot.lines
    )
    labels = (plot.key, plot.x_title, plot.y_title, plot.named_places, plot.counts_x)
    return (labels, plot.log_y, plot.bytes_y, len(plot.marks), strokes)
