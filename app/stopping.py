"""Signals that ask the program to stop: it says so in a line, and ends at once with their status.

An exception that a signal's handler raises may come up anywhere, in a destructor or in a library
that turns it into another one. So nothing is raised here: whoever has something to keep says how,
and then the process is over.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

from engine.errors import InputError
from engine.files import remove_unfinished
from engine.sentences import one_line

WORDS: Final = {
    getattr(signal, name): word
    for name, word in {
        "SIGINT": "Interrupted",
        "SIGTERM": "Terminated",
        "SIGHUP": "Hung up",
        "SIGBREAK": "Interrupted",
    }.items()
    if hasattr(signal, name)
}
"""The signals that ask to stop, as far as this system has them, and what is said of each."""

INTERRUPTED: Final = 128 + signal.SIGINT
"""The exit status of a program that was interrupted, as shells know it."""

Keep = Callable[[], str]


class Stopping:
    """What happens when a signal asks to stop; there is one for the process, `STOPPING`.

    The first signal has kept what was done. A second one ends the process while that takes too
    long.
    """

    def __init__(self) -> None:
        self._number = 0
        self._delays = 0
        self._keepers: list[Keep] = []

    def listen(self) -> None:
        """Take over from Python's own handlers; a signal that is ignored stays so (`nohup`)."""
        for number in WORDS:
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, self._note)

    def finish(self) -> None:
        """All is done and said: a signal while the interpreter clears up changes nothing more."""
        for number in WORDS:
            if signal.getsignal(number) == self._note:
                signal.signal(number, signal.SIG_IGN)

    @contextlib.contextmanager
    def keeping(self, keep: Keep) -> Iterator[None]:
        """Within, a signal has ``keep`` called, which says how the line goes on."""
        self._keepers.append(keep)
        try:
            yield
        finally:
            self._keepers.remove(keep)

    @contextlib.contextmanager
    def delayed(self) -> Iterator[None]:
        """Within, a signal waits for the end of what must not be left half done."""
        self._delays += 1
        try:
            yield
        finally:
            self._delays -= 1
            if self._number and not self._delays:
                self._leave()

    def _note(self, number: int, _: FrameType | None) -> None:
        if self._number:
            os._exit(128 + number)
        self._number = number
        if not self._delays:
            self._leave()

    def _leave(self) -> None:
        end_children()
        remove_unfinished()
        try:
            rest = self._keepers[-1]() if self._keepers else ""
        except (InputError, OSError) as error:
            rest = f"; what was done could not be kept: {str(error).rstrip('.')}"
        end(self._number, rest)


STOPPING: Final = Stopping()


def end(number: int, rest: str = "") -> None:
    """Say that a signal ended the process, and end it with that signal's status."""
    # The signal may have come while one of them was being written to, which no longer matters.
    with contextlib.suppress(OSError, RuntimeError, ValueError, AttributeError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        line = one_line(f"retrograde: {WORDS[number]}{rest}.") + "\n"
        os.write(sys.stderr.fileno(), line.encode(errors="backslashreplace"))
    os._exit(128 + number)


def end_children() -> None:
    """End the processes that this one has started, of which nothing is wanted any more."""
    if multiprocessing := sys.modules.get("multiprocessing"):
        for child in multiprocessing.active_children():
            child.kill()
