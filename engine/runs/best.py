"""Which meta-iteration of a run was best so far."""

from math import isfinite

import numpy as np

from engine.experiments.strategies import STRATEGIES
from engine.runs.records import RunRecord


def best_of(record: RunRecord) -> int | None:
    """After how many meta-steps the loss that is the run's objective was lowest.

    None where nothing has been judged, or no loss is finite. What a finished run arrived at counts,
    unless it is one of those that it has been through, as of trials the best.
    """
    if record.tries or STRATEGIES[record.experiment.meta.optimizer].sees_objective:
        return _best_seen(record)
    name = f"{record.experiment.meta.objective}_loss"
    judged = [done.measures for done in record.meta_iterations]
    if record.finished and record.finished.measures:
        judged.append(record.finished.measures)
    losses = {
        place: loss
        for place, each in enumerate(judged)
        if (loss := each.get(name)) is not None and isfinite(loss)
    }
    return min(losses, key=losses.__getitem__) if losses else None


def _best_seen(record: RunRecord) -> int | None:
    """The one that a run returned, whose strategy chooses among them; until then, the lowest."""
    every, end = record.meta_iterations, record.finished
    if end is not None:
        for place, one in enumerate(every):
            values, chosen = one.hyperparameters, end.hyperparameters
            if all(np.array_equal(values[kind], chosen[kind]) for kind in record.free):
                return place
    known = {place: one.objective for place, one in enumerate(every) if isfinite(one.objective)}
    return min(known, key=known.__getitem__) if known else None
