"""The experiments that ship with the program, as the TOML text of their files."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from engine.errors import InputError

FORMER_NAMES: Final = {
    "curved-surface": "toy",
    "chaos-edge": "chaos",
    "initial-scales": "schedules",
}
"""What experiments were called in earlier versions: what they are called now."""


@cache
def shipped_texts() -> Mapping[str, str]:
    """The TOML text of each experiment, by the name of its file, in their order."""
    folder = resources.files("resources") / "experiments"
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in files}
    return MappingProxyType(texts)


def present_name(name: str, known: Iterable[str]) -> str:
    """What an experiment that somebody names is called now.

    Args:
        name: of now, or of an earlier version.
        known: the names that there are.

    Raises:
        InputError: there is no such experiment.
    """
    names = [*known]
    present = FORMER_NAMES.get(name, name)
    if present in names:
        return present
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else "see `retrograde list`."
    raise InputError(name, f"expected a .toml file or the name of an experiment; {hint}")
