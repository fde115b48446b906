"""What this process may run of people's Python files: contents that somebody trusted, by their hash.

Whoever has asked a person says so with `allow`; there is no other way in which any file is run.
"""

from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.own.contents import Content, read_content

_ALLOWED: Final[dict[str, Content]] = {}


def allow(content: Content) -> None:
    """Let this process run a content, and no other, whenever an experiment names its hash."""
    _ALLOWED[content.sha256] = content


def allowed(sha256: str | None) -> Content | None:
    """The content of this hash, if it may be run here."""
    return None if sha256 is None else _ALLOWED.get(sha256)


def trust(path: str | Path) -> str:
    """Trust a Python file of one's own: scripts may run experiments with it from now on.

    Args:
        path: of the file. It is read now; nothing of it is run before an experiment is, and if it
            changes it has to be trusted again.

    Returns:
        The SHA-256 of its content.

    Raises:
        InputError: it cannot be read.
    """
    content = read_content(path)
    allow(content)
    return content.sha256


def content_for(file: str | None, sha256: str | None) -> Content:
    """What an experiment's problem may run here.

    Raises:
        InputError: nobody trusted that, in this process.
    """
    if (content := allowed(sha256)) is not None:
        return content
    name = "a Python file" if file is None else Path(file).name
    raise InputError(
        "problem.file",
        f"expected a file that you trust: {name} would run with your rights, and nobody has "
        "trusted this content of it here.",
    )
