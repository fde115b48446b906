"""Pictures in figures: matrices in a grid, above one bar of colours."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from engine.figures.bodies import COLOURS, STEPS, clear
from engine.figures.style import NOTHING, Look, PlainNumbers, Typesetter
from engine.plots import PicturePlot

_SMALLEST = 0.55  # type of the names of rows against that of other small type
_SHARE_OF_COLUMNS = 0.4  # of a figure's width, that names of columns may take


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
        names = self._most.entries
        self._aside = max((type.width(name, look.small) for name in names), default=0)
        self._has_columns = 0 < len(names) * self._aside < _SHARE_OF_COLUMNS * look.width
        self._gap += self._has_columns * self._line  # for their names
        self._aside = min(self._aside, 0.25 * look.width)

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
        start = left + self._aside + (width - self._aside - whole) / 2
        for index, picture in enumerate(self._most.pictures):
            row, column = divmod(index, columns)
            x = start + column * (across + self._gap)
            y = top - row * step - self._line * rows - across * self._tall
            axes = self._axes_at(x, y, across, across * self._tall)
            axes.grid(visible=False)
            axes.set(xticks=[], yticks=[], facecolor=NOTHING)
            axes.spines[:].set(visible=True, color=NOTHING)
            name = self._type.wrapped(picture.name, across, self._look.small, rows=max(rows, 1))
            if column == 0:
                self._name_rows(axes, across * self._tall)
                self._name_columns(axes, across)
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

    def _name_rows(self, axes: Axes, high: float) -> None:
        """What rows are called, if a row is high enough to be named."""
        names = self._most.entries
        size = min(self._look.small, 0.85 * 72 * high / max(len(names), 1))
        if names and size >= _SMALLEST * self._look.small:
            short = [self._type.shortened(name, self._aside, size) for name in names]
            axes.set_yticks(range(len(names)), short, fontsize=size)
            axes.tick_params(axis="y", length=0)

    def _name_columns(self, axes: Axes, across: float) -> None:
        """What columns are called, if there is room for all of it and rows are named, too."""
        names = self._most.entries
        rows = axes.get_yticklabels()
        size = float(rows[0].get_fontsize()) if rows else 0.0
        widest = max((self._type.width(name, size) for name in names), default=0.0)
        if self._has_columns and size and len(names) * widest < across:
            axes.set_xticks(range(len(names)), names, fontsize=size)
            axes.tick_params(axis="x", length=0, pad=0.2 * self._look.points)

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
        for columns in self._most.widths or range(1, count + 1):
            down = -(-count // columns)
            room = (width - self._aside - (columns - 1) * self._gap) / columns
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
