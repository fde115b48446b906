"""The gallery's pictures of comparisons of methods."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from app.theme import Theme
from docs.comparisons import compared, plots_of
from docs.gallery_parts import axes_in
from engine.runs.records import RunRecord


def six_ways(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The hypergradient of every weight's penalty by each method that the card compares."""
    axes = axes_in(figure)
    [plot] = plots_of(compared(record.experiment, ())).values()
    for line in reversed(plot.lines):
        colour = theme.line_colour(line.colour).name()
        axes.plot(line.x, line.y, color=colour, linewidth=1.8, linestyle=line.dash)


def crossing(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """How long forward and reverse mode take for ever more hyperparameters."""
    axes = axes_in(figure)
    plot = plots_of(compared(record.experiment, ("hyperparameters",)))["time_by_hyperparameters"]
    for line in plot.lines:
        colour = theme.line_colour(line.colour).name()
        style: Any = {"color": colour, "linewidth": 1.8, "linestyle": line.dash}
        axes.plot(line.x, np.log(line.y), marker="o", markersize=3, **style)
    for mark in plot.marks:
        axes.axvline(mark.x, color=theme.muted, linewidth=1.0, linestyle=(0, (3, 2)))
