"""The library of runs as the window has it: read and changed in a thread of its own."""

import itertools
import queue
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engine.errors import InputError
from engine.sentences import one_line

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun

_SECONDS: Final = 0.5
"""Between two looks at whether others have written to the library."""
_LOOKS_AGAIN: Final = 10
"""After so many of them, runs that go on are looked at in any case: one may have been killed."""

_FIRST, _SOON, _LATER = 0, 1, 2


class _Job(NamedTuple):
    """What the thread is to do; what is urgent first, and else in turn."""

    urgency: int
    turn: int
    do: "Callable[[Library], object] | None"  # none: list the runs
    tell: "Callable[[Any], None]"
    refuse: Callable[[str], None]


class _Thread(QThread):
    listed = Signal(object)
    told = Signal(object, object)
    refused = Signal(str)

    def __init__(self, path: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs: queue.PriorityQueue[_Job | tuple[int, int]] = queue.PriorityQueue()
        self.watches = False
        self._path = path
        self._library: Library | None = None
        self._refusal = ""
        self._seen: tuple[int, int] = -1, -1  # the version, and how many looks ago
        self._runs: tuple[StoredRun, ...] | None = None

    def run(self) -> None:
        self.setPriority(QThread.Priority.LowPriority)
        try:
            while True:
                try:
                    job = self.jobs.get(timeout=_SECONDS if self.watches else None)
                except queue.Empty:
                    self._look()
                    continue
                if not isinstance(job, _Job):
                    return
                self._do(job)
        finally:
            if self._library is not None:
                self._close(self._library)

    def _do(self, job: _Job) -> None:
        if job.do is None:
            self.renew()
            return
        library = self._opened()
        if library is None:
            self.told.emit(
                job.refuse, self._refusal or f"{self._path or 'This window'} keeps no runs yet."
            )
            return
        try:
            found = job.do(library)
        except InputError as error:
            self.told.emit(job.refuse, str(error))
        except Exception as error:  # told in the window, which can go on asking
            self.told.emit(job.refuse, f"{type(error).__name__}: {one_line(str(error))}")
        else:
            self.told.emit(job.tell, found)

    def _look(self) -> None:
        """List the runs if something may have changed."""
        library = self._opened()
        if library is None:
            if not self._refusal:
                self._pass_on(())
            return
        try:
            version = library.version
            before, looks = self._seen
            goes_on = any(run.state == "running" for run in self._runs or ())
            if version == before and not (goes_on and looks >= _LOOKS_AGAIN):
                self._seen = version, looks + 1
                return
            self._seen = version, 0
            self._pass_on(tuple(library))
        except InputError as error:
            self._complain(str(error))

    def renew(self) -> None:
        """Have the runs listed next."""
        self._seen = -1, -1
        self._refusal = ""
        self._look()

    def _pass_on(self, runs: "tuple[StoredRun, ...]") -> None:
        if runs != self._runs:
            self._runs = runs
            self.listed.emit(runs)

    def _opened(self) -> "Library | None":
        """The library; None while there is none, or none that can be read."""
        path = self._path
        if self._library is None and not self._refusal and path is not None and path.exists():
            from engine.library.library import open_library  # brings SQLite along

            try:
                self._library = open_library(path)
            except InputError as error:
                self._complain(str(error))
        return self._library

    def _complain(self, sentence: str) -> None:
        if sentence != self._refusal:
            self._refusal = sentence
            self.refused.emit(sentence)

    @staticmethod
    def _close(library: "Library") -> None:
        with suppress(InputError):  # runs that were deleted stay marked so
            library.close()


class Shelf(QObject):
    """What a window asks of a library of runs, which others may write to at the same time.

    Nothing here waits: what is asked for is told later, in the window's thread. The library is not
    made by looking at it.

    Args:
        path: its file; None: there is no library.

    Attributes:
        path: the same.
        runs: those in it, the latest first, as far as they were listed.

    Signals:
        listed: runs have come, gone, or changed.
        refused: a sentence: the library cannot be read.
    """

    listed = Signal()
    refused = Signal(str)

    def __init__(self, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.runs: tuple[StoredRun, ...] = ()
        self._thread: _Thread | None = None
        self._turns = itertools.count()
        self._watchers: set[object] = set()

    def run(self, which: str) -> "StoredRun | None":
        """A run by its id; None: there is none."""
        return next((run for run in self.runs if run.id == which), None)

    def watch(self, watcher: object, on: bool) -> None:
        """Have runs listed as they change, as long as somebody looks."""
        (self._watchers.add if on else self._watchers.discard)(watcher)
        if on or self._thread is not None:
            self._started().watches = bool(self._watchers)
        if on:
            self.renew()

    def renew(self) -> None:
        """List the runs."""
        self._ask(None, _nothing, _nothing, _FIRST)

    def change(
        self,
        change: "Callable[[Library], object]",
        then: "Callable[[Any], None] | None" = None,
        refuse: Callable[[str], None] | None = None,
    ) -> None:
        """Change something in the library, and list the runs.

        Args:
            change: does it, in the library's thread.
            then: is called with what it gives, in the window's.
            refuse: is called with a sentence if it cannot be done.
        """
        thread = self._started()

        def done(library: "Library") -> object:
            found = change(library)
            thread.renew()
            return found

        self._ask(done, then or _nothing, refuse or self.refused.emit, _FIRST)

    def read(
        self,
        work: "Callable[[Library], object]",
        then: "Callable[[Any], None]",
        refuse: Callable[[str], None],
        *,
        is_urgent: bool = True,
    ) -> None:
        """Have something worked out of what is in the library; see `change`."""
        self._ask(work, then, refuse, _SOON if is_urgent else _LATER)

    @Slot()
    def shut_down(self) -> None:
        """Leave no thread behind; runs that were deleted are gone for good."""
        thread, self._thread = self._thread, None
        if thread:
            for signal in (thread.listed, thread.told, thread.refused):
                signal.disconnect()
            thread.jobs.put((-1, -1))
            thread.wait()
            thread.deleteLater()

    def _ask(
        self,
        do: "Callable[[Library], object] | None",
        tell: "Callable[[Any], None]",
        refuse: Callable[[str], None],
        urgency: int,
    ) -> None:
        self._started().jobs.put(_Job(urgency, next(self._turns), do, tell, refuse))

    def _started(self) -> _Thread:
        if self._thread is None:
            thread = self._thread = _Thread(self.path, self)
            thread.listed.connect(self._take)
            thread.told.connect(self._tell)
            thread.refused.connect(self.refused)
            thread.start()
        return self._thread

    @Slot(object)
    def _take(self, runs: "Iterable[StoredRun]") -> None:
        self.runs = tuple(runs)
        self.listed.emit()

    @Slot(object, object)
    def _tell(self, whom: Callable[[Any], None], what: object) -> None:
        whom(what)


def _nothing(_: object) -> None:
    """Nobody wants to know."""
