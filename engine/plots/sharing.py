"""What tasks share: their mixing matrices. Figures 8 and 9 of the paper."""

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Picture, PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.strategies import moves
from engine.runs.records import RunRecord


def sharing(what: PlotKind, record: RunRecord) -> PicturePlot | None:
    """The mixing matrices, normalised like correlations, one a layer."""
    matrices = record.current.get("sharing")
    if not moves(record) or matrices is None:
        return None
    layers = tuple(
        Picture(f"layer {number + 1}", correlations(matrix))
        for number, matrix in enumerate(matrices)
    )
    return PicturePlot(
        what.key,
        what.title,
        layers,
        "correlation of weights",
        "diverging",
        (-1.0, 1.0),
        caption="of each layer's mixing matrix A: A Aᵀ, scaled like correlations; "
        "1: identical weights, 0: unrelated",
        entries=record.data.task_names,
    )


def correlations(matrix: Floats) -> Floats:
    """How alike the parameters A z of n tasks are over all z: A Aᵀ, scaled to 1 on its diagonal.

    Args:
        matrix: (n, n) the mixing matrix A; rows are tasks.

    Returns:
        (n, n), NaN where a task's row is zero.
    """
    products = matrix @ matrix.T
    length = np.sqrt(np.diag(products))
    length = np.where(length > 0, length, np.nan)
    scaled: Floats = np.clip(products / np.outer(length, length), -1.0, 1.0)
    return scaled
