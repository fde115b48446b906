"""What stands in the middle of a figure, and lines over an axis as the most usual of it.

A body is made for one plot, or for all frames of an animation, whose common limits it takes; then
it shows one plot after the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWN, CARETUP
from matplotlib.ticker import AutoLocator, MaxNLocator
from matplotlib.transforms import Bbox

from engine.arrays import Floats
from engine.figures.dates import write_dates
from engine.figures.style import (
    COLOUR_MAPS,
    INK,
    Look,
    PlainNumbers,
    TicksApart,
    Typesetter,
    colour_of,
    range_of,
    set_logarithmic,
    stroke_of,
)
from engine.plots import (
    ALONE,
    AS_THE_PLOT_SAYS,
    LAST_STEP,
    MARKERS,
    NEXT_STEP,
    Line,
    Mark,
    Plot,
    Showing,
    bytes_in_words,
    drawn_band,
    number_places,
)

COLOURS: Final = COLOUR_MAPS
"""Colour maps that colour-blind people can read, by the scale they are for."""
STEPS: Final = [1, 2, 2.5, 5, 10]
"""Of ticks, but for powers of ten."""
_MOST_ARROWS: Final = 25
_PALE: Final = 0.55
_FEW_POINTS: Final = 30
_SHAPES: Final = "osDPXp"  # no triangles, which arrows have
_NOWHERE: Final = np.zeros(0)


class Body(Protocol):
    """The middle of a figure.

    Attributes:
        beside: the axes beside which a legend may stand; None: it stands below.
    """

    beside: Axes | None

    def legend(self) -> list[Artist]:
        """What the legend names: artists with labels."""
        ...

    def height(self, width: float) -> float:
        """How high it would like to be for its width, in inches."""
        ...

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Take this part of the figure, in inches from its lower left corner."""
        ...

    def show(self, plot: Any) -> None:
        """Draw a plot, instead of the one before."""
        ...


class LinesBody:
    """Lines over a common x axis; a `Body`.

    Args:
        frames: the plots it will show.
        figure, look, type: where and how it is drawn.
        showing: the axis, and the part of it.
    """

    def __init__(
        self,
        frames: Sequence[Plot],
        figure: Figure,
        look: Look,
        type: Typesetter,
        showing: Showing = AS_THE_PLOT_SAYS,
    ) -> None:
        self._frames, self._figure, self._look, self._type = frames, figure, look, type
        self._drawn: list[Artist] = []
        self.beside: Axes | None
        self.axes = self.beside = figure.add_subplot()
        last = frames[-1]
        lines = [line for plot in frames for line in plot.lines]
        columns = [line.y for line in lines]
        columns += [line.towards for line in lines if line.towards is not None]
        columns += [end for line in lines for end in drawn_band(line) or ()]
        columns += [np.array(plot.y_covers) for plot in frames if plot.y_covers]
        log = last.log_y if showing.log_y is None else showing.log_y
        log = log and any(np.any(column > 0) for column in columns)
        low, high = showing.y_range or range_of(columns, log=log)
        if log:
            self.axes.set_yscale("log")
            set_logarithmic(self.axes.yaxis, low, high)
        else:
            self.axes.yaxis.set_major_locator(AutoLocator())
            self.axes.yaxis.set_major_formatter(PlainNumbers())
        if last.bytes_y:
            self.axes.yaxis.set_major_formatter(TicksApart(3, bytes_in_words))
        self.axes.set_ylim(low, high)
        start = min(plot.x_range[0] for plot in frames)
        end = max(plot.x_range[1] for plot in frames)
        extra = 0.0 if showing.x_range else 0.02 * (end - start) or 0.5
        self.axes.set_xlim(start - extra, end + extra)
        self._place_ticks(last)

    def legend(self) -> list[Artist]:
        """Every line that is not faint, if there are several; and what arrows mean."""
        named = {line.name: line for plot in self._frames for line in plot.lines if not line.faint}
        handles: list[Artist] = [
            Line2D([], [], label=line.label, **_style_of(replace(line, y=_NOWHERE), self._look))
            for line in named.values()
        ]
        for name, alpha in ((NEXT_STEP, 1.0), (LAST_STEP, _PALE)):
            if any(line.arrows == name for plot in self._frames for line in plot.lines):
                size = 0.5 * self._look.points
                arrow = Line2D([], [], color=INK, linestyle="", marker="^", markersize=size)
                arrow.set(label=name, alpha=alpha)
                handles.append(arrow)
        return handles if len(handles) > 1 else []

    def height(self, width: float) -> float:
        """As of a landscape."""
        return self._look.ratio * width

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Lay out axes and their labels within the part."""
        last, part = self._frames[-1], (left, bottom, width, height)
        titles = last.x_title, last.y_title
        name_axes(self.axes, titles, width, height, self._look, self._type)
        settle(self.axes, part)
        if last.x_names:  # they are broken to the width that is left
            ends = self.axes.get_xlim()
            self.axes.set_xticks(*zip(*self._names_that_fit(last), strict=True))
            self.axes.set_xlim(ends)  # ticks beyond them would widen it
            settle(self.axes, part)

    def _names_that_fit(self, plot: Plot) -> list[tuple[float, str]]:
        """Names broken to the room that they have; of numbers, those that have room."""
        width, small = 0.92 * self.axes.bbox.width / self._figure.dpi, self._look.small
        if plot.is_named and not plot.thins_names:
            room = width / len(plot.x_names)
            return [(x, self._type.wrapped(name, room, small)) for x, name in plot.named_places]
        low, high = self.axes.get_xlim()
        widest = max(self._type.width(f"{name} ", small) for name in plot.x_names)
        apart, chosen = widest * (high - low) / width, list[tuple[float, str]]()
        for place, name in plot.named_places:
            if not chosen or place >= chosen[-1][0] + apart:
                short = self._type.wrapped(name, min(widest, width), small)
                chosen.append((place, short))
        return chosen

    def show(self, plot: Plot) -> None:
        """Draw the lines."""
        clear(self._drawn)
        lines = [line.outline for line in plot.lines]
        for line in lines:
            ends = drawn_band(line)
            if ends is not None and line.is_joined:
                colour = colour_of(line.colour)
                ink: dict[str, Any] = {"color": colour, "alpha": 0.2, "lw": 0}
                if not plot.fills_bands:
                    thin = 0.4 * self._look.stroke
                    ink = {"facecolor": "none", "edgecolor": colour, "alpha": 0.6, "lw": thin}
                band = self.axes.fill_between(line.x, *ends, **ink)
                self._drawn.append(band)
            elif ends is not None:
                bars = self.axes.vlines(
                    line.x, *ends, color=colour_of(line.colour), linewidth=self._look.stroke
                )
                self._drawn.append(bars)
        for line in lines:
            alone = np.count_nonzero(np.isfinite(line.y)) == 1
            style = _style_of(line, self._look)
            if alone and line.is_joined:
                marker = MARKERS[ALONE[line.dash]]
                style |= {"marker": marker, "markersize": 3 * style["linewidth"]}
            self._drawn += self.axes.plot(line.x, line.y, solid_capstyle="round", **style)
        for line in plot.lines:
            if line.towards is not None:
                self._drawn += self._arrows(line, line.y, line.towards, 1.0)
            elif line.came_from is not None:
                self._drawn += self._arrows(line, line.came_from, line.y, _PALE)
        log = self.axes.get_yscale() == "log"
        for line, x, y in number_places(lines, log=log):
            self._drawn.append(self._number(line, x, y))
        for mark in plot.marks:
            self._drawn += self._upright(mark, after=plot.names_after(mark))

    def _number(self, line: Line, x: float, y: float) -> Artist:
        """The number of a run at the end of its line."""
        return self.axes.annotate(
            line.tag,
            (x, y),
            xytext=(0.3 * self._look.points, 0),
            textcoords="offset points",
            va="center",
            fontsize=self._look.small,
            fontweight="bold",
            color=colour_of(line.colour),
        )

    def _place_ticks(self, plot: Plot) -> None:
        axis = self.axes.xaxis
        if plot.x_names:  # names take their places later
            self.axes.grid(visible=False, axis="x")
            return
        if plot.dates_x:
            write_dates(axis, self._look.small)
            return
        axis.set_major_locator(MaxNLocator("auto", integer=plot.counts_x, steps=STEPS))
        plain = PlainNumbers()
        plain.has_separators = not plot.years_x
        axis.set_major_formatter(plain)

    def _arrows(self, line: Line, tails: Floats, tips: Floats, alpha: float) -> list[Artist]:
        moves = np.flatnonzero(np.isfinite(tails) & np.isfinite(tips) & (tails != tips))
        if not moves.size:
            return []
        some = np.unique(np.linspace(0, len(moves) - 1, _MOST_ARROWS).round().astype(int))
        x, y, ends = line.x[moves[some]], tails[moves[some]], tips[moves[some]]
        style: dict[str, Any] = {"color": colour_of(line.colour), "alpha": alpha}
        drawn: list[Artist] = [
            self.axes.vlines(x, y, ends, linewidth=0.6 * self._look.stroke, **style)
        ]
        style |= {"linestyle": "", "markersize": 0.45 * self._look.points, "markeredgewidth": 0}
        for marker, chosen in ((CARETUP, ends > y), (CARETDOWN, ends < y)):
            drawn += self.axes.plot(x[chosen], ends[chosen], marker=marker, **style)
        return drawn

    def _upright(self, mark: Mark, *, after: bool) -> list[Artist]:
        """A line from top to bottom, its name beside it."""
        left, right = self.axes.get_xlim()
        upright = self.axes.axvline(
            mark.x, color=INK, linewidth=0.6 * self._look.stroke, linestyle=(0, (4, 2)), zorder=3
        )
        share = (right - mark.x if after else mark.x - left) / (right - left)
        room = share * self.axes.bbox.width / self._figure.dpi - self._look.em
        name = self.axes.annotate(
            self._type.shortened(mark.name, room, self._look.small),
            (mark.x, 1.0),
            xycoords=self.axes.get_xaxis_transform(),
            xytext=((0.5 if after else -0.5) * self._look.points, -0.2 * self._look.points),
            textcoords="offset points",
            ha="left" if after else "right",
            va="top",
            fontsize=self._look.small,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
            zorder=3,
        )
        return [upright, name]


def settle(
    axes: Axes,
    part: tuple[float, float, float, float],
    *,
    ratio: float | None = None,
    bar: Axes | None = None,
    gap: float = 0.0,
) -> None:
    """Make axes as large as a part of the figure allows with all that stands around them.

    Args:
        axes: what is placed.
        part: left, bottom, width and height, in inches.
        ratio: of their height to their width, if it is given; they are then centred.
        bar: axes of a bar of colours, to stand on their right.
        gap: between the two, and how wide the bar is, in inches.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None, "axes are placed in their figure"
    left, bottom, width, height = part
    across, up = figure.get_size_inches()
    box = Bbox.from_bounds(left, bottom, width, height)
    for _ in range(4):  # ticks change with the size of the axes
        axes.set_position((box.x0 / across, box.y0 / up, box.width / across, box.height / up))
        around = [axes.get_tightbbox()]
        if bar:
            place = ((box.x1 + gap) / across, box.y0 / up, gap / across, box.height / up)
            bar.set_position(place)
            around.append(bar.get_tightbbox())
        taken = Bbox.union([each for each in around if each is not None])
        taken = Bbox(taken.get_points() / figure.dpi)
        free = [box.x0 - taken.x0, box.y0 - taken.y0, taken.x1 - box.x1, taken.y1 - box.y1]
        before, below, after, above = (max(each, 0.0) for each in free)
        wide = max(width - before - after, 0.1)
        high = max(height - below - above, 0.1)
        if ratio:
            high = min(high, ratio * wide)
            wide = high / ratio
        x = left + before + (width - before - after - wide) / 2
        box = Bbox.from_bounds(x, bottom + height - above - high, wide, high)


def name_axes(
    axes: Axes, titles: tuple[str, str], width: float, height: float, look: Look, type: Typesetter
) -> None:
    """Label the x and the y axis, with breaks in what would be too long."""
    across, up = titles
    below = type.wrapped(across, 0.85 * width, look.points)
    room = height - (2.6 + 1.3 * (below.count("\n") + 1)) * look.em
    axes.set_xlabel(below)
    axes.set_ylabel(type.wrapped(up, max(room, 4 * look.em), look.points))


def _style_of(line: Line, look: Look) -> dict[str, Any]:
    """How matplotlib is to draw a line, or points that are not joined."""
    if line.is_joined and line.factors and not line.faint:
        return stroke_of(line, look) | _shape_of(line, look)
    if line.is_joined:
        dots = {"marker": "o", "markersize": 0.4 * look.points} if line.single else {}
        return stroke_of(line, look) | dots
    size = (0.7 if np.count_nonzero(np.isfinite(line.y)) <= _FEW_POINTS else 0.3) * look.points
    marker = MARKERS[line.dash]
    dots = {"linestyle": "", "marker": marker, "markersize": size, "markeredgewidth": 0}
    if line.dash == "rings":
        dots |= {"markerfacecolor": "none", "markeredgewidth": look.stroke}
    return stroke_of(replace(line, dash="solid"), look) | dots


def _shape_of(line: Line, look: Look) -> dict[str, Any]:
    """A mark here and there on a line that another has the dash of: print may lack colours."""
    place = line.colour if isinstance(line.colour, int) else 0
    shape = _SHAPES[place % len(_SHAPES)]
    every = (0.03 * (place % len(_SHAPES)), 0.18)  # shares of the diagonal of the axes
    return {"marker": shape, "markersize": 0.45 * look.points, "markevery": every}


def clear(drawn: list[Artist]) -> None:
    """Take away what was drawn."""
    for artist in drawn:
        artist.remove()
    drawn.clear()
