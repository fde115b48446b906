"""What plots ask of a run's hyperparameters, kind by kind."""

from typing import Final

from engine.arrays import Floats
from engine.hyperparameters.kinds import KINDS, Kind, Setting
from engine.hyperparameters.values import Hyperparameters
from engine.plots.strategies import moves
from engine.plots.strokes import Strand, strands
from engine.runs.records import RunRecord

_ALWAYS_SHOWN: Final = "learning_rates"


def setting_of(record: RunRecord, kind: Kind) -> Setting:
    """How a run sets a kind."""
    setting: Setting = getattr(record.experiment.hyperparameters, kind)
    return setting


def values_of(hyperparameters: Hyperparameters, kind: Kind) -> Floats:
    """The values of a kind, in their full shape."""
    return hyperparameters.arrays()[kind]


def is_schedule(kind: Kind) -> bool:
    """Whether a kind has a value for each training iteration."""
    return "iteration" in KINDS[kind].granularities


def has_plot(record: RunRecord, kind: Kind) -> bool:
    """Whether a kind's values are worth a plot: they move, or would be missed."""
    return moves(record) and (setting_of(record, kind).free or kind == _ALWAYS_SHOWN)


def strands_of(record: RunRecord, kind: Kind) -> list[Strand]:
    """What a kind sets apart: each parameter group, or all of them together."""
    per_group = "group" in setting_of(record, kind).granularity
    return strands(record.groups, per_group=per_group)
