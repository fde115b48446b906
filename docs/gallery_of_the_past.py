"""The gallery's pictures of weights on the past, and of kernel ridge."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from engine.plots.base import Plot
from engine.plots.scenes import every_plot
from engine.runs.records import RunRecord

_ROOM = (0.05, 0.08, 0.90, 0.84)


def forecast_series(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The series, its forecasts with even weights, and those with what was learned."""
    series, forecast, even = _plot(record, "forecasts").lines
    axes = _axes(figure)
    axes.scatter(series.x, series.y, s=5, color=theme.muted, linewidths=0)
    axes.plot(even.x, even.y, color=theme.lines[1], linewidth=1.4, linestyle=(0, (4, 2)))
    axes.plot(forecast.x, forecast.y, color=theme.lines[0], linewidth=2.0)


def smoother_curve(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The points, the curve that went through them, and the one that was learned."""
    training, _, first, function = _plot(record, "fitted_curve").lines
    axes = _axes(figure)
    axes.scatter(training.x, training.y, s=7, color=theme.muted, linewidths=0)
    axes.plot(first.x, first.y, color=theme.lines[1], linewidth=1.2, alpha=0.7)
    axes.plot(function.x, function.y, color=theme.lines[0], linewidth=2.2)
    low, high = np.min(training.y), np.max(training.y)
    axes.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))


def _plot(record: RunRecord, key: str) -> Plot:
    [plot] = [one for one in every_plot(record) if one.key == key]
    assert isinstance(plot, Plot)
    return plot


def _axes(figure: Figure) -> Axes:
    axes: Axes = figure.add_axes(_ROOM)
    axes.set_axis_off()
    axes.margins(0.02, 0.06)
    return axes
