"""Work on a person's file, in a process of its own: whatever it does, this one goes on.

The process runs the engine's own generators and hands over what they yield, one by one: not asking
for the next is a pause there, too. Closing ends it, by force if it does not answer.
"""

import multiprocessing
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, Final

import numpy as np

from engine.errors import InputError
from engine.own.contents import Content
from engine.own.mistakes import OwnFileError, mistake
from engine.runs.apart_call import Call
from engine.runs.changes import Changes
from engine.runs.events import StillWorking

_STARTING: Final = threading.Lock()
_HEARD: Final = 0.1
"""Seconds after which something is said if the process says nothing."""
_TO_BEGIN: Final = 120.0
"""Seconds for Python, and the engine, to be loaded."""
_BEYOND: Final = 1.5
"""Seconds after the time limit, in which the process says at which line it is."""
_SPOILT: Final = (
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    IndexError,
    TypeError,
    ValueError,
)
"""What a message may raise that the file has meddled with."""
GRACE: Final = 1.0
"""Seconds in which the process may end by itself."""


def apart(
    content: Content, call: Call, time_limit: float, changes: Changes | None = None
) -> Generator[Any, None, Any]:
    """Run a content, and a generator of the engine on it, in a process of its own.

    Args:
        content: that somebody trusted.
        call: what is done once the content has been looked at; the process has it trusted.
        time_limit: seconds for its first evaluation, with its import.
        changes: of a run; it asks for them where it would ask for its own.

    Yields:
        What the generator yields, and `StillWorking` ten times a second while nothing comes.

    Returns:
        What it, or the function, returns.

    Raises:
        OwnFileError: the file cannot be run, or ended its process; with the line if that is known.
        InputError: as the generator raises.
    """
    from engine.runs.apart_inside import serve

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(
        target=serve,
        args=(there, content, call, time_limit),
        name="own problem",
        daemon=True,
    )
    with _without_main():
        process.start()
    there.close()
    try:
        return (yield from _Conversation(content, process, here, time_limit, changes).events())
    finally:
        _end(process, here)


@contextmanager
def _without_main() -> Iterator[None]:
    """Within, a process that starts does not run this program's main module once more."""
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Conversation:
    """What is said from process to process.

    What comes is ("ready", None), ("evaluated", None), ("event", …), ("take" or "take_stop",
    arguments), ("late", line), ("failed", error) or ("done", what is returned).
    """

    def __init__(
        self,
        content: Content,
        process: Any,
        connection: "Connection[Any, Any]",
        time_limit: float,
        changes: Changes | None,
    ) -> None:
        self._content, self._process, self._connection = content, process, connection
        self._limit, self._changes = time_limit, changes
        self._deadline: float | None = time.monotonic() + _TO_BEGIN
        self._is_evaluating = False

    def events(self) -> Generator[Any, None, Any]:
        while True:
            what, told = yield from self._next()
            match what:
                case "ready":
                    self._deadline = time.monotonic() + self._limit + _BEYOND
                    self._is_evaluating = True
                case "evaluated":
                    self._deadline, self._is_evaluating = None, False
                case "event":
                    yield _read_only(told)
                    self._say(("next", None))
                case "take" | "take_stop":
                    assert self._changes is not None, "only a run with changes asks for them"
                    answer: Callable[..., Any] = getattr(self._changes, what)
                    self._say(("answer", answer(*told)))
                case "late":
                    raise self._late(told)
                case "failed":
                    raise told
                case _:
                    return told

    def _next(self) -> Generator[StillWorking, None, tuple[str, Any]]:
        began = time.monotonic()
        while not self._has_something():
            now = time.monotonic()
            if self._deadline is not None and now > self._deadline:
                raise self._late(None)
            yield StillWorking(now - began)
        try:
            what, told = self._connection.recv()
        except (EOFError, OSError):
            raise self._died() from None
        except _SPOILT as error:
            raise self._spoilt(error) from None
        return what, told

    def _has_something(self) -> bool:
        try:
            return self._connection.poll(_HEARD)
        except OSError:
            return True  # and it cannot be read

    def _say(self, message: tuple[str, Any]) -> None:
        try:
            self._connection.send(message)
        except OSError:  # it has ended, which is found out next
            return

    def _late(self, line: int | None) -> OwnFileError:
        if not self._is_evaluating:
            return mistake(self._content, None, "expected a process that starts, found none.")
        return mistake(
            self._content,
            line,
            f"expected the first evaluation within {self._limit:g} s, found that it goes on. "
            "problem.time_limit allows more.",
        )

    def _spoilt(self, error: Exception) -> OwnFileError:
        found = f"found {type(error).__name__}"
        return mistake(self._content, None, f"expected events of a run, {found}.")

    def _died(self) -> OwnFileError:
        self._process.join(GRACE)
        code = self._process.exitcode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"signal {-code}"
            memory = ": perhaps memory ran out" if name == "SIGKILL" else ""
            how = f"found that {name} ended it{memory}"
        else:
            how = f"found that it ended itself with status {code}, as os._exit does"
        return mistake(self._content, None, f"expected its process to go on, {how}.")


def _end(process: Any, connection: "Connection[Any, Any]") -> None:
    """Have the process end; by force, if it does not soon."""
    with suppress(OSError):
        connection.send(("stop", None))
    process.join(GRACE)
    if process.is_alive():
        process.kill()
        process.join()
    connection.close()
    process.close()


def _read_only(event: Any) -> Any:
    """An event whose arrays cannot be written to, as before it travelled."""
    if is_dataclass(event):
        for one in fields(event):
            if isinstance(array := getattr(event, one.name), np.ndarray):
                array.setflags(write=False)
    return event


def result_of(steps: Generator[Any, None, Any]) -> Any:
    """Go through a generator to its end; what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def refuse_unless_one_process(executor: Any) -> None:
    """A person's file runs in one process.

    Raises:
        InputError: there is an executor.
    """
    if executor is not None:
        raise InputError(
            "problem.file",
            "expected to run here: losses of your own run in one process, without workers or a "
            "cluster.",
        )
