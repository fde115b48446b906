"""Events as rows of a library, and back, with a checksum over all that belongs to each."""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from numpy.typing import NDArray

from engine.library.codec import decode, decode_each, encode
from engine.library.npy import from_npy, to_npy
from engine.library.stacks import Shape, Stack


class DamagedError(ValueError):
    """Something in a library is not what was written."""


class Writer:
    """Writes the events of one run.

    An array that was in the last event, too, is kept once: hyperparameters that stay, or that one
    meta-iteration leads to and the next one uses.

    Args:
        connection: of the library, in a transaction whenever something is written.
        run: the number of the run.
    """

    def __init__(self, connection: sqlite3.Connection, run: int) -> None:
        self._connection, self._run = connection, run
        self._last: dict[bytes, int] = {}
        self._point: tuple[int, dict[str, int]] | None = None
        self._shape: Shape | None = None  # of what was written together last

    def write(self, event: Any, meta_iteration: int | None) -> None:
        """Add an event."""
        body, arrays = encode(event)
        npy = {name: to_npy(array) for name, array in arrays.items()}
        self._write(type(event).__name__, meta_iteration, body, npy, 1)

    def write_stack(self, events: Sequence[Any], meta_iteration: int | None) -> None:
        """Add events one after another, as few rows as can be.

        Args:
            events: of one kind.
            meta_iteration: of the first; the others follow it.
        """
        place = 0
        while place < len(events):
            taken = self._write_some(events[place:], meta_iteration)
            place += taken
            meta_iteration = None if meta_iteration is None else meta_iteration + taken

    def write_resume_point(self, point: Any) -> None:
        """Put a resume point in the place of the last one."""
        body, arrays = encode(point)
        npy = {name: to_npy(array) for name, array in arrays.items()}
        execute = self._connection.execute
        if self._point is None:
            self._point = self._known_point()
        event, numbers = self._point
        is_like_it = numbers.keys() == npy.keys() and len({*numbers.values()}) == len(npy)
        if event and is_like_it:
            execute(
                "UPDATE events SET meta_iteration = ?, body = ?, crc32 = ? WHERE number = ?",
                (point.meta_iterations, body, checksum(body, npy.items()), event),
            )
            self._connection.executemany(
                "UPDATE arrays SET npy = ? WHERE number = ?",
                [(content, numbers[name]) for name, content in npy.items()],
            )
            return
        if event:
            execute("DELETE FROM events WHERE number = ?", (event,))
            self._connection.executemany(
                "DELETE FROM arrays WHERE number = ?", [(one,) for one in numbers.values()]
            )
        known, self._last = self._last, {}
        self._point = self._write("ResumePoint", point.meta_iterations, body, npy, 1, shared=False)
        self._last = known

    def forget(self) -> None:
        """What was written last was taken back."""
        self._last, self._point = {}, None

    def _write_some(self, events: Sequence[Any], meta_iteration: int | None) -> int:
        """Write events that can stand together, or the first alone; returns how many."""
        if len(events) > 1:
            with suppress(TypeError, OverflowError):
                stack = Stack(events[0], self._shape)
                for event in events[1:]:
                    if not stack.add(event):
                        break
                if len(stack) > 1:
                    body, npy = stack.encoded()
                    self._shape = stack.shape
                    self._write(type(events[0]).__name__, meta_iteration, body, npy, len(stack))
                    return len(stack)
        self.write(events[0], meta_iteration)
        return 1

    def _write(
        self,
        kind: str,
        meta_iteration: int | None,
        body: str,
        npy: Mapping[str, bytes],
        many: int,
        *,
        shared: bool = True,
    ) -> tuple[int, dict[str, int]]:
        """Write a row of ``events`` with its arrays; returns the numbers of it and of them."""
        known, kept = self._last, dict[bytes, int]()
        execute = self._connection.execute
        event = execute(
            "INSERT INTO events (run, kind, meta_iteration, body, crc32, many)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._run, kind, meta_iteration, body, checksum(body, npy.items()), many),
        ).lastrowid
        assert event is not None
        numbers = {}
        for name, content in npy.items():
            array = (kept.get(content) or known.get(content)) if shared else None
            if array is None:
                array = execute(
                    "INSERT INTO arrays (run, npy) VALUES (?, ?)", (self._run, content)
                ).lastrowid
                assert array is not None
            kept[content] = numbers[name] = array
        self._connection.executemany(
            "INSERT INTO array_names VALUES (?, ?, ?)",
            [(event, name, array) for name, array in numbers.items()],
        )
        if kept:
            self._last = kept
        return event, numbers

    def _known_point(self) -> tuple[int, dict[str, int]]:
        """The numbers of the resume point that is there, and of its arrays; 0 if there is none."""
        row = self._connection.execute(
            "SELECT max(number) FROM events WHERE run = ? AND kind = 'ResumePoint'", (self._run,)
        ).fetchone()
        names = self._connection.execute(
            "SELECT name, array FROM array_names WHERE event = ?", (row[0],)
        )
        return row[0] or 0, dict(names.fetchall())


def read_events(connection: sqlite3.Connection, run: int) -> Iterable[Any]:
    """The events of a run, in their order.

    Raises:
        DamagedError: one of them is not as it was written.
        sqlite3.Error: the file cannot be read.
    """
    shared: dict[int, tuple[bytes, NDArray[Any]]] = {}
    rows = connection.execute(
        "SELECT number, body, crc32, many FROM events WHERE run = ? ORDER BY number", (run,)
    ).fetchall()
    for number, body, expected, many in rows:
        named = connection.execute(
            "SELECT name, array, npy FROM array_names JOIN arrays ON arrays.number = array"
            " WHERE event = ?",
            (number,),
        ).fetchall()
        texts = isinstance(body, str) and all(isinstance(npy, bytes) for _, _, npy in named)
        if not texts or checksum(body, [(name, npy) for name, _, npy in named]) != expected:
            raise DamagedError("it is damaged")
        now: dict[int, tuple[bytes, NDArray[Any]]] = {}
        for _, array, npy in named:
            before = shared.get(array)
            now[array] = before if before and before[0] == npy else (npy, from_npy(npy))
        arrays = {name: now[array][1] for name, array, _ in named}
        if many == 1:
            yield decode(body, arrays)
        else:
            yield from decode_each(body, arrays, many)
        shared = now


def checksum(body: str, npy: Iterable[tuple[str, bytes]]) -> int:
    """CRC-32 of a body and of its arrays, in the order of their names."""
    found = zlib.crc32(body.encode("utf-8", "surrogatepass"))
    for name, content in sorted(npy):
        found = zlib.crc32(content, zlib.crc32(name.encode("utf-8"), found))
    return found
