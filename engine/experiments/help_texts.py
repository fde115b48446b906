"""What everything is: a text for each field of an experiment.

The texts are in ``resources/help/fields.toml`` by the dotted names of fields; those of plots are
beside it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Final

from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting

_ANY_KIND: Final = "hyperparameters.any."


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
    text: str = ""
    formula: str = ""
    paper: str = ""


def field_texts() -> dict[str, HelpText]:
    """The texts of an experiment's fields, by their dotted names.

    A kind of hyperparameter without a text of its own for one of its fields has the general one.
    """
    written = {key: HelpText(**table) for key, table in read_texts("fields.toml").items()}
    texts = {key: text for key, text in written.items() if not key.startswith(_ANY_KIND)}
    for name, kind in KINDS.items():
        for field in Setting.model_fields:
            general = written[_ANY_KIND + field]
            words = {"plural": kind.plural, "Plural": kind.plural.capitalize()}
            texts.setdefault(
                f"hyperparameters.{name}.{field}",
                replace(
                    general,
                    title=general.title.format(**words),
                    text=general.text.format(**words),
                ),
            )
    return texts


@cache
def read_texts(name: str) -> dict[str, dict[str, str]]:
    """The tables of a file of help texts, by their dotted names."""
    text = (resources.files("resources") / "help" / name).read_text(encoding="utf-8")
    return dict(_entries(tomllib.loads(text), ""))


def _entries(tables: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The entries of nested tables: a table that holds a text is one, others hold more of them."""
    for name, table in tables.items():
        if isinstance(table.get("text"), str):
            yield prefix + name, table
        else:
            yield from _entries(table, f"{prefix}{name}.")
