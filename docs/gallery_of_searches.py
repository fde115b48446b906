"""The gallery's picture of searches with and without hypergradients."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from engine.plots.strategy_plots import strategy_plots
from engine.runs.compare_strategies import compare_strategies
from engine.runs.records import RunRecord
from engine.runs.strategies_compared import StrategiesRecord, StrategiesStarted


def searches(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The best so far of each strategy that the card compares, over what that took."""
    axes: Axes = figure.add_axes((0.05, 0.08, 0.90, 0.84))
    axes.set_axis_off()
    axes.margins(0.02, 0.06)
    found = None
    for event in compare_strategies(record.experiment, record.experiment.compares, seeds=3):
        if isinstance(event, StrategiesStarted):
            found = StrategiesRecord(event)
        elif found:
            found.add(event)
    assert found is not None
    plot = strategy_plots(found)[0]
    for line in reversed(plot.lines):
        assert line.low is not None
        assert line.high is not None
        colour = theme.line_colour(line.colour).name()
        low, y, high = (np.log(each) for each in (line.low, line.y, line.high))
        axes.fill_between(line.x, low, high, color=colour, alpha=0.22, linewidth=0)
        axes.plot(line.x, y, color=colour, linewidth=1.8)
