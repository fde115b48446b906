"""The gallery's picture of HOAG."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from engine.runs.records import RunRecord

_STEPS = 14


def funnel(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The penalty at every step, within a band as wide as its tolerance, which shrinks."""
    done = record.meta_iterations[:_STEPS]
    path = np.log([one.hyperparameters["l2_penalties"][0] for one in done])
    asked = np.array([one.tolerance for one in done])
    half = 0.9 * (asked / asked[0]) ** 0.25  # else nothing would be seen of the later ones
    axes: Axes = figure.add_axes((0.06, 0.08, 0.88, 0.84))
    axes.set_axis_off()
    x = np.arange(len(path))
    axes.fill_between(x, path - half, path + half, color=theme.lines[0], alpha=0.18, linewidth=0)
    for edge in (path - half, path + half):
        axes.plot(x, edge, color=theme.lines[0], linewidth=0.8, alpha=0.6)
    axes.axhline(path[-1], color=theme.muted, linewidth=1.0)
    axes.plot(x, path, color=theme.lines[0], linewidth=2.0)
    axes.scatter(x, path, s=26, color=theme.lines[1], zorder=3)


def parting(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The validation loss that falls, and the test loss that turns round above it."""
    done = record.meta_iterations
    axes: Axes = figure.add_axes((0.06, 0.08, 0.88, 0.84))
    axes.set_axis_off()
    x = np.sqrt(np.arange(len(done)))
    validation, test = ([one.measures[name] for one in done] for name in _BOTH)
    axes.fill_between(x, validation, test, color=theme.lines[2], alpha=0.12, linewidth=0)
    axes.plot(x, validation, color=theme.lines[1], linewidth=2.2)
    axes.plot(x, test, color=theme.lines[2], linewidth=2.2, linestyle=(0, (4, 2)))


_BOTH = ("validation_loss", "test_loss")
