"""What a field or a plot is: the text that answers "what is this?"."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from engine.experiments.fields import descriptions


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


def field_texts() -> dict[str, HelpText]:
    """The texts of an experiment's fields, by their dotted names."""
    return {
        key: HelpText(what.title, what.text, what.formula, what.paper)
        for key, what in descriptions().items()
    }


@cache
def plot_texts() -> dict[str, HelpText]:
    """The texts of plots, by their keys; from ``resources/help/plots.toml``."""
    text = (resources.files("resources") / "help" / "plots.toml").read_text(encoding="utf-8")
    return {key: HelpText(**table) for key, table in tomllib.loads(text).items()}


def help_text(key: str) -> HelpText:
    """What a field or a plot is.

    Args:
        key: a field's dotted name ("training.iterations"), or a plot's key ("memory").

    Raises:
        KeyError: there is nothing of this name.
    """
    return field_texts()[key] if key in descriptions() else plot_texts()[key]
