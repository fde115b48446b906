"""The tables of a library, as docs/library.md explains them, and how older ones become new.

A library says in ``PRAGMA user_version`` how many of the `MIGRATIONS` it has been through. What has
been released is not changed: whatever is to be otherwise is one more at the end.
"""

from typing import Final

APPLICATION: Final = 0x52545247
""""RTRG": what ``PRAGMA application_id`` knows a library by."""

_FIRST: Final = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    deleted TEXT,
    created TEXT NOT NULL,
    experiment TEXT NOT NULL,
    experiment_toml TEXT NOT NULL,
    data TEXT NOT NULL,
    method TEXT NOT NULL,
    strategy TEXT NOT NULL,
    seed INTEGER NOT NULL,
    seeds INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    best_validation_loss REAL,
    seconds REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    versions TEXT NOT NULL,
    machine TEXT NOT NULL
);
CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT NOT NULL,
    meta_iteration INTEGER,
    body TEXT NOT NULL,
    crc32 INTEGER NOT NULL
);
CREATE INDEX events_by_run ON events (run, kind);
CREATE TABLE arrays (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    npy BLOB NOT NULL
);
CREATE INDEX arrays_by_run ON arrays (run);
CREATE TABLE array_names (
    event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
    name TEXT NOT NULL,
    array INTEGER NOT NULL REFERENCES arrays ON DELETE CASCADE,
    PRIMARY KEY (event, name)
) WITHOUT ROWID;
CREATE INDEX array_names_by_array ON array_names (array);
CREATE TABLE log (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    time TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX log_by_run ON log (run);
CREATE VIEW named_arrays AS
    SELECT runs.id AS run, events.kind AS event, events.meta_iteration AS meta_iteration,
        array_names.name AS name, arrays.npy AS npy
    FROM array_names
    JOIN events ON events.number = array_names.event
    JOIN arrays ON arrays.number = array_names.array
    JOIN runs ON runs.number = events.run;
"""

CHECKED: Final = (
    *("id", "created", "experiment", "experiment_toml", "data", "method", "strategy"),
    *("seed", "seeds", "planned", "done", "best_validation_loss", "seconds", "state", "message"),
    *("versions", "machine"),
)
"""The columns of a run that its checksum is over: all but what people write themselves."""

ROW_CHECKSUM: Final = f"crc32_of({', '.join(CHECKED)})"
"""The checksum of a row of ``runs``, in SQL: see `engine.library.connecting`."""

_SECOND: Final = f"""
ALTER TABLE events ADD COLUMN many INTEGER NOT NULL DEFAULT 1;
DROP VIEW named_arrays;
CREATE VIEW named_arrays AS
    SELECT runs.id AS run, events.kind AS event, events.meta_iteration AS meta_iteration,
        events.many AS many, array_names.name AS name, arrays.npy AS npy
    FROM array_names
    JOIN events ON events.number = array_names.event
    JOIN arrays ON arrays.number = array_names.array
    JOIN runs ON runs.number = events.run;
ALTER TABLE runs ADD COLUMN crc32 INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET crc32 = {ROW_CHECKSUM};
"""

MIGRATIONS: Final[list[str]] = [_FIRST, _SECOND]
"""SQL that makes version n + 1 of version n, from an empty file on."""
