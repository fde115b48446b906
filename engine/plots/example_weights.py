"""How training examples are weighted: two histograms, of clean and of corrupted labels."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.hyperparameters.example_weights import DISTRUSTED, distrusted
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Line, Plot
from engine.plots.hyperparameters import has_plot
from engine.plots.kind import PlotKind
from engine.runs.records import RunRecord

_BINS: Final = 20


def example_weights(what: PlotKind, record: RunRecord) -> Plot | None:
    """A histogram of the weights; of labels that were corrupted on purpose one of their own."""
    kind = KINDS["example_weights"]
    if not has_plot(record, kind.name):
        return None
    weights, moved = record.current[kind.name], record.data.corrupted
    if moved is None or moved.shape != weights.shape:
        parts = {"examples": weights.ravel()}
        told = f"{_share(weights)} of the examples"
    else:
        parts = {"clean": weights[~moved], "corrupted": weights[moved]}
        told = f"{_share(parts['corrupted'])} of the corrupted labels, {_share(parts['clean'])} of "
        told += "the clean"
    edges = np.linspace(kind.low, kind.high, _BINS + 1)
    centres, width = (edges[1:] + edges[:-1]) / 2, float(edges[1] - edges[0])
    return Plot(
        what.key,
        what.title,
        kind.singular,
        "share of the examples",
        tuple(
            Line(
                name,
                centres,
                shares,
                colour,
                ("solid", "dashed")[colour],
                low=np.zeros(_BINS),
                high=shares,
                width=width,
            )
            for colour, (name, values) in enumerate(parts.items())
            for shares in (_shares(values, edges),)
        ),
        (kind.low, kind.high),
        caption=f"below {DISTRUSTED:g}: {told}",
        counts_x=False,
        x_unit=kind.symbol,
        y_covers=(0.0, 1.0),
    )


def _shares(values: Floats, edges: Floats) -> Floats:
    """Which share of some values lies in each bin."""
    counts, _ = np.histogram(values, edges)
    return counts / max(len(values), 1)


def _share(values: Floats) -> str:
    found: NDArray[np.bool_] = distrusted(values)
    return f"{np.mean(found) if found.size else 0:.0%}"
