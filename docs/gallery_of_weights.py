"""The gallery's picture of data hyper-cleaning."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.theme import Theme
from engine.runs.records import RunRecord

_BINS = 16


def two_histograms(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Weights of clean labels, and of corrupted ones below them, after some meta-iterations."""
    weights, moved = record.current["example_weights"], record.data.corrupted
    assert moved is not None
    axes: Axes = figure.add_axes((0.06, 0.06, 0.88, 0.88))
    axes.set_axis_off()
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    for values, way, ink in (
        (weights[~moved], 1.0, theme.lines[0]),
        (weights[moved], -1.0, theme.lines[1]),
    ):
        shares = np.histogram(values, edges)[0] / len(values)
        axes.bar(edges[:-1], way * np.sqrt(shares), 0.8 / _BINS, align="edge", color=ink)
    axes.axhline(0.0, color=theme.muted, linewidth=1.0)
