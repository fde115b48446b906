"""Events of a run, recorded as they pass by."""

import secrets
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from json import dumps, loads
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import Final

from engine.errors import InputError
from engine.experiments.changes import in_words
from engine.experiments.experiment import Experiment
from engine.experiments.files import to_toml
from engine.experiments.strategies import STRATEGIES
from engine.library.connecting import connect, reason
from engine.library.gathering import in_stacks, point_to_come, together
from engine.library.library import Library
from engine.library.machine import machine, versions, what_differs
from engine.library.rows import Writer
from engine.library.running import RunningMark
from engine.library.schema import ROW_CHECKSUM
from engine.library.stored_run import StoredRun
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    NotRecorded,
    ResumePoint,
    ReversalProgress,
    RunFinished,
    RunStarted,
    SettingsChanged,
    TrainingProgress,
)

_REFUSALS: Final = (sqlite3.Error, OSError, InputError)
_SECONDS_BETWEEN: Final = 0.05
"""Between transactions, at least: meta-iterations that are over sooner share one."""


def recorded(
    events: Iterable[Event],
    library: Library | Path | str,
    name: str = "",
    going_on: StoredRun | None = None,
    run: str = "",
) -> Generator[Event, None, None]:
    """Pass the events of a run on, and record them.

    A meta-iteration's transaction is over before its `MetaIterationDone` is passed on. Those that
    follow each other within 50 ms share one, and are passed on after it. If the library cannot be
    written to, the run goes on unrecorded, and `NotRecorded` says so once; when it ends, all that
    is missing is tried once more.

    Args:
        events: as of `engine.optimize`.
        library: it, or its file, which is made if need be.
        name: of the run; that of its experiment by default.
        going_on: the run in the library that these events go on with; see the argument ``resume``
            of `engine.optimize`. What it has already is not recorded again.
        run: the id of a new run, 16 hexadecimal digits; by default random ones.

    Yields:
        The same events, and perhaps `NotRecorded`.
    """
    path = library.path if isinstance(library, Library) else Path(library)
    recorder = _Recorder(path, name, going_on, run or secrets.token_hex(8))
    state = "failed"
    try:
        try:
            for event in events:
                if recorder.lets_pass(event):
                    yield event
                elif recorder.is_time_to_write:
                    yield from recorder.held_back()
        except Exception:
            yield from recorder.held_back()
            raise
        yield from recorder.held_back()
        state = "stopped"
    except GeneratorExit:
        state = "stopped"
        raise
    finally:
        recorder.end(state)
        if hasattr(events, "close"):
            events.close()
    if recorder.loss:
        yield NotRecorded(recorder.loss)


class _Recorder:
    """Records one run.

    Attributes:
        refusal: why no more is written until the end, as a sentence; "" if it is.
        is_time_to_write: whether what is held back may be written and passed on now.
        loss: what was not written in the end, as a sentence; "" if everything was.
    """

    def __init__(self, path: Path, name: str, going_on: StoredRun | None, run: str) -> None:
        self._path, self._name = path, name
        self._connection: sqlite3.Connection | None = None
        self._writer: Writer | None = None
        self._mark: RunningMark | None = None
        self._id = going_on.id if going_on else run
        self._goes_on = going_on is not None
        self._experiment: Experiment | None = None
        self._planned_of: Callable[[Experiment], int] | None = None
        self._waiting: list[Event] = []  # for the next transaction
        self._under_way: list[Event] = []  # of a meta-iteration that is not done
        self._held: list[Event] = []  # that are passed on after the next transaction
        self._written_at = float("-inf")
        self.is_time_to_write = False
        self._known = 0  # meta-iterations that a run that goes on has already
        self._done = 0
        self._seconds, self._best = 0.0, float("inf")
        self._number = 0
        self._is_over = False
        self.refusal = self.loss = ""

    def lets_pass(self, event: Event) -> bool:
        """Take note of an event; tells whether it may be passed on before more is written."""
        is_due = self._note(event)
        if self.refusal or not (is_due or self._held):
            return True  # after a refusal all waits for the end
        self._held.append(event)
        is_urgent = is_due and not isinstance(event, MetaIterationDone)
        self.is_time_to_write = is_urgent or monotonic() - self._written_at >= _SECONDS_BETWEEN
        return False

    def held_back(self) -> Iterator[Event]:
        """Write what waits, and yield the events that waited for that."""
        if not self._held:
            return
        held, self._held = self._held, []
        if why := self._write():
            self.refusal = (
                f"{self._path}: this run is not recorded any further: {why}. "
                "It goes on, and what is missing is tried again at its end."
            )
        self._written_at = monotonic()
        yield from held
        if why:
            yield NotRecorded(self.refusal)

    def _note(self, event: Event) -> bool:
        """Take note of an event; tells whether it is to be written before it is passed on."""
        match event:
            case MetaIterationDone():
                self._under_way = []
                self._waiting.append(event)
                return True
            case SettingsChanged():  # also what a person decided: nobody is asked again
                self._waiting.append(event)
                return True
            case ResumePoint():
                self._waiting.append(event)
            case MetaIterationStarted():
                self._under_way = [event]
            case TrainingProgress() | ReversalProgress():
                self._under_way.append(event)
            case RunStarted():
                self._experiment, self._planned_of = event.experiment, event.planned
                self._waiting.append(event)
                return True
            case RunFinished():
                self._waiting += [*together(self._under_way), event]
                self._under_way = []
                return True
            case _:
                pass
        return False

    def end(self, state: str) -> None:
        """The run is over, or is not asked for more."""
        if not self._is_over and self._experiment is not None:
            self._waiting += together(self._under_way)
            if why := self._write(state):
                amount = STRATEGIES[self._experiment.meta.optimizer].amount(self._done)
                self.loss = f"{self._path}: this run is recorded up to {amount} alone: {why}."
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        if self._mark is not None:
            self._mark.remove()

    def _write(self, state: str = "") -> str:
        """Write all that waits in one transaction; returns what is in the way of that."""
        try:
            connection = self._connected()
            connection.execute("BEGIN IMMEDIATE")
            try:
                kept = self._number, self._known, self._done, self._seconds, self._best
                for stack in in_stacks(self._waiting):
                    self._write_stack(connection, stack)
                self._write_summary(connection, state)
                connection.execute("COMMIT")
            except BaseException:
                self._number, self._known, self._done, self._seconds, self._best = kept
                if self._writer is not None:
                    self._writer.forget()
                if not self._number:
                    self._writer = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except _REFUSALS as error:
            return error.sentence.rstrip(".") if isinstance(error, InputError) else reason(error)
        self._is_over = bool(self._waiting) and isinstance(self._waiting[-1], RunFinished)
        self._waiting = point_to_come(self._waiting)
        return ""

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection, writable = connect(self._path)
            if not writable:
                self._connection.close()
                self._connection = None
                raise InputError(str(self._path), "it may not be written to.")
        if self._mark is None:
            self._mark = RunningMark.put(self._path, self._id)
        return self._connection

    def _write_stack(self, connection: sqlite3.Connection, stack: list[Event]) -> None:
        """Write an event, or several meta-iterations."""
        event = stack[0]
        if isinstance(event, RunStarted):
            self._begin(connection, event)
            return
        assert self._writer is not None, "a run starts"
        match event:
            case ResumePoint():
                self._writer.write_resume_point(event)
            case SettingsChanged(change=change):
                if change.meta_iteration >= self._known:
                    self._writer.write(event, change.meta_iteration)
                    words = in_words(change.settings, event.experiment)
                    self._log(connection, f"From meta-iteration {change.meta_iteration}: {words}.")
            case MetaIterationDone():
                done = [one for one in stack if isinstance(one, MetaIterationDone)]
                self._write_done([one for one in done if one.index >= self._known])
            case RunFinished():
                self._writer.write(event, None)
                self._log(connection, event.message)
            case _:
                self._writer.write(event, getattr(event, "meta_iteration", None))

    def _write_done(self, stack: list[MetaIterationDone]) -> None:
        if not stack:
            return
        assert self._writer is not None, "a run starts"
        for event in stack:
            self._done += 1
            self._seconds += event.seconds
            loss = event.measures.get("validation_loss")
            if loss is not None and isfinite(loss):
                self._best = min(self._best, loss)
        self._writer.write_stack(stack, stack[0].index)

    def _begin(self, connection: sqlite3.Connection, event: RunStarted) -> None:
        if self._goes_on:
            self._go_on(connection)
            return
        experiment = event.experiment
        columns = {
            "id": self._id,
            "name": self._name or experiment.name,
            "created": _now(),
            "experiment": experiment.name,
            "experiment_toml": to_toml(experiment),
            "data": experiment.data.source or Path(experiment.data.file or "").name,
            "method": experiment.method,
            "strategy": experiment.meta.optimizer,
            "seed": experiment.meta.seed,
            "seeds": experiment.meta.seeds,
            "planned": event.planned(experiment),
            "state": "running",
            "versions": dumps(versions()),
            "machine": dumps(machine()),
        }
        marks = ", ".join("?" * len(columns))
        self._number = (
            connection.execute(
                f"INSERT INTO runs ({', '.join(columns)}) VALUES ({marks})", (*columns.values(),)
            ).lastrowid
            or 0
        )
        self._writer = Writer(connection, self._number)
        self._writer.write(event, None)
        for note in event.data.notes:
            self._log(connection, note)

    def _go_on(self, connection: sqlite3.Connection) -> None:
        """Take up a run that is there, without what was under way when it ended."""
        row = connection.execute(
            "SELECT number, versions, machine, done, seconds, best_validation_loss,"
            f" crc32 = {ROW_CHECKSUM} FROM runs WHERE id = ?",
            (self._id,),
        ).fetchone()
        if row is None:
            raise InputError(str(self._path), "the run is not there any more.")
        if not row[-1]:
            raise InputError(str(self._path), "the run is damaged.")
        self._number, then, on, self._done, self._seconds, best, _ = row
        self._best = float("inf") if best is None else best
        self._writer = Writer(connection, self._number)
        last, self._known = connection.execute(
            "SELECT max(number), coalesce(sum(many), 0) FROM events"
            " WHERE run = ? AND kind = 'MetaIterationDone'",
            (self._number,),
        ).fetchone()
        connection.execute(
            "DELETE FROM events WHERE run = ? AND number > ?"
            " AND kind NOT IN ('ResumePoint', 'RunStarted')",
            (self._number, last or 0),
        )
        told = what_differs({**loads(then), **loads(on)})
        self._log(connection, f"Resumed. {told}".strip())

    def _write_summary(self, connection: sqlite3.Connection, state: str) -> None:
        outcome, message, planned = state or "running", "", None
        for event in self._waiting:
            if isinstance(event, SettingsChanged) and self._planned_of is not None:
                planned = self._planned_of(event.experiment)
            elif isinstance(event, RunFinished):
                outcome, message = event.outcome, event.message
        connection.execute(
            "UPDATE runs SET done = ?, seconds = ?, best_validation_loss = ?, state = ?,"
            " message = ?, planned = coalesce(?, planned) WHERE number = ?",
            (
                self._done,
                self._seconds,
                self._best if isfinite(self._best) else None,
                outcome,
                message,
                planned,
                self._number,
            ),
        )
        connection.execute(
            f"UPDATE runs SET crc32 = {ROW_CHECKSUM} WHERE number = ?", (self._number,)
        )

    def _log(self, connection: sqlite3.Connection, text: str) -> None:
        connection.execute(
            "INSERT INTO log (run, time, text) VALUES (?, ?, ?)", (self._number, _now(), text)
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
