"""Experiments as TOML: those that ship, those in files, and single fields by their dotted names."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import tomli_w

from engine.errors import InputError
from engine.experiments.experiment import Episodes, Experiment, Series
from engine.experiments.full_size import at_its_size
from engine.experiments.mistakes import no_such_field
from engine.experiments.own_problem import OwnProblem
from engine.experiments.problems import validate
from engine.experiments.shipped import present_name, shipped_texts
from engine.experiments.stopping import Stopping
from engine.experiments.tasks import task_of
from engine.experiments.toml_texts import MAX_BYTES, read_toml
from engine.experiments.values import names_in
from engine.files import what_is_at, write_whole
from engine.hyperparameters.kinds import KINDS
from engine.sentences import shown

_MOST_TEXTS: Final = 100  # more than ship, or each would be out again before it is asked for


def list_experiments(*, stand_in: bool = False) -> dict[str, Experiment]:
    """The experiments that ship with the program, by name, in the order of their files.

    Args:
        stand_in: use the data that ship, even if those for full size are available.
    """
    found = (
        parse_experiment(text, file, stand_in=stand_in) for file, text in shipped_texts().items()
    )
    return {experiment.name: experiment for experiment in found}


def load_experiment(name_or_path: str | Path, *, stand_in: bool = False) -> Experiment:
    """Load an experiment that ships with the program, or one from a TOML file.

    Args:
        name_or_path: a name, or a path that ends in ``.toml``.
        stand_in: see `parse_experiment`.

    Raises:
        InputError: there is no such experiment or file, or it does not say what it should.
    """
    path = Path(name_or_path)
    if path.suffix.lower() != ".toml":
        shipped = {_tables(text)["name"]: (text, file) for file, text in shipped_texts().items()}
        text, file = shipped[present_name(str(name_or_path), shipped)]
        return parse_experiment(text, file, stand_in=stand_in)
    experiment = parse_experiment(_text_of(path), path.name, stand_in=stand_in)
    anchored = {
        field: _anchored(path, field, value)
        for field in ("file", "labels")
        if (value := getattr(experiment.data, field)) is not None
    }
    own = experiment.problem
    if own.file is not None:
        own = own.model_copy(update={"file": _anchored(path, "file", own.file, "problem")})
    data = experiment.data.model_copy(update=anchored)
    return experiment.model_copy(update={"data": data, "problem": own})


def _text_of(path: Path) -> str:
    try:
        if (found := what_is_at(path)) in ("a folder", "no ordinary file"):
            raise InputError(str(path), f"expected a TOML file, found {found}.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(str(path), f"expected an experiment of at most {MAX_BYTES:,} bytes.")
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        reason = "no file has such a name"
    raise InputError(str(path), f"expected a readable TOML file: {reason}.")


def _anchored(path: Path, field: str, value: str, table: str = "data") -> str:
    """The path of a file that an experiment names, relative to its own."""
    try:
        return str((path.parent / value).resolve())
    except (OSError, ValueError, RuntimeError):  # no name of a file, or links in a circle
        sentence = f"expected the path of a file, found {shown(value)}."
        raise InputError(f"{table}.{field}", sentence, path.name) from None


def parse_experiment(text: str, name: str, *, stand_in: bool = False) -> Experiment:
    """Read an experiment from TOML text, at the size that there are data for.

    Args:
        text: the TOML.
        name: what to call it in messages.
        stand_in: leave out its ``full_size``, even if its data are available.

    Raises:
        InputError: naming the field and what was expected.
    """
    try:
        tables = _tables(text)
    except ValueError as error:
        raise InputError(name, f"expected TOML: {error}.") from None
    try:
        return validate(at_its_size(tables, stand_in=stand_in))
    except InputError as error:
        raise error.inside(name) from None


@lru_cache(maxsize=_MOST_TEXTS)
def _tables(text: str) -> Mapping[str, Any]:
    """The tables of a text, which nobody changes: those that ship are read again and again."""
    return read_toml(text)


_RARE: Final = (
    "meta.updates",
    "stopping.by_hand",
    *(f"data.{name}" for name in ("corrupted", "corruption_seed", "noise_inputs", "noise_seed")),
)
"""Fields that most experiments have as usual, and do not mention."""


def to_toml(experiment: Experiment) -> str:
    """Write an experiment as TOML text that `parse_experiment` reads back.

    What only some tasks have is left out where it is as usual.
    """
    tables = experiment.model_dump(exclude_none=True, mode="json")
    for name in ("hypergradient", "compares"):
        if not tables[name]:
            del tables[name]
    if experiment.episodes == Episodes():
        del tables["episodes"]
    elif (task := task_of(experiment)).own:
        _leave_out(tables, task.ignores)
    if experiment.problem == OwnProblem():
        del tables["problem"]
    if experiment.series == Series():
        del tables["series"]
    if experiment.stopping == Stopping():
        del tables["stopping"]
    _leave_out(tables, _RARE)
    for kind, setting in experiment.hyperparameters.items():
        if KINDS[kind].is_set_by_entry and setting == KINDS[kind].usual:
            del tables["hyperparameters"][kind]
    return tomli_w.dumps(tables)


def _leave_out(tables: dict[str, Any], names: Iterable[str]) -> None:
    """Take fields out that make no difference, where they are there and as usual."""
    for name in names:
        table, _, field = name.partition(".")
        model = Experiment.model_fields[table].annotation
        assert model is not None, "every table is a model"
        usual = model.model_fields[field].get_default()
        if field in tables.get(table, {}) and tables[table][field] == usual:
            del tables[table][field]


def save_experiment(experiment: Experiment, path: str | Path) -> None:
    """Write an experiment to a TOML file, whole or not at all.

    Raises:
        InputError: its schedules are so long that the file could not be loaded again.
        OSError: the file cannot be written.
    """
    content = to_toml(experiment).encode()
    if len(content) > MAX_BYTES:
        expected = f"expected schedules that fit into {MAX_BYTES:,} bytes"
        raise InputError(str(path), f"{expected}, found {len(content):,}.")
    write_whole(Path(path), content)


def override(experiment: Experiment, settings: Mapping[str, str]) -> Experiment:
    """Change fields of an experiment by their dotted names.

    Args:
        experiment: what to start from.
        settings: "training.iterations" → "60"; values are TOML, or plain text; an empty one unsets
            the field.

    Raises:
        InputError: there is no such field, or it cannot hold the value.
    """
    tables: dict[str, Any] = experiment.model_dump(exclude_none=True)
    known = {*names_in(Experiment)}
    for field, text in settings.items():
        if field not in known:
            raise InputError(field, no_such_field(field, Experiment))
        *rooms, last = field.split(".")
        table = tables
        for room in rooms:
            table = table.setdefault(room, {})
            if not isinstance(table, dict):  # by a setting before
                raise InputError(room, f"expected a table, found {shown(table)}.")
        if text:
            table[last] = _literal(text)
        else:
            table.pop(last, None)
        if field == "data.file":
            table.pop("source", None)
        if field == "data.source":
            table.pop("file", None)
    return validate(tables)


def _literal(text: str) -> Any:
    try:
        tables = read_toml(f"value = {text}")
    except ValueError:  # no TOML, so it is plain text
        return text
    return tables["value"] if len(tables) == 1 else text
