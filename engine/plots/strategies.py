"""What a run's meta-iterations are to each other: steps of a descent, of a sweep, or samples."""

from engine.experiments.strategies import STRATEGIES
from engine.runs.records import RunRecord


def moves(record: RunRecord) -> bool:
    """Whether each meta-iteration begins where the hypergradient of the last one led."""
    return STRATEGIES[record.experiment.meta.optimizer].shows == "descent"


def is_averaged(record: RunRecord) -> bool:
    """Whether a run's meta-iterations are samples: nothing moves between them."""
    return STRATEGIES[record.experiment.meta.optimizer].shows == "samples"


def is_a_sweep(record: RunRecord) -> bool:
    """Whether a run goes on by the same step each time."""
    return STRATEGIES[record.experiment.meta.optimizer].shows == "sweep"
