"""The settings of an experiment in the words of the set-up, those that count."""

import tomllib
from typing import Any, Final

import numpy as np

from engine.data.datasets import BUILT_IN
from engine.experiments.experiment import Experiment
from engine.experiments.fields import Description, descriptions
from engine.experiments.files import to_toml
from engine.experiments.what_applies import standing
from engine.output.reports.content import Table
from engine.plots import number_in_words

_FEW: Final = 8  # values that are told one by one
_SECTIONS: Final = {
    "Data": ("data", "episodes", "series"),
    "Model": ("model",),
    "Training": ("training",),
    "Hyperparameters": ("hyperparameters",),
    "Hypergradient": ("method", "hypergradient"),
    "Meta-optimization": ("meta",),
    "Stopping": ("stopping",),
}
"""Of the set-up: by title, the tables of an experiment that are in it."""
_LEFT_OUT: Final = ("data.", "hyperparameters.", "meta.", "stopping.")
"""Tables of which files do not mention what hardly any experiment has otherwise than usual."""


def settings_in_words(experiment: Experiment) -> tuple[Table, ...]:
    """A table for each section of the set-up, of the fields that count and are not empty."""
    tables, every = experiment.model_dump(mode="json"), descriptions()
    values = {key: _value(tables, key) for key in every}
    source = experiment.data.source
    kind = BUILT_IN[source].kind if source in BUILT_IN else None
    now = standing(values, experiment.data, kind, experiment.problem)
    written = tomllib.loads(to_toml(experiment))
    rows = {
        key: (_named(what, now.units.get(key, what.unit)), spelled(what, values[key]))
        for key, what in every.items()
        if key not in now.idle | now.hidden
        and _is_told(what, values[key])
        and not (key.startswith(_LEFT_OUT) and _value(written, key) is None)
    }
    found = []
    for title, prefixes in _SECTIONS.items():
        told = tuple(row for key, row in rows.items() if key.partition(".")[0] in prefixes)
        if told:
            found.append(Table((), told, title, words=(0, 1)))
    return tuple(found)


def _named(what: Description, unit: str) -> str:
    """What people call a field, with its unit unless that is told with the value or the name."""
    is_told = not unit or unit in what.title.split() or what.values.types == (int, float)
    return what.title if is_told else f"{what.title} ({unit})"


def spelled(what: Description, value: Any) -> str:
    """A value as the set-up has it; arrays by their size and their range."""
    if value is None:
        return what.empty or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value in what.choices:
        return what.choices[value]
    if isinstance(value, list | tuple):
        return _several(value)
    if what.values.types == (int, float):  # a count of examples, or a fraction of them
        return f"{value:,} examples" if isinstance(value, int) else f"{value:g} of all"
    return number_in_words(value, 12) if isinstance(value, int | float) else str(value)


def _several(values: Any) -> str:
    if not values:
        return "none"
    if len(values) <= _FEW and not any(isinstance(each, list | tuple) for each in values):
        return ", ".join(map(str, values))
    array = np.array(values, np.float64)
    shape = " × ".join(f"{length:,}" for length in array.shape)
    return f"{shape} values, {array.min():.6g} to {array.max():.6g}"


def _is_told(what: Description, value: Any) -> bool:
    """Whether there is anything to say: a choice that has not been made is none."""
    if what.key in ("experiment", "compares", "highlights", "name", "title", "description"):
        return False
    return value is not None or what.key.startswith(("model", "training"))


def _value(tables: Any, key: str) -> Any:
    for part in key.split("."):
        tables = tables.get(part) if isinstance(tables, dict) else None
    return tables
