"""Changes of an experiment while its run goes on: what they are, and what follows from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.errors import InputError
from engine.experiments.changeable import changeable
from engine.experiments.experiment import Experiment
from engine.experiments.fields import descriptions
from engine.experiments.mistakes import no_such_field
from engine.experiments.problems import validate
from engine.experiments.stopping import STOPPED_BY_HAND
from engine.experiments.strategies import STRATEGIES
from engine.experiments.values import names_in


@dataclass(frozen=True)
class Change:
    """New values of fields, which a run takes over between two meta-iterations.

    Attributes:
        meta_iteration: the first one they count for, from 0.
        settings: values by the dotted names of their fields, {"meta.step": 0.02}; read-only.
    """

    meta_iteration: int
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.meta_iteration, dict(self.settings))


def changed(experiment: Experiment, settings: Mapping[str, Any]) -> Experiment:
    """An experiment after a change of fields that may change during its run.

    Raises:
        InputError: a field may not change then, or cannot hold the value.
    """
    tables = experiment.model_dump(exclude_none=True)
    allowed = changeable(experiment)
    for key, value in settings.items():
        if key not in allowed:
            raise InputError(key, _refusal(key, experiment))
        room, _, last = key.rpartition(".")
        table = tables
        for part in room.split("."):
            table = table[part]
        table[last] = value
    return validate(tables)


def unanswered(experiment: Experiment) -> Experiment:
    """The same without what a person answered while it ran: as somebody would set it up."""
    stopping = experiment.stopping.model_copy(update={"by_hand": ()})
    return experiment.model_copy(update={"stopping": stopping})


def differences(before: Experiment, after: Experiment) -> dict[str, Any]:
    """The fields whose values differ between two experiments, with the values of the second."""
    old, new = dict(_leaves(before.model_dump())), dict(_leaves(after.model_dump()))
    return {key: value for key, value in new.items() if old[key] != value}


def in_words(settings: Mapping[str, Any], experiment: Experiment) -> str:
    """As in "step size 0.02, decays free".

    Args:
        settings: values by the dotted names of fields that may change.
        experiment: whose fields they are.
    """
    return ", ".join(_in_words(key, value, experiment) for key, value in settings.items())


def _in_words(key: str, value: Any, experiment: Experiment) -> str:
    if key == "meta.iterations":
        return STRATEGIES[experiment.meta.optimizer].amount(value)
    if key == STOPPED_BY_HAND:
        return "stopped by hand"
    what = descriptions()[key]
    name = what.label if isinstance(value, bool) else what.title
    if name[1:2].isalpha():  # a word, not a symbol
        name = name[:1].lower() + name[1:]
    if isinstance(value, str):
        return f"{name}: {what.choices.get(value, value)}"
    state = ("fixed", "free")[value] if isinstance(value, bool) else f"{value:g}"
    return f"{name} {state}"


def _refusal(key: str, experiment: Experiment) -> str:
    if experiment.is_one_run and key in changeable():
        return "expected no change, because this is one training run: stop it and run again."
    if experiment.meta.optimizer == "grid" and key == "meta.iterations":
        return "expected no change, because the points of the grid follow from it."
    if key in changeable():
        return "expected no change, because the meta-iterations of this run have to be alike."
    if key in names_in(Experiment):
        return "expected no change during a run: stop it and run again with another value."
    return no_such_field(key, Experiment)


def _leaves(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
