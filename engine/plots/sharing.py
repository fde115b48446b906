"""What tasks share: their mixing matrices, and how the outcome compares with not learning them."""

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line, Picture, PicturePlot, Plot
from engine.runs.records import RunRecord

LEARNED = "learned"
"""What the outcome of meta-optimization is called beside its baselines."""


def sharing_pictures(record: RunRecord) -> list[PicturePlot]:
    """The mixing matrices, normalised like correlations, one a layer.

    Returns:
        One plot; none if nothing is shared.
    """
    matrices = record.current.sharing
    if not matrices.size:
        return []
    layers = tuple(
        Picture(f"layer {number + 1}", correlations(matrix))
        for number, matrix in enumerate(matrices)
    )
    return [
        PicturePlot(
            "sharing",
            "Weight sharing",
            layers,
            "correlation of weights",
            "diverging",
            (-1.0, 1.0),
            caption="of each layer's mixing matrix A: A Aᵀ, scaled like correlations; "
            "1: identical weights, 0: unrelated",
            entries=record.data.task_names,
        )
    ]


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


def comparison(record: RunRecord) -> list[Plot]:
    """Losses at the end of the baselines and of what was learned.

    Returns:
        One plot; none while there is nothing to compare.
    """
    finished = record.finished
    if finished is None or finished.losses is None or not finished.baselines:
        return []
    judged = {**finished.baselines, LEARNED: finished.losses}
    places, lines = np.arange(len(judged), dtype=np.float64), []
    for colour, part in enumerate(("training", "validation", "test")):
        values = [getattr(losses, part) for losses in judged.values()]
        if any(value is not None for value in values):
            y = np.array([np.nan if value is None else value for value in values])
            lines.append(Line(part, places, y, colour, "points"))
    told = [
        f"{name} {losses.training:.3g}" + ("" if losses.test is None else f" and {losses.test:.3g}")
        for name, losses in judged.items()
    ]
    unit = "nats" if record.experiment.model.loss == "cross-entropy" else "squared distance"
    return [
        Plot(
            "comparison",
            "Comparison",
            "how weights are shared",
            f"loss ({unit})",
            tuple(lines),
            (-0.5, len(judged) - 0.5),
            caption=f"training and test loss: {'; '.join(told)}",
            x_names=tuple(judged),
        )
    ]
