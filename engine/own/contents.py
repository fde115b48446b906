"""The content of a person's Python file: read as text, and known by its hash. Nothing is run."""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from engine.errors import InputError
from engine.files import what_is_at
from engine.sentences import shown

MOST_BYTES: Final = 1_000_000


class Content(NamedTuple):
    """What a Python file holds.

    Attributes:
        path: where it is, or was.
        text: it.
        sha256: of its bytes.
    """

    path: str
    text: str
    sha256: str

    @property
    def code(self) -> str:
        """The text without the mark that some editors put before it."""
        return self.text.removeprefix("\ufeff")

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.path).name


def content_of(text: str, path: str) -> Content:
    """Text as the content of a file."""
    return Content(path, text, hashlib.sha256(text.encode()).hexdigest())


def read_content(path: str | Path) -> Content:
    """Read a Python file, without running anything of it.

    Raises:
        InputError: it cannot be read, is too long, or is no UTF-8 text.
    """
    name = str(path)
    wanted = "expected a readable Python file"
    try:
        if (found := what_is_at(Path(path))) in ("a folder", "no ordinary file"):
            raise InputError(name, f"expected a Python file, found {found}.")
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(name, f"{wanted}: {error.strerror or type(error).__name__}.") from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(name, f"{wanted}: no file has such a name.") from None
    if len(content) > MOST_BYTES:
        raise InputError(name, f"expected at most {MOST_BYTES:,} bytes of Python.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            where(line, Path(path).name),
            f"expected UTF-8 text, found the byte {content[error.start]:#04x}.",
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError(where(line, Path(path).name), "expected text, found a null character.")
    return Content(name, text, hashlib.sha256(content).hexdigest())


def where(line: int | None, name: str) -> str:
    """A line of a file, in words: "line 12 of ridge.py"; without a line, the file."""
    short = shown(name)[1:-1] if not name.isprintable() else name
    return short if line is None else f"line {line} of {short}"
