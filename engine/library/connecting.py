"""The file of a library: opened, looked through, and brought up to this version's tables."""

import sqlite3
import zlib
from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.files import what_is_at
from engine.library.schema import APPLICATION, MIGRATIONS
from engine.sentences import one_line

SECONDS: Final = 5.0
"""To wait for another process that writes."""

_NOT_MADE: Final = "the file is unchanged"


def connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open a library, which is made if there is no file.

    It is looked through first: what is damaged, of a newer version, or no library is left alone.

    Returns:
        The connection, and whether it can be written to.

    Raises:
        InputError: it cannot be opened; in one sentence.
    """
    try:
        there = what_is_at(path)
        if there not in ("a file", "nothing"):
            raise InputError(str(path), f"expected the file of a run library, found {there}.")
        if there == "nothing":
            path.parent.mkdir(parents=True, exist_ok=True)
            return _made(path), True
        return _opened(path)
    except (OSError, ValueError, sqlite3.Error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(path), f"expected a run library: {reason(error)}.") from None


def reason(error: Exception) -> str:
    """What went wrong with a library, as the end of a sentence."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return _REASONS.get(code, one_line(str(error)))
    if isinstance(error, OSError):
        return one_line(error.strerror or type(error).__name__)
    return one_line(str(error).rstrip("."))


_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may not be written to",
    sqlite3.SQLITE_BUSY: "another program is writing to it",
    sqlite3.SQLITE_LOCKED: "another program is writing to it",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is no SQLite file, or it is damaged",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk does not take or give it",
}


def _made(path: Path) -> sqlite3.Connection:
    connection = _connection(path.as_posix())
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection, path)
        return connection
    except BaseException:
        connection.close()
        raise


def _opened(path: Path) -> tuple[sqlite3.Connection, bool]:
    uri = path.absolute().as_uri()
    connection, writable = _for_writing(path, uri)
    try:
        found = _version(connection, path)
        if found > len(MIGRATIONS):
            expected = f"expected a run library of version {len(MIGRATIONS)} or before"
            raise InputError(
                str(path),
                f"{expected}, found version {found}, which a newer Retrograde wrote; {_NOT_MADE}.",
            )
        if (told := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            expected = "expected a run library that is whole, found a damaged one"
            raise InputError(str(path), f"{expected} ({one_line(told, 80)}); {_NOT_MADE}.")
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, path)
        elif found < len(MIGRATIONS):
            raise InputError(
                str(path), f"expected version {len(MIGRATIONS)}, or a file that may be written to."
            )
        return connection, writable
    except BaseException:
        connection.close()
        raise


def _for_writing(path: Path, uri: str) -> tuple[sqlite3.Connection, bool]:
    """A connection that writes; or if the file or its folder is not to be written to, reads."""
    connection = _connection(f"{uri}?mode=rw", uri=True)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("BEGIN IMMEDIATE")  # alone it succeeds where nothing can be written
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ROLLBACK")
        return connection, True
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
    beside = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if beside.exists() else "mode=ro&immutable=1"
    return _connection(f"{uri}?{how}", uri=True), False


def _connection(where: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        where, timeout=SECONDS, isolation_level=None, check_same_thread=False, uri=uri
    )
    connection.create_function("crc32_of", -1, _crc32_of, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # whole after a power cut, in WAL
    connection.execute("PRAGMA journal_size_limit = 16000000")
    return connection


def _crc32_of(*columns: object) -> int:
    """CRC-32 of columns, as Python writes a tuple of them."""
    return zlib.crc32(repr(columns).encode("utf-8", "surrogatepass"))


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """How many migrations it has been through; 0 of an empty file."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and tables:
        raise InputError(
            str(path), f"expected a run library, found another SQLite file; {_NOT_MADE}."
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Go through the migrations that are to come, all of them or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection, path)  # perhaps another process was first
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in _statements(statements):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(text: str) -> list[str]:
    """SQL one by one: `executescript` would end the transaction."""
    found, begun = [], ""
    for piece in text.split(";"):
        begun += f"{piece};"
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return [one for one in found if one.strip("; \n")]
