"""What stands in the middle of a figure: lines over an axis, pictures in a grid, or a map.

A body is made for one plot, or for all frames of an animation, whose common limits it takes; then
it shows one plot after the other.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWN, CARETUP
from matplotlib.ticker import AutoLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from engine.exact import Floats
from engine.figure_style import (
    INK,
    NOTHING,
    Look,
    PlainNumbers,
    Typesetter,
    colour_of,
    range_of,
    set_logarithmic,
    stroke_of,
)
from engine.plots import Line, PicturePlot, Plot, bytes_in_words

COLOURS: Final = {"sequential": "viridis", "diverging": "RdBu_r"}
"""Colour maps that colour-blind people can read, by the scale they are for."""
STEPS: Final = [1, 2, 2.5, 5, 10]
"""Of ticks, but for powers of ten."""
_MOST_ARROWS = 25


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
        log_y: whether the y axis is logarithmic; None: as the plots say.
    """

    def __init__(
        self,
        frames: Sequence[Plot],
        figure: Figure,
        look: Look,
        type: Typesetter,
        log_y: bool | None = None,
    ) -> None:
        self._frames, self._figure, self._look, self._type = frames, figure, look, type
        self._drawn: list[Artist] = []
        self.beside: Axes | None
        self.axes = self.beside = figure.add_subplot()
        last = frames[-1]
        lines = [line for plot in frames for line in plot.lines]
        columns = [line.y for line in lines]
        columns += [line.towards for line in lines if line.towards is not None]
        log = last.log_y if log_y is None else log_y
        log = log and any(np.any(column > 0) for column in columns)
        low, high = range_of(columns, log=log)
        if log:
            self.axes.set_yscale("log")
            set_logarithmic(self.axes.yaxis, low, high)
        else:
            self.axes.yaxis.set_major_locator(AutoLocator())
            self.axes.yaxis.set_major_formatter(PlainNumbers())
        if last.bytes_y:
            self.axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: bytes_in_words(v)))
        self.axes.set_ylim(low, high)
        start = min(plot.x_range[0] for plot in frames)
        end = max(plot.x_range[1] for plot in frames)
        extra = 0.02 * (end - start) or 0.5
        self.axes.set_xlim(start - extra, end + extra)
        self.axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=STEPS))
        self.axes.xaxis.set_major_formatter(PlainNumbers())

    def legend(self) -> list[Artist]:
        """Every line that is not faint, if there are several; and what arrows mean."""
        named = {line.name: line for plot in self._frames for line in plot.lines if not line.faint}
        handles: list[Artist] = [
            Line2D([], [], label=line.name, **stroke_of(line, self._look))
            for line in named.values()
        ]
        if any(line.towards is not None for line in named.values()):
            size = 0.5 * self._look.points
            arrow = Line2D([], [], color=INK, linestyle="", marker="^", markersize=size)
            arrow.set_label("where the next meta-step goes")
            handles.append(arrow)
        return handles if len(handles) > 1 else []

    def height(self, width: float) -> float:
        """As of a landscape."""
        return self._look.ratio * width

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Lay out axes and their labels within the part."""
        name_axes(self.axes, self._frames[-1], width, height, self._look, self._type)
        settle(self.axes, (left, bottom, width, height))

    def show(self, plot: Plot) -> None:
        """Draw the lines."""
        clear(self._drawn)
        for line in plot.lines:
            alone = np.count_nonzero(np.isfinite(line.y)) == 1
            style = stroke_of(line, self._look)
            if alone:
                style |= {"marker": "o", "markersize": 3 * style["linewidth"]}
            self._drawn += self.axes.plot(line.x, line.y, solid_capstyle="round", **style)
        for line in plot.lines:
            if line.towards is not None:
                self._drawn += self._arrows(line, line.towards)

    def _arrows(self, line: Line, towards: Floats) -> list[Artist]:
        moves = np.flatnonzero(np.isfinite(line.y) & np.isfinite(towards) & (towards != line.y))
        if not moves.size:
            return []
        some = np.unique(np.linspace(0, len(moves) - 1, _MOST_ARROWS).round().astype(int))
        x, y, ends = line.x[moves[some]], line.y[moves[some]], towards[moves[some]]
        colour, width = colour_of(line.colour), 0.6 * self._look.stroke
        drawn: list[Artist] = [self.axes.vlines(x, y, ends, color=colour, linewidth=width)]
        for marker, chosen in ((CARETUP, ends > y), (CARETDOWN, ends < y)):
            size = 0.45 * self._look.points
            drawn += self.axes.plot(
                x[chosen], ends[chosen], color=colour, linestyle="", marker=marker, markersize=size
            )
        return drawn


class PicturesBody:
    """Pictures in a grid above one bar of colours; a `Body`.

    Args:
        frames: the plots it will show.
        figure, look, type: where and how it is drawn.
    """

    beside: Axes | None = None

    def __init__(
        self, frames: Sequence[PicturePlot], figure: Figure, look: Look, type: Typesetter
    ) -> None:
        self._figure, self._look, self._type = figure, look, type
        self._most = max(frames, key=lambda plot: len(plot.pictures))
        low = min(plot.limits[0] for plot in frames)
        high = max(plot.limits[1] for plot in frames)
        self._norm = Normalize(low, high if high > low else low + 1.0)
        self._cells: list[Axes] = []
        shapes = [picture.values.shape for plot in frames for picture in plot.pictures]
        self._tall = max((rows / max(columns, 1) for rows, columns in shapes), default=1.0)
        self._drawn: list[Artist] = []
        self._gap, self._bar = 0.8 * look.em, 4.6 * look.em

    def legend(self) -> list[Artist]:
        """None; pictures have their names above them."""
        return []

    def height(self, width: float) -> float:
        """As high as the grid and the bar."""
        return self._height_of(*self._grid(width, 1.3 * self._look.ratio * width))

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Set the grid and the bar of colours."""
        columns, across, rows = self._grid(width, height)
        used = min(self._height_of(columns, across, rows), height)
        top = bottom + height - (height - used) / 2
        step = across * self._tall + self._gap + self._line * rows
        whole = columns * (across + self._gap) - self._gap
        start = left + (width - whole) / 2
        for index, picture in enumerate(self._most.pictures):
            row, column = divmod(index, columns)
            x = start + column * (across + self._gap)
            y = top - row * step - self._line * rows - across * self._tall
            axes = self._axes_at(x, y, across, across * self._tall)
            axes.grid(visible=False)
            axes.set(xticks=[], yticks=[], facecolor=NOTHING)
            axes.spines[:].set(visible=True, color=NOTHING)
            name = self._type.wrapped(picture.name, across, self._look.small, rows=max(rows, 1))
            axes.set_title(name, fontsize=self._look.small, pad=0.25 * self._look.points)
            self._cells.append(axes)
        long = min(0.7 * width, 24 * self._look.em)
        under = top - used + 3.5 * self._look.em
        axes = self._axes_at(left + (width - long) / 2, under, long, 0.7 * self._look.em)
        colours = ScalarMappable(self._norm, COLOURS[self._most.scale])
        bar = self._figure.colorbar(colours, cax=axes, orientation="horizontal")
        bar.outline.set(visible=False)
        bar.ax.xaxis.set_major_locator(MaxNLocator(5, steps=STEPS))
        bar.ax.xaxis.set_major_formatter(PlainNumbers())
        room = width - 2 * self._look.em
        bar.set_label(self._type.wrapped(self._most.unit, room, self._look.points, rows=1))

    def show(self, plot: PicturePlot) -> None:
        """Draw the pictures, one pixel a number."""
        clear(self._drawn)
        for axes, picture in zip(self._cells, plot.pictures, strict=False):
            if picture.values.size:
                self._drawn.append(
                    axes.imshow(
                        np.ma.masked_invalid(picture.values),
                        cmap=COLOURS[plot.scale],
                        norm=self._norm,
                        interpolation="none",
                    )
                )

    @property
    def _line(self) -> float:
        """The height of a line of a name."""
        return 1.35 * self._look.small / 72

    def _axes_at(self, left: float, bottom: float, width: float, height: float) -> Axes:
        whole_width, whole_height = self._figure.get_size_inches()
        return self._figure.add_axes(
            (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
        )

    def _grid(self, width: float, height: float) -> tuple[int, float, int]:
        """The columns that make pictures widest, how wide that is, and the lines for names.

        What counts against it: names that must be cut, gaps in the last row and, unless the height
        is given, not to fill the width.
        """
        count = max(len(self._most.pictures), 1)
        best, best_merit = (count, 0.1, 2), 0.0
        for columns in range(1, count + 1):
            down = -(-count // columns)
            room = (width - (columns - 1) * self._gap) / columns
            for lines in (0, 1, 2):
                high = (height - self._bar) / down - self._gap - lines * self._line
                across = min(room, high / self._tall)
                needed, cut = self._lines_for(max(across, 0.0))
                if needed > lines:
                    continue
                merit = across * (count / (columns * down)) ** 0.3  # gaps in the last row
                merit *= 0.7 if cut else 1.0
                merit *= 0.8 if across < room and self._look.height is None else 1.0
                if merit > best_merit:
                    best, best_merit = (columns, across, lines), merit
        return best

    def _lines_for(self, across: float) -> tuple[int, bool]:
        """How many lines names take, at most two; and whether one must be cut even so."""
        names = [picture.name for picture in self._most.pictures if picture.name]
        small = self._look.small
        set_names = [self._type.wrapped(name, across, small) for name in names]
        lines = max((name.count("\n") + 1 for name in set_names), default=0)
        return lines, any("…" in name for name in set_names)

    def _height_of(self, columns: int, across: float, names: int) -> float:
        down = -(-max(len(self._most.pictures), 1) // columns)
        return down * (across * self._tall + self._gap + names * self._line) + self._bar


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
    axes: Axes, plot: Any, width: float, height: float, look: Look, type: Typesetter
) -> None:
    """Label both axes of a plot, with breaks in labels that would be too long."""
    below = type.wrapped(plot.x_label, 0.85 * width, look.points)
    room = height - (2.6 + 1.3 * (below.count("\n") + 1)) * look.em
    axes.set_xlabel(below)
    axes.set_ylabel(type.wrapped(plot.y_label, max(room, 4 * look.em), look.points))


def clear(drawn: list[Artist]) -> None:
    """Take away what was drawn."""
    for artist in drawn:
        artist.remove()
    drawn.clear()
