"""The fields of the set-up panel, made from the descriptions of an experiment's fields."""

from collections.abc import Callable
from typing import Any, Final

from app.numbers import read_count, read_number
from app.setup.field import Field
from app.setup.fields import AmountField, ChoiceField, FlagField, TextField, read_list
from app.setup.schedule_field import ScheduleField
from engine.experiments.fields import Description, Descriptions
from engine.experiments.stopping import STOPPED_BY_HAND
from engine.experiments.strategies import STRATEGIES
from engine.experiments.what_applies import OF_DATA_SET
from engine.hyperparameters.kinds import KINDS

_BUFFER: Final = "training.buffer_megabytes"  # of exact reversal
_READERS: Final[dict[type, Callable[[str], Any]]] = {int: read_count, float: read_number}


def split_fields(every: Descriptions) -> list[Field]:
    """How the examples are split and scaled, episodes drawn, and a series forecast."""
    split = [field for field in _fields_of(every, "data") if field.key not in OF_DATA_SET]
    return [*split, *_fields_of(every, "episodes"), *_fields_of(every, "series")]


def problem_fields(every: Descriptions) -> list[Field]:
    """What is asked of a file with losses of one's own; the rest of its table it declares."""
    rows = (every["problem.time_limit"], every["problem.checked"])
    return [field for field in map(make_field, rows) if field]


def model_fields(every: Descriptions) -> list[Field]:
    """What is trained."""
    return _fields_of(every, "model")


def training_fields(every: Descriptions) -> list[Field]:
    """How it is trained."""
    return [field for field in _fields_of(every, "training") if field.key != _BUFFER]


def hypergradient_fields(every: Descriptions) -> list[Field]:
    """How the hypergradient is computed."""
    options = [one for key, one in every.items() if key.startswith("hypergradient.")]
    rows = (every["method"], every[_BUFFER], *options)
    return [field for field in map(make_field, rows) if field]


def hyperparameter_fields(every: Descriptions, kind: str) -> list[Field]:
    """Whether a kind is free, where it starts, and how finely it is set if there is a choice."""
    what = {name: every[f"hyperparameters.{kind}.{name}"] for name in ("free", "initial")}
    start = ScheduleField(kind, what["initial"])
    granularity = make_field(every[f"hyperparameters.{kind}.granularity"])
    return [FlagField(what["free"]), start, *([granularity] if granularity else [])]


def movement_fields(every: Descriptions) -> list[Field]:
    """In which domain each kind moves, and within which constraint, where there is a choice."""
    names = "domain", "constraint", "bound"
    rows = [make_field(every[f"hyperparameters.{kind}.{name}"]) for kind in KINDS for name in names]
    return [field for field in rows if field]


def meta_fields(every: Descriptions) -> list[Field]:
    """How the hyperparameters are tuned."""
    constants = _constants()
    return [field for field in _fields_of(every, "meta") if field.key not in constants]


def constant_fields(every: Descriptions) -> list[Field]:
    """The constants of all meta-optimizers."""
    constants = _constants()
    return [field for field in _fields_of(every, "meta") if field.key in constants]


def stopping_fields(every: Descriptions) -> list[Field]:
    """When something ends before its end; what a person has stopped is no setting."""
    return [field for field in _fields_of(every, "stopping") if field.key != STOPPED_BY_HAND]


def make_field(what: Description) -> Field | None:
    """A field for what is described; None where there is nothing to choose."""
    if what.choices:
        return ChoiceField(what) if len(what.choices) > 1 else None
    kind = what.values.types[0]
    if len(what.values.types) > 1:
        return AmountField(what)
    if kind is bool:
        return FlagField(what)
    read = _READERS.get(kind, kind)
    if what.values.is_list:
        return TextField(what, lambda text: read_list(text, read))
    return TextField(what, read)


def _fields_of(every: Descriptions, table: str) -> list[Field]:
    """The fields of a table of the experiment, in the order in which they are described."""
    rows = [one for key, one in every.items() if key.startswith(f"{table}.")]
    return [field for field in map(make_field, rows) if field]


def _constants() -> set[str]:
    return {f"meta.{name}" for strategy in STRATEGIES.values() for name in strategy.constants}
