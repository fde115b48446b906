"""The experiment that a person's file proposes: with its groups and hyperparameters as it says."""

from typing import Any, Final

from engine.data.datasets import OWN
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.mistakes import no_such_field
from engine.experiments.own_problem import OwnProblem
from engine.experiments.problems import validate
from engine.experiments.values import names_in
from engine.own.loading import Loaded
from engine.own.mistakes import mistake

_OPEN: Final = ("training", "hyperparameters", "hypergradient", "meta", "stopping")
_OPEN_FIELDS: Final = ("method", "problem.time_limit", "problem.checked")


def proposed(loaded: Loaded) -> Experiment:
    """The experiment that a file proposes.

    Raises:
        OwnFileError: one of its settings cannot be so.
    """
    content = loaded.content
    tables: dict[str, Any] = {
        "name": content.name.removesuffix(".py")[:100].strip("./\\ ") or "problem",
        "title": loaded.title,
        "description": loaded.description,
        "problem": loaded.declared.model_dump(exclude_none=True),
        "data": {"source": OWN},
        "model": {"kind": "own losses"},
        "hyperparameters": {
            kind: {"free": one.free, "domain": one.declared.domain}
            for kind, one in zip(loaded.declared.kinds, loaded.theta, strict=True)
        },
    }
    known = {*names_in(Experiment)}
    line = loaded.lines.of("settings")
    for name, value in loaded.settings.items():
        field = _kind_named(name, loaded.declared)
        *rooms, last = field.split(".")
        if field not in known or not (field in _OPEN_FIELDS or (rooms and rooms[0] in _OPEN)):
            raise mistake(content, line, f"settings, {name}: {no_such_field(name, Experiment)}")
        table = tables
        for room in rooms:
            table = table.setdefault(room, {})
        table[last] = value
    try:
        return validate(tables)
    except InputError as error:
        raise mistake(content, line, f"settings, {error.field}: {error.sentence}") from None


def _kind_named(field: str, declared: OwnProblem) -> str:
    """A field, with a hyperparameter of the file by its kind: "hyperparameters.penalties.free"."""
    own = {theta.name: kind for kind, theta in declared.kinds.items()}
    room, _, rest = field.partition(".")
    if room != "hyperparameters":
        return field
    name, _, last = rest.rpartition(".")
    return f"{room}.{own.get(name, name)}.{last}"
