"""A library of runs: listed, read, renamed, deleted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import loads
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from engine.errors import InputError
from engine.library.connecting import connect, reason
from engine.library.running import goes_on
from engine.library.schema import ROW_CHECKSUM
from engine.library.stored_run import StoredRun
from engine.sentences import one_line, shown

if TYPE_CHECKING:
    from engine.runs.records import RunRecord

_LISTED: Final = (
    *("id", "name", "note", "starred", "created", "experiment", "data", "method", "strategy"),
    *("seed", "planned", "done", "best_validation_loss", "seconds", "state", "message"),
    *("versions", "machine", "experiment_toml"),
)
_SELECT: Final = (
    f"SELECT {', '.join(_LISTED)}, crc32 = {ROW_CHECKSUM} FROM runs WHERE deleted IS NULL"
)
_DAMAGED: Final = "it is damaged"
_OVER: Final = ("completed", "diverged")
"""The states of a run that has a last event."""
_LONGEST_NAME: Final = 120


def open_library(path: Path | str) -> "Library":
    """Open the library in a file, which is made if there is none.

    Raises:
        InputError: the file is no library, is damaged, or of a newer version; it is left as it is.
    """
    return Library(path)


class Library:
    """Runs in one SQLite file; docs/library.md explains what stands in it.

    Any thread may use it: they wait for each other; any number of processes may have it open.

    Args:
        path: the file, which is made if there is none.

    Raises:
        InputError: the file is no library, is damaged, or of a newer version; it is left as it is.

    Attributes:
        path: the file.
        is_writable: whether names, notes and runs can be changed.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._connection, self.is_writable = connect(self.path)
        self._deleted: set[str] = set()
        self._one_at_a_time = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; runs that were deleted are gone then."""
        try:
            if self._deleted:
                with self._asked() as connection:
                    connection.executemany(
                        "DELETE FROM runs WHERE id = ? AND deleted IS NOT NULL",
                        [(run,) for run in self._deleted],
                    )
                self._deleted = set()
        finally:
            self._connection.close()

    def __iter__(self) -> Iterator[StoredRun]:
        """The runs, the latest first."""
        with self._asked() as connection:
            rows = connection.execute(f"{_SELECT} ORDER BY number DESC").fetchall()
            return iter([self._run(row) for row in rows])

    def __len__(self) -> int:
        """How many there are."""
        with self._asked() as connection:
            found = connection.execute("SELECT count(*) FROM runs WHERE deleted IS NULL")
            return int(found.fetchone()[0])

    @property
    def version(self) -> int:
        """Another number whenever others have written to the file since it was asked last."""
        with self._asked() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def __getitem__(self, wanted: str) -> StoredRun:
        """A run by its id, the beginning of its id, or its name.

        Raises:
            InputError: there is none, or more than one.
        """
        with self._asked() as connection:
            rows = connection.execute(
                f"{_SELECT} AND (name = ?1 OR substr(id, 1, length(?1)) = ?1) ORDER BY number DESC",
                (wanted,),
            ).fetchall()
        exact = [row for row in rows if row[0] == wanted]
        rows = exact or rows
        if wanted and len(rows) == 1:
            with self._asked():
                return self._run(rows[0])
        field = str(self.path)
        if not rows or not wanted:
            raise InputError(
                field,
                f"expected the name of a run, or the beginning of its id, found {shown(wanted)}.",
            )
        several = ", ".join(row[0] for row in rows[:4]) + (", …" if len(rows) > 4 else "")
        raise InputError(
            field, f"expected one run, found {len(rows)} that {shown(wanted)} may mean: {several}."
        )

    def read(self, run: str) -> "RunRecord":
        """The record of a run, by its id; see `StoredRun.record`.

        Raises:
            InputError: it is damaged, or not there any more.
        """
        from engine.library.rows import DamagedError, read_events
        from engine.runs.events import RunStarted
        from engine.runs.records import RunRecord

        with self._asked(begin="BEGIN") as connection:
            number = self._number(connection, run)
            done, state, is_whole = connection.execute(
                f"SELECT done, state, crc32 = {ROW_CHECKSUM} FROM runs WHERE number = ?", (number,)
            ).fetchone()
            if not is_whole:
                raise DamagedError(_DAMAGED)
            events = iter(read_events(connection, number))
            if not isinstance(started := next(events, None), RunStarted):
                raise DamagedError(_DAMAGED)
            record = RunRecord(started)
            for event in events:
                record.add(event)
            outcome = record.finished.outcome if record.finished else None
            told = [each.index for each in record.meta_iterations]
            is_whole = told == [*range(len(told))] and len(told) == done
            if not is_whole or outcome != (state if state in _OVER else None):
                raise DamagedError(_DAMAGED)
        return record

    def log(self, run: str) -> list[tuple[str, str]]:
        """What was said of a run, by its id, each with its time."""
        with self._asked() as connection:
            number = self._number(connection, run)
            return connection.execute(
                "SELECT time, text FROM log WHERE run = ? ORDER BY number", (number,)
            ).fetchall()

    def change(self, run: str, **columns: str | bool) -> None:
        """Change the name, the note or the star of a run, by its id.

        Raises:
            InputError: the name is not one, or the library cannot be written to.
        """
        if "name" in columns:
            name = one_line(str(columns["name"]), _LONGEST_NAME).strip()
            if not name:
                raise InputError("name", "expected a name, found nothing.")
            columns["name"] = name
        with self._asked(begin="BEGIN IMMEDIATE") as connection:
            number = self._number(connection, run)
            for column, value in columns.items():
                assert column in ("name", "note", "starred")
                connection.execute(
                    f"UPDATE runs SET {column} = ? WHERE number = ?", (value, number)
                )

    def delete(self, run: str) -> None:
        """Take a run out of the list, by its id; gone when the library is closed.

        Raises:
            InputError: it goes on, or the library cannot be written to.
        """
        if goes_on(self.path, run):
            raise InputError(str(self.path), f"expected a run that is over, run {run} goes on.")
        with self._asked(begin="BEGIN IMMEDIATE") as connection:
            number = self._number(connection, run)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute("UPDATE runs SET deleted = ? WHERE number = ?", (now, number))
        self._deleted.add(run)

    def undelete(self, run: str) -> None:
        """Bring a run back that was deleted, before the library is closed.

        Raises:
            InputError: it is not there any more, or the library cannot be written to.
        """
        with self._asked(begin="BEGIN IMMEDIATE") as connection:
            number = self._number(connection, run)
            connection.execute("UPDATE runs SET deleted = NULL WHERE number = ?", (number,))
        self._deleted.discard(run)

    def leave(self, run: str) -> None:
        """A run that was interrupted is to stay as far as it came: from now on it is "stopped".

        Raises:
            InputError: it goes on, or the library cannot be written to.
        """
        if goes_on(self.path, run):
            raise InputError(str(self.path), f"expected a run that is over, run {run} goes on.")
        with self._asked(begin="BEGIN IMMEDIATE") as connection:
            number = self._number(connection, run)
            left = connection.execute(
                "UPDATE runs SET state = 'stopped' WHERE number = ? AND state = 'running'"
                f" AND crc32 = {ROW_CHECKSUM}",
                (number,),
            )
            if left.rowcount:
                connection.execute(
                    f"UPDATE runs SET crc32 = {ROW_CHECKSUM} WHERE number = ?", (number,)
                )

    def _number(self, connection: sqlite3.Connection, run: str) -> int:
        row = connection.execute("SELECT number FROM runs WHERE id = ?", (run,)).fetchone()
        if row is None:
            raise InputError(str(self.path), f"expected a run that is there, run {run} is not.")
        return int(row[0])

    def _run(self, row: tuple[Any, ...]) -> StoredRun:
        columns = dict(zip(_LISTED, row[:-1], strict=True))
        if not row[-1]:
            return self._damaged(columns)
        if columns["state"] == "running" and not goes_on(self.path, columns["id"]):
            columns["state"] = "interrupted"
        columns["experiment_name"] = columns.pop("experiment")
        columns["starred"] = bool(columns["starred"])
        columns |= {name: loads(columns[name]) for name in ("versions", "machine")}
        return StoredRun(**columns, library=self)

    def _damaged(self, columns: dict[str, Any]) -> StoredRun:
        """A run of which nothing is believed but what people call it."""
        ident, name, note = (str(columns[name]) for name in ("id", "name", "note"))
        unknown = dict.fromkeys(("created", "data", "method", "strategy", "experiment_toml"), "")
        return StoredRun(
            id=ident,
            name=name,
            note=note,
            starred=bool(columns["starred"]),
            experiment_name="",
            seed=0,
            planned=0,
            done=0,
            best_validation_loss=None,
            seconds=0.0,
            state="damaged",
            message="What the library says of this run is damaged.",
            versions={},
            machine={},
            library=self,
            **unknown,
        )

    @contextmanager
    def _asked(self, begin: str = "") -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction if that is begun; what goes wrong as one sentence."""
        connection = self._connection
        self._one_at_a_time.acquire()
        try:
            if begin:
                connection.execute(begin)
            try:
                yield connection
                if begin:
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except (sqlite3.Error, OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(
                str(self.path), f"expected a run library that can be used: {reason(error)}."
            ) from None
        finally:
            self._one_at_a_time.release()
