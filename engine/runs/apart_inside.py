"""Inside the process of its own in which a person's file runs; see `engine.runs.apart`."""

import io
import os
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final

from engine.own.contents import Content
from engine.runs.changes import Changes
from engine.runs.events import Preparing, SettingsChanged

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from engine.runs.apart_call import Call

_MEMORY: Final = 0.8
"""The part of the machine's memory that a person's file may take."""
_PRINTED: Final = 2_000
"""Characters of what a file prints that are kept, the last ones."""
_CHECKED_ITERATIONS: Final = 10


def serve(
    connection: "Connection[Any, Any]",
    content: Content,
    call: "Call",
    time_limit: float,
) -> None:
    """Do what is asked for, and end the process."""
    printed = _keep_apart()
    _end_with_parent()
    channel = _Channel(connection)
    try:
        _work(channel, content, call, time_limit)
    except BaseException as error:  # sys.exit, too
        channel.say("failed", _told(content, error, printed))
    finally:
        with suppress(BaseException):
            connection.close()
        os._exit(0)  # whatever threads the file has left


def _work(channel: "_Channel", content: Content, call: "Call", time_limit: float) -> None:
    from engine.own.examining import examine  # with autograd
    from engine.own.loading import load
    from engine.own.trusted import grant
    from engine.runs import run  # noqa: F401 - loaded before the file can change anything

    grant(content, here=True)
    channel.say("ready")
    watch = threading.Timer(time_limit, _tell_the_line, (channel, content))
    watch.daemon = True
    watch.start()
    loaded = load(content)
    examine(loaded)
    watch.cancel()
    channel.say("evaluated")
    if call.checks is not None:
        channel.event(Preparing("Checking the hypergradient against finite differences"))
        _check(content, call.checks)
    options = dict(call.options)
    if call.changes is not None:
        options["changes"] = _ChangesElsewhere(call.changes, channel)
    made = resolve_name(call.function)(*call.arguments, **options)
    if isinstance(made, Generator):
        made = _handed_over(channel, made)
    channel.say("done", made)


def _handed_over(channel: "_Channel", events: Generator[Any, None, Any]) -> Any:
    try:
        while True:
            try:
                event = next(events)
            except StopIteration as stop:
                return stop.value
            channel.event(event)
    finally:
        events.close()


def _check(content: Content, experiment: "Experiment") -> None:
    """Hold the hypergradient of a short training run to finite differences.

    Raises:
        OwnFileError: they differ.
    """
    from engine.errors import DivergedError
    from engine.experiments.own_problem import named
    from engine.own.mistakes import Lines, mistake
    from engine.runs.checks import check_against_differences

    try:
        for check in check_against_differences(shortened(experiment)):
            if not check.passed:
                raise mistake(
                    content,
                    Lines(content.code).of_result("training_loss"),
                    f"expected derivatives by {named(experiment.problem, check.kind)} as finite "
                    f"differences have them, {check.expected:.6g}, found {check.found:.6g}: is "
                    "anything hidden from autograd?",
                )
    except DivergedError:
        return  # the run says where


def shortened(experiment: "Experiment") -> "Experiment":
    """The same with few training iterations, if nothing in it is as long as training."""
    settings = experiment.hyperparameters
    if any(not isinstance(one.initial, float | int) for _, one in settings.items()):
        return experiment
    iterations = min(experiment.training.iterations, _CHECKED_ITERATIONS)
    training = experiment.training.model_copy(update={"iterations": iterations})
    return experiment.model_copy(update={"training": training})


class _Channel:
    """Says things to the process that waits for them, and hears its answers."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._process = os.getpid()

    def say(self, what: str, told: Any = None) -> None:
        """Say something; a copy that the file has made of its process is ended instead."""
        if os.getpid() != self._process:
            os._exit(0)
        with self._lock, suppress(OSError):
            self._connection.send((what, told))

    def event(self, event: Any) -> None:
        """Hand something over, and wait until the next is wanted."""
        self.say("event", event)
        self._hear()

    def ask(self, what: str, *arguments: Any) -> Any:
        """Ask for something that is known there."""
        self.say(what, arguments)
        return self._hear()

    def _hear(self) -> Any:
        try:
            what, told = self._connection.recv()
        except (EOFError, OSError):
            os._exit(1)
        if what == "stop":
            os._exit(0)
        return told


class _ChangesElsewhere(Changes):
    """The changes of a run whose person is asked, and heard, in the process that waits for it."""

    def __init__(self, experiment: "Experiment", channel: _Channel) -> None:
        super().__init__(experiment)
        self._channel = channel

    def take(self, meta_iteration: int) -> SettingsChanged | None:
        """What changes before a meta-iteration."""
        return self._channel.ask("take", meta_iteration)  # type: ignore[no-any-return]

    def take_stop(self, trial: int, iteration: int) -> SettingsChanged | None:
        """What follows for a trial from what a person said."""
        return self._channel.ask("take_stop", trial, iteration)  # type: ignore[no-any-return]


class _Tail(io.TextIOBase):
    """Keeps the end of what is printed, and nothing else of it."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text = (self.text + text[-_PRINTED:])[-_PRINTED:]
        return len(text)


def _keep_apart() -> _Tail:
    """Neither print into the terminal, nor be reached by its keys, nor take all memory."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    printed = _Tail()
    sys.stdout = sys.stderr = printed
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, it goes first
    with suppress(ImportError, OSError, ValueError):
        import resource

        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        most = int(_MEMORY * whole)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return printed


def _end_with_parent() -> None:
    """Watch the process that started this one; without it, nobody would ever end this one."""
    parent = parent_process()
    assert parent is not None, "it was started by one"

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _tell_the_line(channel: _Channel, content: Content) -> None:
    """Say at which line of the file the main thread is: its time is over."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    line = None
    while frame is not None and line is None:
        if frame.f_code.co_filename == content.path:
            line = frame.f_lineno
        frame = frame.f_back
    channel.say("late", line)


def _told(content: Content, error: BaseException, printed: _Tail) -> BaseException:
    """What went wrong, as it can travel."""
    from engine.errors import DivergedError
    from engine.own.mistakes import as_mistake

    if isinstance(error, DivergedError):
        return error
    found = as_mistake(content, error)
    if printed.text.strip():
        found.details = f"{found.details}\n\nThe last that it printed:\n{printed.text}".lstrip()
    return found
