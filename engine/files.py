"""Files written whole or not at all, in a folder for one process at a time; what can be read."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.locks import Lock
from engine.sentences import shown

_LOCKS_ARE_ON_FILES: Final = sys.platform == "win32"
_LONGEST: Final = 120  # bytes of a folder's name; file systems take 255, and others come with it
_UNFINISHED: Final[set[Path]] = set()


def folder_name(name: str) -> str:
    """A name as that of one folder, whatever signs are in it, and however long it is."""
    plain = re.sub(r"[^\w.-]+", "-", name).lstrip(".")
    return plain.encode()[:_LONGEST].decode(errors="ignore") or "run"


def with_ending(path: Path | str, endings: Sequence[str], field: str = "") -> Path:
    """A path that says which kind of file it is.

    Args:
        path: to check.
        endings: those that there are, as ".csv".
        field: what to call it if it is wrong; itself if empty.

    Raises:
        InputError: it ends otherwise.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        expected = f"expected a file that ends in {' or '.join(endings)}"
        raise InputError(field or str(path), f"{expected}, found {shown(path.name)}.")
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it: a kill leaves the old one or the new."""
    write_together(path.parent, {path.name: content})


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write several files, by their names, each whole or not at all.

    All of them are written under temporary names before the first is renamed, so that nothing but
    a kill between two renamings leaves old ones beside new ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            handle, made = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            temporary[folder / name] = Path(made)
            _UNFINISHED.add(Path(made))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(made).chmod(0o644)
        for path, written in temporary.items():
            written.replace(path)
    finally:
        for written in temporary.values():
            written.unlink(missing_ok=True)
            _UNFINISHED.discard(written)


def remove_unfinished() -> None:
    """Remove what was being written when the process is ended in the middle of it."""
    for written in list(_UNFINISHED):
        written.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes that ask for the same out of a folder, which is made if need be.

    The system lets go of the folder when the process ends, however it ends. Where the file system
    has no locks, nobody is kept out.

    Raises:
        InputError: another process is in there.
        OSError: the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".in-use" if _LOCKS_ARE_ON_FILES else folder
    try:
        lock = Lock(path)
    except BlockingIOError:
        raise InputError(
            str(folder), "expected a folder that no other run is writing to."
        ) from None
    try:
        yield
    finally:
        lock.let_go()
        if path != folder:
            path.unlink(missing_ok=True)


def what_is_at(path: Path) -> str:
    """What a path leads to: "a file", "a folder", "no ordinary file" (a pipe or device), "nothing".

    Nothing is opened for that; opening a pipe would wait for whoever writes to it.

    Raises:
        OSError: that cannot be found out.
    """
    if path.is_file():
        return "a file"
    if path.is_dir():
        return "a folder"
    return "no ordinary file" if path.exists() else "nothing"
