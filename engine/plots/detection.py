"""How well small example weights find the labels that were corrupted on purpose."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.experiments.measures import DETECTION
from engine.hyperparameters.example_weights import DISTRUSTED, found_by
from engine.plots.base import Dash, Line, Plot
from engine.plots.changes import with_changes
from engine.plots.columns import counted
from engine.plots.hyperparameters import has_plot
from engine.plots.kind import PlotKind
from engine.runs.records import RunRecord

_KIND: Final = "example_weights"
_DASHES: Final[tuple[Dash, ...]] = ("dashed", "dotted", "solid")


def detection(what: PlotKind, record: RunRecord) -> Plot | None:
    """Precision, recall and F1, after each meta-step."""
    moved = record.data.corrupted
    if moved is None or not has_plot(record, _KIND) or moved.shape != record.current[_KIND].shape:
        return None
    history = [record.initial, *(done.next_hyperparameters for done in record.meta_iterations)]
    if record.following is not None:  # a moment before the last meta-step
        history.pop()
    told = np.array([_means(one[_KIND], moved) for one in history]).T
    lines = tuple(
        Line(measure.title, counted(len(history)), values, colour, dash)
        for colour, (measure, dash, values) in enumerate(zip(DETECTION, _DASHES, told, strict=True))
    )
    caption = (
        f"F1 {told[-1, -1]:.3f}; labels whose weight is below {DISTRUSTED:g} count as corrupted"
    )
    return Plot(
        what.key,
        what.title,
        "meta-iteration",
        "share",
        lines,
        (0, record.planned),
        caption=with_changes(caption, record),
        along="meta-iterations",
        y_covers=(0.0, 1.0),
    )


def _means(weights: Floats, moved: NDArray[np.bool_]) -> Floats:
    """(3,) precision, recall and F1, averaged over the seeds for which they are known."""
    every = np.array([found_by(*pair) for pair in zip(weights, moved, strict=True)], np.float64)
    known = np.isfinite(every)
    sums, counts = np.where(known, every, 0.0).sum(axis=0), known.sum(axis=0)
    return np.where(counts, sums / np.maximum(counts, 1), np.nan)
