"""What the command says in a terminal, or where its output goes instead."""

import contextlib
import os
import sys

from engine.sentences import one_line


class FailedRunError(Exception):
    """A run that could not be completed; the message is shown as it stands."""


def speak_any_text() -> None:
    """Have characters that the terminal's encoding lacks written as escapes, not refused."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(sentence: str) -> None:
    """Write a sentence to standard error as one line, if there is one that takes it."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):  # there is nowhere left to say it
        print(one_line(f"retrograde: {sentence}"), file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Write a line about something done to standard output; it stays done if nobody hears."""
    if sys.stdout is None:
        return
    try:
        print(text, flush=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        complain(f"{text} (Standard output does not take this line: {reason}.)")
        drop_output()


def drop_output() -> None:
    """Let what standard output still holds go nowhere, without an error at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
