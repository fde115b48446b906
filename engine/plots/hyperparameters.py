"""What plots ask of a run's hyperparameters, kind by kind."""

from typing import Final

from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting
from engine.plots.strategies import moves
from engine.plots.strokes import Strand, strands
from engine.runs.records import RunRecord

_ALWAYS_SHOWN: Final = "learning_rates"


def setting_of(record: RunRecord, kind: str) -> Setting:
    """How a run sets a kind."""
    return record.experiment.hyperparameters[kind]


def is_schedule(kind: str) -> bool:
    """Whether a kind has a value for each training iteration."""
    return KINDS[kind].enters == "schedule"


def has_plot(record: RunRecord, kind: str) -> bool:
    """Whether a kind's values are worth a plot: they move or did, or would be missed.

    Learning rates are missed where something is trained.
    """
    worth_it = kind in record.free or (kind == _ALWAYS_SHOWN and record.trains)
    return moves(record) and kind in record.current and worth_it


def strands_of(record: RunRecord, kind: str) -> list[Strand]:
    """What a kind sets apart: each parameter group, or all of them together."""
    per_group = "group" in setting_of(record, kind).granularity
    return strands(record.groups, per_group=per_group)
