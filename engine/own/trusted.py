"""What may be run of people's Python files: contents that somebody trusted, by their hash.

Whoever has asked a person says so here; there is no other way in which any file is run. A content
may be trusted to run in processes of its own alone, or in this one as well.
"""

from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.own.contents import Content, read_content

_GRANTED: Final[dict[str, Content]] = {}
_HERE: Final[set[str]] = set()


def grant(content: Content, *, here: bool = False) -> None:
    """Let a content, and no other, run whenever an experiment names its hash.

    Args:
        content: what somebody trusted.
        here: whether in this process, too, and not in processes of its own alone.
    """
    _GRANTED[content.sha256] = content
    if here:
        _HERE.add(content.sha256)


def withdraw(sha256: str) -> None:
    """Forget that a content was trusted."""
    _GRANTED.pop(sha256, None)
    _HERE.discard(sha256)


def is_granted(sha256: str | None) -> bool:
    """Whether a content was trusted, at least in processes of its own."""
    return sha256 in _GRANTED


def may_run_here(sha256: str | None) -> bool:
    """Whether this process may run a content."""
    return sha256 in _HERE


def trust(path: str | Path) -> str:
    """Trust a Python file of one's own: this process may run experiments with it from now on.

    Args:
        path: of the file. It is read now; nothing of it is run before an experiment is, and if it
            changes it has to be trusted again.

    Returns:
        The SHA-256 of its content.

    Raises:
        InputError: it cannot be read.
    """
    content = read_content(path)
    grant(content, here=True)
    return content.sha256


def content_for(file: str | None, sha256: str | None, *, here: bool = True) -> Content:
    """What an experiment's problem may run.

    Args:
        file: its path, for the message.
        sha256: of its content.
        here: whether in this process.

    Raises:
        InputError: nobody trusted that.
    """
    if sha256 is not None and is_granted(sha256) and (may_run_here(sha256) or not here):
        return _GRANTED[sha256]
    name = "a Python file" if file is None else Path(file).name
    if is_granted(sha256):
        raise InputError(
            "problem.file",
            f"expected losses that run in this process: those of {name} run in one of their own, "
            "so this is not offered for them.",
        )
    raise InputError(
        "problem.file",
        f"expected a file that you trust: {name} runs with your rights, and nobody has trusted "
        "what it contains.",
    )
