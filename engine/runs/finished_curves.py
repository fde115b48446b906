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
    """Its elementary learning curves: training losses, of which a point may average some.

    Raises:
        InputError: it has fewer than two, or it is a single training run.
    """
    experiment = record.experiment
    title = experiment.title or experiment.name
    if record.is_one_run:
        raise InputError(title, "expected several training runs, found one, in real time.")
    word = "trial" if record.tries else "meta-iteration"
    iterations = max((len(one.learning_curve) for one in record.meta_iterations), default=0)
    size = -(-iterations // _MOST_POINTS) or 1
    curves = [
        (f"{word} {one.index}", _in_blocks(one.learning_curve, size))
        for one in record.meta_iterations
    ]
    each = float(size)
    return whole_curves(
        experiment.name, title, "loss", curves, "training iteration", each, first=each
    )


def _in_blocks(curve: Floats, size: int) -> Floats:
    """(N,) means of so many values each; what does not fill the first is left out of it.

    The last value of a mean is the last of the curve, so that all end where training does.
    """
    values = np.asarray(curve, float)
    rest = len(values) % size
    whole = values[rest:].reshape(-1, size)
    return whole.mean(1) if whole.size else values
