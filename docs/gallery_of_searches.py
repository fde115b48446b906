"""The gallery's pictures of searches: with and without hypergradients, and stopped early."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from docs.searches import plots_of, searched
from engine.runs.records import RunRecord


def searches(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The best so far of each strategy that the card compares, over what that took."""
    axes: Axes = figure.add_axes((0.05, 0.08, 0.90, 0.84))
    axes.set_axis_off()
    axes.margins(0.02, 0.06)
    plot = plots_of(searched(record.experiment))["objective_by_runs"]
    for line in reversed(plot.lines):
        assert line.low is not None
        assert line.high is not None
        colour = theme.line_colour(line.colour).name()
        low, y, high = (np.log(each) for each in (line.low, line.y, line.high))
        axes.fill_between(line.x, low, high, color=colour, alpha=0.22, linewidth=0)
        axes.plot(line.x, y, color=colour, linewidth=1.8)


def stopped_early(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Curves of trials: grey, and then a band, where they were stopped; the best one strong."""
    axes: Axes = figure.add_axes((0.05, 0.08, 0.90, 0.84))
    axes.set_axis_off()
    axes.margins(0.02, 0.06)
    stops = [text for text in record.experiment.compares if "stopping=" in text]
    found = searched(record.experiment.model_copy(update={"compares": tuple(stops)}), seeds=1)
    steps = found.steps[0]
    best = int(np.nanargmin([step.objective for step in steps]))
    for number, curve in enumerate(step.trial for step in steps):
        assert curve is not None, "trials that may be stopped have curves"
        ink = theme.line_colour(0).name() if curve.prediction is None else theme.muted
        alpha, width = (1.0, 2.4) if number == best else (0.6, 1.0)
        axes.plot(curve.at, curve.values, color=ink, linewidth=width, alpha=alpha)
        if curve.prediction is not None:
            x = [curve.prediction.iteration, curve.prediction.horizon]
            low, high = ([float(curve.values[-1]), end] for end in curve.prediction.ends)
            axes.fill_between(x, low, high, color=ink, alpha=0.08, linewidth=0)
    axes.set_ylim(0.0, 1.02)
