"""Which meta-iteration of a run was best so far."""

from math import isfinite

from engine.runs.records import RunRecord


def best_of(record: RunRecord) -> int | None:
    """After how many meta-steps the loss that is the run's objective was lowest.

    None where nothing has been judged, or no loss is finite. What a finished run arrived at counts.
    """
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
