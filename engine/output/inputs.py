"""The numbers of a run that learned a penalty for each input (Bengio 2000)."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.experiments.measures import LEARNED
from engine.plots.input_bars import LATER, VANISHED, parts_of, weights_of_inputs
from engine.plots.stage import Stage
from engine.runs.records import RunRecord


def of_inputs(record: RunRecord) -> dict[str, Any]:
    """What penalties of the inputs come to, beside none and the best single one.

    The criterion is half the validation loss where that is a squared error, as in the paper; else
    the validation loss.
    """
    penalties, parts = record.current["l2_penalties"], parts_of(record)
    finished = record.finished
    rows = dict(finished.baselines) if finished else {}
    if finished and finished.measures:
        rows[LEARNED] = finished.measures
    half = 0.5 if record.experiment.model.loss == "squared" else 1.0
    return {
        "criterion": {name: _times(half, row.validation) for name, row in rows.items()},
        "validation loss": {name: row.validation for name, row in rows.items()},
        "test loss": {name: row.test for name, row in rows.items()},
        f"weights below {VANISHED:g} in the last meta-iteration": _vanished(record),
        "median penalty": {name: float(np.median(penalties[part])) for name, part in parts.items()},
    }


def _vanished(record: RunRecord) -> dict[str, str]:
    """How many inputs have no weight worth the name."""
    stage, index = Stage(record.started_from), len(record.meta_iterations) - 1
    w = stage.parameters(record, index, record.iterations)
    weights = np.abs(weights_of_inputs(record, w))
    return {
        name: f"{np.count_nonzero(weights[part] < VANISHED)} of {weights[part].size}"
        for name, part in parts_of(record).items()
        if name != LATER
    }


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value
