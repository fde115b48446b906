"""What a run's meta-iterations are to each other: steps of a descent, of a sweep, or samples."""

from typing import NamedTuple

from engine.arrays import Floats
from engine.experiments.strategies import STRATEGIES
from engine.plots.columns import counted
from engine.runs.records import RunRecord


def moves(record: RunRecord) -> bool:
    """Whether each meta-iteration begins where the hypergradient of the last one led."""
    return STRATEGIES[record.experiment.meta.optimizer].shows in ("descent", "updates")


def is_averaged(record: RunRecord) -> bool:
    """Whether a run's meta-iterations are samples: nothing moves between them."""
    return STRATEGIES[record.experiment.meta.optimizer].shows == "samples"


def is_a_sweep(record: RunRecord) -> bool:
    """Whether a run goes on by the same step each time."""
    return STRATEGIES[record.experiment.meta.optimizer].shows == "sweep"


def after_the_first(record: RunRecord) -> str:
    """What a plot says while there is nothing to draw."""
    return f"known after the first {STRATEGIES[record.experiment.meta.optimizer].unit}"


def name_of(record: RunRecord, index: int) -> str:
    """What a run's meta-iteration is called, as in "meta-iteration 3" or "seed 4"."""
    return STRATEGIES[record.experiment.meta.optimizer].name_of(index)


class Course(NamedTuple):
    """The axis that a run goes along.

    Attributes:
        label: what it counts.
        x: (n,) where the meta-iterations done stand.
        ends: of the axis.
    """

    label: str
    x: Floats
    ends: tuple[float, float]


def course(record: RunRecord, count: int) -> Course:
    """Meta-iterations, counted from 0, of which the last may be the final judgement; or seeds.

    Args:
        record: of a run that is no sweep.
        count: how many are known.
    """
    first = 1 if is_averaged(record) else 0
    ends = first, max(record.planned, first + 1)
    return Course(STRATEGIES[record.experiment.meta.optimizer].unit, counted(count) + first, ends)
