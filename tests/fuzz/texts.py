"""Damaged experiments, settings of their fields, and pasted schedules."""

import json
from importlib import resources
from pathlib import Path
from random import Random

import numpy as np

from app.schedules.pasted import cells_of, with_cells
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.fields import descriptions
from engine.experiments.files import list_experiments, load_experiment, override, to_toml
from engine.hyperparameters import schedules
from fuzz.cases import Case, Kind
from fuzz.mutations import mutated

_VALUES = [
    b"[]", b"{}", b"[[]]", b"''", b"true", b"nan", b"-inf", b"1979-05-27", b"[0.1, 0.2]",
    b"[[0.1]]", b'"\\u0000"', b"'" + b"y" * 400 + b"'", b"a" + b".a" * 30 + b" = 1\n",
    b"[[full_size]]\n", b"data = {}\n", b"source = []\n", b"'iris'", b"file = 'iris.csv'\n", b"0",
    b"1", b"[data]\n", b"[hyperparameters.sharing]\nfree = true\n", b"'iteration'", b"[10_000]",
    b"[-1]",
]  # fmt: skip
_GROUPS = ("weights", "biases")


def _experiment(random: Random) -> Case:
    folder = resources.files("resources") / "experiments"
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    text = (folder / random.choice(files)).read_bytes()
    return {"mine.toml": mutated(random, text, _VALUES)}


def _load(path: Path) -> Experiment:
    experiment = load_experiment(path)
    to_toml(experiment)
    return experiment


def _settings(random: Random) -> Case:
    fields = [*descriptions(), "data", "name", "hyperparameters", "training.iterations.more"]
    changes = {}
    for _ in range(random.choice([1, 1, 2, 4])):
        field = random.choice(fields).encode()
        if random.random() < 0.2:
            field = mutated(random, field, [b".", b".." * 99, b"data"])
        value = mutated(random, random.choice(_VALUES), _VALUES)
        changes[field.decode(errors="replace")] = value.decode(errors="replace")
    return {"settings.json": json.dumps(changes).encode()}


def _override(path: Path) -> Experiment:
    changed = override(list_experiments()["spirals"], json.loads(path.read_text()))
    to_toml(changed)
    return changed


def _schedule(random: Random) -> Case:
    rows = [b"\t".join([b"0.1", b"0.25"]) for _ in range(random.choice([1, 3, 6]))]
    words = [b"0.5\t", b"\t", b"\n", b"1" * 3000 + b"x", b"x" * 999]
    return {"paste.txt": mutated(random, b"\n".join(rows), words)}


def _paste(path: Path) -> None:
    cells = cells_of(path.read_bytes().decode(errors="replace"))
    values = with_cells(np.full((6, 2), 0.3), cells, (0, 0), "learning rate", _GROUPS)
    if sentence := schedules.problem("learning_rates", "log", values, _GROUPS):
        raise InputError("", sentence)


TEXTS = {
    "experiments": Kind(_experiment, _load),
    "settings": Kind(_settings, _override),
    "pastes": Kind(_schedule, _paste),
}
