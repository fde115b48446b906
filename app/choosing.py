"""The experiment that a command is about: by its name, in a file, or with losses of one's own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment


def choose(
    name: str,
    settings: Mapping[str, str],
    *,
    stand_in: bool,
    problem: Path | None = None,
    trust: bool = False,
) -> "Experiment":
    """An experiment with some of its settings changed.

    Args:
        name: of one that ships, or the path of a TOML file; "" with a problem.
        settings: by dotted names.
        stand_in: use the data that ship.
        problem: a Python file of one's own, in place of a name.
        trust: whether it, or that of the experiment, may run without a question.

    Raises:
        InputError: there is no such experiment; or its file must not run.
    """
    from engine.experiments.files import load_experiment, override

    if (problem is None) == (not name):
        wanted = "expected an experiment or --problem FILE.py"
        raise InputError("run", f"{wanted}, found {'both' if name else 'neither'}.")
    if problem is not None:
        from app.own.unattended import problem_in

        return override(problem_in(problem, trust=trust), settings)
    experiment = load_experiment(name, stand_in=stand_in)
    if experiment.problem.file is not None:
        from app.own.unattended import trusted

        experiment = trusted(experiment, trust=trust)
    return override(experiment, settings)


def settings_in(changes: Sequence[str]) -> dict[str, str]:
    """Values by dotted names, of texts such as training.iterations=60.

    Raises:
        InputError: one of them is no such text.
    """
    settings = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not (key and equals):
            raise InputError(f"--set {change}", "expected key=value, as in training.iterations=60.")
        settings[key.strip()] = value.strip()
    return settings
