"""What a kind of input is: how one is made, and what reads it."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from engine.errors import InputError

Case = dict[str, bytes]
"""Files by their names; the first one is what is read."""


class Kind(NamedTuple):
    """A kind of input.

    Attributes:
        make: a damaged one.
        read: reads it from a folder, where its files are, by the path of the first one.
        refusals: the exceptions that may come out.
        prepare: what has to be done once before the first is read.
    """

    make: Callable[[Random], Case]
    read: Callable[[Path], object]
    refusals: tuple[type[Exception], ...] = (InputError,)
    prepare: Callable[[], object] | None = None


def save(case: Case, folder: Path) -> Path:
    """Put the files of a case into a folder; returns the path of the first one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in case.items():
        (folder / name).write_bytes(content)
    (folder / "FIRST").write_text(next(iter(case)))
    return folder / next(iter(case))
