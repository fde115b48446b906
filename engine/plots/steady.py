"""Axes and colours that stay where they are while the moments of a run are gone through."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import numpy as np

from engine.plots.bars import drawn_band
from engine.plots.base import AnyPlot, PicturePlot, Plot
from engine.plots.horizontal import each_over_its_axes

Range = tuple[float, float]


class Steady:
    """Makes room in each plot for all that it has shown, so that moments can be compared.

    Args:
        plots: what is shown to begin with.
    """

    def __init__(self, plots: Sequence[AnyPlot]) -> None:
        self._covered: dict[str, Range] = {}
        self._held: dict[str, tuple[AnyPlot, AnyPlot]] = {}
        self._across: dict[str, Range] = {}
        for plot in each_over_its_axes(plots):
            self._widen(plot)

    @overload
    def hold(self, plot: Plot) -> Plot: ...

    @overload
    def hold(self, plot: AnyPlot) -> AnyPlot: ...

    def hold(self, plot: AnyPlot) -> AnyPlot:
        """The same plot over a range that takes in what it has shown before; a map as it is."""
        given, held = self._held.get(plot.key, (None, plot))
        if plot is given:  # nothing is drawn again that has not changed
            return held
        covered = self._widen(plot)
        if isinstance(plot, Plot):
            others = tuple(map(self.hold, plot.others))
            across = self._across[plot.key]
            held = replace(plot, y_covers=covered or plot.y_covers, x_range=across, others=others)
        elif covered and isinstance(plot, PicturePlot):
            held = replace(plot, limits=covered)
        else:
            held = plot
        self._held[plot.key] = plot, held
        return held

    def _widen(self, plot: AnyPlot) -> Range | None:
        now, before = _range_of(plot), self._covered.get(plot.key)
        if isinstance(plot, Plot):
            self._across[plot.key] = _both(plot.x_range, self._across.get(plot.key, plot.x_range))
        if now and before:
            now = _both(now, before)
        if covered := now or before:
            self._covered[plot.key] = covered
        return covered


def _both(one: Range, other: Range) -> Range:
    """What takes in both."""
    return min(one[0], other[0]), max(one[1], other[1])


def _range_of(plot: AnyPlot) -> Range | None:
    """The range of y, or of colours; None if there is nothing, or it never changes."""
    if isinstance(plot, PicturePlot):
        return plot.limits
    if not isinstance(plot, Plot):
        return None
    columns = [line.y for line in plot.lines]
    columns += [end for line in plot.lines for end in drawn_band(line) or ()]
    values = np.concatenate([np.zeros(0), *columns])
    values = values[np.isfinite(values) & ((values > 0) if plot.log_y else True)]
    return (float(values.min()), float(values.max())) if values.size else None
