"""Answers to "what is this?", and the files of ``resources/help`` that they are written in."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from engine.hypergradients.catalogue import METHODS


@dataclass(frozen=True)
class HelpText:
    """An answer to "what is this?".

    Attributes:
        title: what people call it.
        text: two to four plain sentences.
        formula: in matplotlib's mathtext; empty if words will do.
        paper: where Maclaurin, Duvenaud and Adams (2015) treat it; empty if they do not.
        source: where it comes from, if that is not in `paper`.
    """

    title: str
    text: str = ""
    formula: str = ""
    paper: str = ""
    source: str = ""

    @property
    def citation(self) -> str:
        """Where it comes from, in full; empty if that is nowhere."""
        return self.source or (f"Maclaurin et al. 2015, {self.paper}" if self.paper else "")


def method_text(name: str) -> HelpText:
    """What a method does.

    Args:
        name: in the catalogue.
    """
    return HelpText(METHODS[name].title, **read_texts("methods.toml")[name])


@cache
def read_texts(name: str) -> dict[str, dict[str, Any]]:
    """The tables of a file of help texts, by their dotted names."""
    text = (resources.files("resources") / "help" / name).read_text(encoding="utf-8")
    return dict(_entries(tomllib.loads(text), ""))


def _entries(tables: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of nested tables: a table that holds a text is one, others hold more of them."""
    for name, table in tables.items():
        if isinstance(table.get("text"), str):
            yield prefix + name, table
        else:
            yield from _entries(table, f"{prefix}{name}.")
