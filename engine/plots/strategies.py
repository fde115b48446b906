"""What a run's meta-iterations are to each other: steps of a descent, of a sweep, or samples."""

from typing import Final, NamedTuple

from engine.arrays import Floats
from engine.experiments.strategies import STRATEGIES
from engine.plots.columns import counted
from engine.runs.records import RunRecord

LAST_DONE: Final = "the last done"
"""Said of a meta-iteration while the next one is under way, or was when the run ended."""


def moves(record: RunRecord) -> bool:
    """Whether meta-iterations differ in what is free, other than along a line."""
    return STRATEGIES[record.experiment.meta.optimizer].shows in ("descent", "updates", "trials")


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


def standing_of(record: RunRecord, index: int, *, is_latest: bool = False) -> str:
    """What there is to know of a finished meta-iteration whose training is shown; often nothing.

    Training for the final judgement is not kept: what is shown at a run's end is one meta-step
    behind the losses there.

    Args:
        record: of the run, as far as it is.
        index: of the meta-iteration.
        is_latest: whether it is shown for being the last one, and not because it was chosen.
    """
    end, is_last = record.finished, index == len(record.meta_iterations) - 1
    if (
        moves(record)
        and not (record.is_one_run or record.tries)
        and end
        and end.measures
        and is_last
    ):
        return "before the last meta-step"
    is_completed = end is not None and end.outcome == "completed"
    return LAST_DONE if is_latest and not is_completed else ""


def name_of_last_done(record: RunRecord) -> str:
    """What the last meta-iteration done is called, and that it is so while another is under way."""
    name = name_of(record, len(record.meta_iterations) - 1)
    return name if record.under_way is None else f"{name}, {LAST_DONE}"


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
    """Meta-iterations, counted from 0, of which the last may be the final judgement.

    Seeds and trials are counted from 1.

    Args:
        record: of a run that is no sweep.
        count: how many are known.
    """
    first = 1 if is_averaged(record) or record.tries else 0
    ends = first, max(record.planned, first + 1)
    return Course(STRATEGIES[record.experiment.meta.optimizer].unit, counted(count) + first, ends)
