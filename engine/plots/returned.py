"""Which iterate a run returns whose strategy chooses the best of those that it has seen."""

from engine.arrays import Floats
from engine.experiments.strategies import STRATEGIES
from engine.plots.base import Mark
from engine.runs.best import best_of
from engine.runs.records import RunRecord


def returns_its_best(record: RunRecord) -> bool:
    """Whether what a run arrives at is the best of its iterates, and not the last."""
    return STRATEGIES[record.experiment.meta.optimizer].sees_objective


def marks_of_best(record: RunRecord, x: Floats) -> tuple[Mark, ...]:
    """The iterate that a run returns, or that is the best so far, as the timeline marks it.

    Args:
        record: of the run.
        x: where each of its meta-iterations stands.
    """
    best = best_of(record) if returns_its_best(record) else None
    if best is None or best >= len(x):
        return ()
    return (Mark(float(x[best]), "★ returned" if record.finished else "★ best so far"),)
