"""Penalties by weight in the shape of the images: figure 6 of the paper."""

import numpy as np

from engine.plots.base import PicturePlot
from engine.plots.hyperparameters import setting_of
from engine.plots.kind import PlotKind
from engine.plots.pictures import pictures, units
from engine.plots.strategies import moves
from engine.runs.records import RunRecord


def penalty_pictures(what: PlotKind, record: RunRecord) -> PicturePlot | None:
    """One picture a class or hidden unit, where penalties are by weight and data are images."""
    setting, shape = setting_of(record, "l2_penalties"), record.data.image_shape
    is_by_weight = "l2_penalties" in record.free and setting.granularity == "weight"
    if not moves(record) or not is_by_weight or shape is None:
        return None
    first = record.groups[0]
    columns = first.size // (shape[0] * shape[1])
    is_regression = len(record.groups) == 2 and columns == len(record.data.class_names)
    penalties = record.current["l2_penalties"][first.span]
    return pictures(
        what,
        np.log10(np.maximum(penalties, 1e-300)).reshape(-1, columns),
        shape,
        record.data.class_names if is_regression else units(columns),
        "log₁₀ of the penalty",
        "of each weight of the first layer",
        "sequential",
    )
