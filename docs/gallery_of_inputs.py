"""The gallery's picture of inputs that are pruned."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from engine.plots.base import Plot
from engine.plots.scenes import every_plot
from engine.runs.records import RunRecord


def weights_that_vanish(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The weights of real inputs, and those of noise beside them, after some meta-iterations."""
    axes: Axes = figure.add_axes((0.06, 0.1, 0.88, 0.8))
    axes.set_axis_off()
    axes.margins(0.01, 0.05)
    [plot] = [one for one in every_plot(record) if one.key == "input_weights"]
    assert isinstance(plot, Plot)
    for line, ink in zip(plot.lines, theme.lines, strict=False):
        axes.bar(line.x, np.asarray(line.y), line.width, color=ink)
    axes.axhline(0.0, color=theme.muted, linewidth=1.0)
