"""How a plot is shown where somebody changed that: its axis, what is hidden, which part of it."""

from dataclasses import dataclass, replace
from typing import Final

from engine.plots.base import LAST_STEP, NEXT_STEP, AnyPlot, Line, MapPlot, PicturePlot, Plot
from engine.plots.horizontal import axes_of, over
from engine.plots.left_out import with_left_out
from engine.plots.smoothing import SMOOTHINGS, Smoothing, can_be_smoothed, smoothed

Range = tuple[float, float]


@dataclass(frozen=True)
class Showing:
    """How a plot is shown; by default as the plot itself says, and all of it.

    Attributes:
        log_y: for lines, whether the y axis is logarithmic; None: as the plot says.
        hidden: names of what is left out: lines, each with its past, points, paths, and arrows by
            what legends call them.
        x_range, y_range: the part that is shown, in the units of the axes; None: all of it.
        smoothing: how strongly lines are smoothed, where they can be.
        across: over which horizontal axis, where there is a choice; None: the usual one.
    """

    log_y: bool | None = None
    hidden: frozenset[str] = frozenset()
    x_range: Range | None = None
    y_range: Range | None = None
    smoothing: Smoothing = SMOOTHINGS["none"]
    across: str | None = None

    def of(self, plot: AnyPlot) -> AnyPlot:
        """What is shown of a plot: without what is hidden, and marks beyond the range.

        The caption of lines tells what a logarithmic axis leaves out.
        """
        if isinstance(plot, PicturePlot):
            return plot
        if isinstance(plot, MapPlot):
            points = tuple(one for one in plot.points if one.name not in self.hidden)
            paths = tuple(one for one in plot.paths if one.name not in self.hidden)
            return replace(plot, points=points, paths=paths)
        plot = over(plot, self.across)
        plot = smoothed(plot, self.smoothing)  # over the whole axis, whichever part is shown
        lines = tuple(
            self._without_arrows(line)
            for line in plot.lines
            if (line.before or line.name) not in self.hidden
        )
        log = plot.log_y if self.log_y is None else self.log_y
        plot = replace(plot, lines=lines, caption=with_left_out(plot.caption, lines, log=log))
        if self.x_range is None:
            return plot
        low, high = self.x_range
        marks = tuple(mark for mark in plot.marks if low <= mark.x <= high)
        return replace(plot, marks=marks, x_range=self.x_range)

    def changes(self, plot: AnyPlot) -> list[str]:
        """What is other than the plot itself says, in a few words each."""
        found = []
        if self.across in axes_of(plot)[1:]:
            found.append(f"over {self.across}")
        plot = over(plot, self.across)
        if isinstance(plot, Plot) and self.log_y not in (None, plot.log_y):
            found.append("logarithmic axis" if self.log_y else "linear axis")
        if hidden := len(self.hidden & _names_in(plot)):
            found.append(f"{hidden} legend {'entry' if hidden == 1 else 'entries'} hidden")
        if self.x_range or self.y_range:
            found.append("zoomed")
        if self.smoothing.share and isinstance(plot, Plot) and can_be_smoothed(plot):
            found.append(f"{self.smoothing.name} smoothing")
        return found

    def _without_arrows(self, line: Line) -> Line:
        towards = None if NEXT_STEP in self.hidden else line.towards
        came_from = None if LAST_STEP in self.hidden else line.came_from
        return replace(line, towards=towards, came_from=came_from)


AS_THE_PLOT_SAYS: Final = Showing()
"""Nothing was changed."""


def _names_in(plot: AnyPlot) -> set[str]:
    """What of a plot can be hidden."""
    if isinstance(plot, PicturePlot):
        return set()
    if isinstance(plot, MapPlot):
        return {one.name for one in plot.points} | {one.name for one in plot.paths}
    return {line.name for line in plot.lines} | {line.arrows for line in plot.lines if line.arrows}
