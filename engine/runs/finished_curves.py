"""The learning curves of a finished run, in the order of its meta-iterations or trials."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.curve_sets import CurveSet, whole_curves
from engine.runs.records import RunRecord

_MOST_POINTS: Final = 100
"""Of a curve of training losses: each is the mean of several minibatches then."""


def curves_of(record: RunRecord) -> CurveSet:
    """The curves of its trials on the validation part, where these were measured.

    Trials count from 1, as in all plots, and meta-iterations from 0.

    Else its elementary learning curves: training losses, of which a point may average some. Trials
    that were stopped early are left out, as nobody knows where they would have ended.

    Raises:
        InputError: it has fewer than two, or it is a single training run.
    """
    experiment = record.experiment
    title = experiment.title or experiment.name
    if record.is_one_run:
        raise InputError(title, "expected several training runs, found one, in real time.")
    if any(one.judged is not None for one in record.meta_iterations):
        return _judged_curves(record, title)
    word, first = ("trial", 1) if record.tries else ("meta-iteration", 0)
    iterations = max((len(one.learning_curve) for one in record.meta_iterations), default=0)
    size = -(-iterations // _MOST_POINTS) or 1
    curves = [
        (f"{word} {one.index + first}", _in_blocks(one.learning_curve, size))
        for one in record.meta_iterations
    ]
    each = float(size)
    return whole_curves(
        experiment.name, title, "loss", curves, "training iteration", each, first=each
    )


def _judged_curves(record: RunRecord, title: str) -> CurveSet:
    """On the validation part, at evenly spaced places of training."""
    experiment = record.experiment
    measured = [one for one in record.meta_iterations if one.judged is not None]
    points = max(len(one.judged_at) for one in measured if one.judged_at is not None)
    each = experiment.training.iterations / points
    curves = [(f"trial {one.index + 1}", one.judged) for one in measured if one.judged is not None]
    by = experiment.stopping.judged_by
    return whole_curves(
        experiment.name, title, by, curves, "training iteration", each, first=each, points=points
    )


def _in_blocks(curve: Floats, size: int) -> Floats:
    """(N,) means of so many values each; what does not fill the first is left out of it.

    The last value of a mean is the last of the curve, so that all end where training does.
    """
    values = np.asarray(curve, float)
    rest = len(values) % size
    whole = values[rest:].reshape(-1, size)
    return whole.mean(1) if whole.size else values
