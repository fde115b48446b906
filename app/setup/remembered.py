"""The set-up as it was left, from one start to the next."""

import json
from pathlib import Path

from app.setup.setup_panel import SetupPanel
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, parse_experiment, to_toml


def remembered(setup: SetupPanel) -> str:
    """The experiment in the fields and where it came from, as text; empty if a field is wrong."""
    if not setup.is_ready:
        return ""
    origin = str(setup.origin.path or setup.origin.own.name)
    return json.dumps({"from": origin, "experiment": to_toml(setup.experiment())})


def bring_back(setup: SetupPanel, text: str) -> None:
    """Fill the fields from such a text; anything else is as good as nothing.

    What came from a file that is not there any more, or cannot be read, comes back without it.
    """
    try:
        told = json.loads(text)
        experiment = parse_experiment(told["experiment"], "the set-up")
        own, path = _origin(setup, told["from"], experiment)
    except (ValueError, TypeError, KeyError, InputError):
        return
    setup.set_experiment(own, path, experiment)
    setup.history.clear()


def _origin(
    setup: SetupPanel, origin: str, experiment: Experiment
) -> tuple[Experiment, Path | None]:
    if origin in setup.shipped:
        return setup.shipped[origin], None
    try:
        return load_experiment(Path(origin)), Path(origin)
    except InputError:
        return experiment, None
