"""What a run's meta-iterations are to each other: steps of a descent, of a sweep, or samples."""

from engine.runs.records import RunRecord


def moves(record: RunRecord) -> bool:
    """Whether each meta-iteration begins where the hypergradient of the last one led."""
    return not is_averaged(record) and not is_a_sweep(record)


def is_averaged(record: RunRecord) -> bool:
    """Whether a run's meta-iterations are samples: nothing moves between them."""
    return record.experiment.meta.optimizer == "none"


def is_a_sweep(record: RunRecord) -> bool:
    """Whether a run goes on by the same step each time."""
    return record.experiment.meta.optimizer == "sweep"
