"""What is said where a person's file would run."""

from typing import Final

from engine.own.contents import Content
from engine.sentences import one_line

RIGHTS: Final = "It can read, change and delete your files, and use the network, as you can."


def question(content: Content, *, has_changed: bool = False) -> str:
    """Whether a file may run, as a question that names it."""
    name = one_line(content.name, 80)
    if has_changed:
        return f"“{name}” has changed since it was opened. Run its code as it is now?"
    return f"Run the code in “{name}”?"


def explanation(content: Content) -> str:
    """What that means."""
    lines = content.text.count("\n") + (not content.text.endswith("\n"))
    return (
        f"{one_line(content.path, 200)}\n{lines:,} lines of Python, SHA-256 "
        f"{content.sha256[:16]}…\n\n"
        "A problem of your own is a program that runs on this computer with your rights. "
        f"{RIGHTS} Only run files that you have written or read.\n\n"
        "This content is remembered; if the file changes, you are asked again."
    )
