"""How strongly classes are drawn together: Franceschi et al. (2017), section 5.2."""

from engine.hyperparameters.interactions import as_matrix
from engine.plots.base import Picture, PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.strategies import moves
from engine.runs.records import RunRecord


def interactions(what: PlotKind, record: RunRecord) -> PicturePlot | None:
    """The symmetric matrix of interactions, if they are learned."""
    if not moves(record) or "interactions" not in record.free:
        return None
    matrix = as_matrix(record.current["interactions"])
    used = int((matrix > 0).sum()) // 2
    pairs = matrix.shape[0] * (matrix.shape[0] - 1) // 2
    return PicturePlot(
        what.key,
        what.title,
        (Picture("A", matrix),),
        "interaction",
        "sequential",
        (0.0, max(float(matrix.max()), 1e-12)),
        caption=f"{used} of {pairs} pairs of classes are drawn together; "
        f"all interactions sum to {matrix.sum():.3g}",
        entries=record.data.class_names,
    )
