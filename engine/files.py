"""Files written whole or not at all, and what is there to be read."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it: a kill leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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
