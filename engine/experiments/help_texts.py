"""What everything is: a text for each field of an experiment, and for each plot of a run.

The texts are in ``resources/help``: ``fields.toml`` by the dotted names of fields, ``plots.toml``
by the keys of plots.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class HelpText:
    """An answer to "what is this?".

    Attributes:
        title: what people call it.
        text: two to four plain sentences.
        formula: in matplotlib's mathtext; empty if words will do.
        paper: where Maclaurin, Duvenaud and Adams (2015) treat it; empty if they do not.
    """

    title: str
    text: str
    formula: str = ""
    paper: str = ""


@cache
def field_texts() -> dict[str, HelpText]:
    """The texts of an experiment's fields, by their dotted names."""
    return _read("fields.toml")


@cache
def plot_texts() -> dict[str, HelpText]:
    """The texts of plots, by their keys."""
    return _read("plots.toml")


def help_text(key: str) -> HelpText:
    """What a field or a plot is.

    Args:
        key: a field's dotted name ("training.iterations"), or a plot's key ("memory").

    Raises:
        KeyError: there is nothing of this name.
    """
    return field_texts()[key] if key in field_texts() else plot_texts()[key]


def _read(name: str) -> dict[str, HelpText]:
    text = (resources.files("resources") / "help" / name).read_text(encoding="utf-8")
    return dict(_entries(tomllib.loads(text), ""))


def _entries(tables: dict[str, Any], prefix: str) -> Iterator[tuple[str, HelpText]]:
    """The entries of nested tables: a table that holds a text is one, others hold more of them."""
    for name, table in tables.items():
        if isinstance(table.get("text"), str):
            yield prefix + name, HelpText(**table)
        else:
            yield from _entries(table, f"{prefix}{name}.")
