"""Events as rows of a library, and back, with a checksum over all that belongs to each."""

import sqlite3
import zlib
from collections.abc import Iterable
from typing import Any

from numpy.typing import NDArray

from engine.library.codec import decode, encode
from engine.library.npy import from_npy, to_npy


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

    def write(self, event: Any, meta_iteration: int | None) -> None:
        """Add an event."""
        kept, known = dict[bytes, int](), self._last
        self._add(event, meta_iteration, known, kept)
        if kept:
            self._last = kept

    def write_resume_point(self, point: Any) -> None:
        """Put a resume point in the place of the last one."""
        before = self._connection.execute(
            "SELECT number FROM events WHERE run = ? AND kind = 'ResumePoint'", (self._run,)
        ).fetchall()
        for (number,) in before:
            own = self._connection.execute(
                "SELECT array FROM array_names WHERE event = ?", (number,)
            ).fetchall()
            self._connection.execute("DELETE FROM events WHERE number = ?", (number,))
            self._connection.executemany("DELETE FROM arrays WHERE number = ?", own)
        self._add(point, point.meta_iterations, {}, {})

    def forget(self) -> None:
        """What was written last was taken back."""
        self._last = {}

    def _add(
        self,
        event: Any,
        meta_iteration: int | None,
        known: dict[bytes, int],
        kept: dict[bytes, int],
    ) -> None:
        body, arrays = encode(event)
        npy = {name: to_npy(array) for name, array in arrays.items()}
        execute = self._connection.execute
        number = execute(
            "INSERT INTO events (run, kind, meta_iteration, body, crc32) VALUES (?, ?, ?, ?, ?)",
            (self._run, type(event).__name__, meta_iteration, body, checksum(body, npy.items())),
        ).lastrowid
        names = []
        for name, content in npy.items():
            array = kept.get(content) or known.get(content)
            if array is None:
                array = execute(
                    "INSERT INTO arrays (run, npy) VALUES (?, ?)", (self._run, content)
                ).lastrowid
                assert array is not None
            kept[content] = array
            names.append((number, name, array))
        self._connection.executemany("INSERT INTO array_names VALUES (?, ?, ?)", names)


def read_events(connection: sqlite3.Connection, run: int) -> Iterable[Any]:
    """The events of a run, in their order.

    Raises:
        DamagedError: one of them is not as it was written.
        sqlite3.Error: the file cannot be read.
    """
    shared: dict[int, tuple[bytes, NDArray[Any]]] = {}
    rows = connection.execute(
        "SELECT number, body, crc32 FROM events WHERE run = ? ORDER BY number", (run,)
    ).fetchall()
    for number, body, expected in rows:
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
        yield decode(body, {name: now[array][1] for name, array, _ in named})
        shared = now


def checksum(body: str, npy: Iterable[tuple[str, bytes]]) -> int:
    """CRC-32 of a body and of its arrays, in the order of their names."""
    found = zlib.crc32(body.encode("utf-8", "surrogatepass"))
    for name, content in sorted(npy):
        found = zlib.crc32(content, zlib.crc32(name.encode("utf-8"), found))
    return found
