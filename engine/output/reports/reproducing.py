"""How a run is made again: the command, the experiment whole, and what it ran with and on."""

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override, to_toml
from engine.files import folder_name
from engine.library.machine import machine, versions
from engine.library.stored_run import StoredRun
from engine.output.reports.content import Block, Code, Text, facts
from engine.output.scripts import short_arrays, to_python
from engine.runs.records import RunRecord

_MOST_SETTINGS: Final = 6  # of a command that people would still read
_WORDS: Final = {"title", "description", "highlights", "compares"}
_MISSING: Final = object()


@dataclass(frozen=True)
class Origin:
    """Which run it is, and what it ran with.

    Attributes:
        name, note, id, began: as its library has them; empty of a run that is in none.
        versions, machine: what it ran with and on; by default what this process does.
        log: what was said of it, each with its time.
    """

    name: str = ""
    note: str = ""
    id: str = ""
    began: str = ""
    versions: dict[str, str] = field(default_factory=lambda: dict(versions()))
    machine: dict[str, str] = field(default_factory=lambda: dict(machine()))
    log: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, run: StoredRun) -> "Origin":
        """What a library knows of a run."""
        return cls(
            *(run.name, run.note, run.id, run.created, dict(run.versions), dict(run.machine)),
            tuple(run.log),
        )


def how_to_reproduce(record: RunRecord, origin: Origin) -> tuple[Block, ...]:
    """The command with the experiment, and the script too where settings were changed."""
    experiment = record.started_from
    blocks = [*_command("run", experiment)]
    if record.changed:
        blocks += [
            Text(
                "Settings were changed while it ran. This script makes the same changes at the "
                "same meta-iterations; its numbers are those of the run."
            ),
            Code(to_python(experiment, record.changes), "run.py"),
        ]
    return (*blocks, *_conditions(experiment, origin))


def how_to_compare(command: str, experiment: Experiment, origin: Origin) -> tuple[Block, ...]:
    """The same of a comparison; ``command`` has the words behind the experiment."""
    return (*_command("compare", experiment, command), *_conditions(experiment, origin))


def command_of(experiment: Experiment) -> Iterator[Block]:
    """The command that runs it, with the experiment only where it does not ship."""
    command, *others = _command("run", experiment)
    is_shipped = isinstance(command, Code)
    yield from (command,) if is_shipped else (command, *others)


def _command(verb: str, experiment: Experiment, rest: str = "") -> Iterator[Block]:
    told = _as_shipped(experiment)
    file = f"{folder_name(experiment.name)}.toml"
    if told is None:
        yield Text(f"Save the experiment below as {file}, and run:")
    words = ["retrograde", verb, *(told if told is not None else [file]), *shlex.split(rest)]
    yield Code(shlex.join(words), "command")
    yield Code(short_arrays(to_toml(experiment)).rstrip(), file)


def _as_shipped(experiment: Experiment) -> list[str] | None:
    """Words of the command for an experiment that ships, with the few settings that differ."""
    for more in ([], ["--stand-in"]):
        shipped = list_experiments(stand_in=bool(more)).get(experiment.name)
        settings = None if shipped is None else _settings(experiment, shipped)
        if settings is not None:
            words = [word for key, text in settings.items() for word in ("--set", f"{key}={text}")]
            return [experiment.name, *words, *more]
    return None


def _settings(experiment: Experiment, shipped: Experiment) -> dict[str, str] | None:
    """What to set so that the one becomes the other in all that counts; None if that is much."""
    own, theirs = _leaves(experiment), _leaves(shipped)
    keys = [key for key in {**theirs, **own} if own.get(key, _MISSING) != theirs.get(key, _MISSING)]
    if len(keys) > _MOST_SETTINGS:
        return None
    settings = {key: _literal(own[key]) if key in own else "" for key in keys}
    try:
        same = _leaves(override(shipped, settings)) == own
    except InputError:
        return None
    return settings if same else None


def _leaves(experiment: Experiment) -> dict[str, Any]:
    """Values by dotted name, of all that makes a difference to numbers."""

    def inside(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from inside(value, f"{prefix}{name}.")
            else:
                yield prefix + name, value

    tables = experiment.model_dump(exclude_none=True, exclude=_WORDS, mode="json")
    return dict(inside(tables, ""))


def _literal(value: Any) -> str:
    """As the command line takes it: TOML, or plain text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(repr(each) for each in value)}]"
    return value if isinstance(value, str) else repr(value)


def _conditions(experiment: Experiment, origin: Origin) -> tuple[Block, ...]:
    seeds = experiment.meta.seeds
    averaged = f", averaged over {seeds:,}" if seeds > 1 else ""
    told = {
        "Seed": f"{experiment.meta.seed} of weights and minibatches{averaged}; "
        f"{experiment.data.seed} of the split",
        **_of_file(experiment),
        "Ran with": ", ".join(f"{name} {value}" for name, value in origin.versions.items()),
        "Ran on": ", ".join(f"{name} {value}" for name, value in origin.machine.items()),
    }
    elsewhere = (
        "Numbers come out the same to the last bit with these versions on this machine; another "
        "processor, BLAS or number of threads may round otherwise."
    )
    return (*facts(told), Text(elsewhere, "muted"))


def _of_file(experiment: Experiment) -> dict[str, str]:
    """The files that it needs, and what they are known by, if that can still be said."""
    found, problem = {}, experiment.problem
    if problem.file is not None:
        found["Problem"] = f"{problem.file} (SHA-256 {problem.sha256})"
    for name, title in (("file", "Data file"), ("labels", "Labels file")):
        if (path := getattr(experiment.data, name)) is not None:
            try:
                with Path(path).open("rb") as content:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()
                found[title] = f"{path} (SHA-256 {digest})"
            except OSError:
                found[title] = path
    return found
