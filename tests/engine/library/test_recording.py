"""Runs are recorded as they go."""

import io
import itertools
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import (
    DIVERGES_AFTER_ONE,
    DIVERGES_AT_ONCE,
    events_of,
    record_of,
    tiny,
    tiny_with_everything_free,
)
from recording_for_tests import assert_same_records, record_in, until

import engine
from engine.experiments.changes import Change
from engine.experiments.files import load_experiment, override
from engine.library import recording
from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    NotRecorded,
    ResumePoint,
    SettingsChanged,
    TrainingProgress,
)
from engine.runs.run import optimize

RANDOM = {"meta.optimizer": "random", "meta.iterations": "4"}
SORTS = {
    "sgd": {},
    "adam": {"meta.optimizer": "adam"},
    "everything free": None,
    "averaged": {"meta.seeds": "2"},
    "diverged": DIVERGES_AFTER_ONE,
    "stored": {"method": "stored-trajectory"},
    "several updates": {"meta.updates": "2"},
    "random": RANDOM,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.retrograde"


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each meta-iteration takes long enough for a transaction of its own."""
    times = itertools.count(0.0)
    monkeypatch.setattr(recording, "monotonic", lambda: next(times))


@pytest.mark.parametrize("sort", SORTS)
def test_a_record_read_from_the_library_is_the_one_of_the_run(sort: str, path: Path) -> None:
    changes = SORTS[sort]
    events = events_of(tiny_with_everything_free() if changes is None else tiny(changes))
    assert_same_records(record_in(path, events), record_of(events))


def test_a_run_that_diverges_at_once_is_recorded_with_the_curve_that_led_there(path: Path) -> None:
    experiment = override(load_experiment("regression"), DIVERGES_AT_ONCE)
    events = list(optimize(experiment))
    record = record_of(events)
    assert record.learning_curve
    assert_same_records(record_in(path, events), record)


@pytest.mark.parametrize("due", [MetaIterationStarted, ResumePoint, TrainingProgress])
def test_the_last_resume_point_is_there_whenever_a_transaction_ends(
    due: type[Event], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(recording, "monotonic", lambda: clock[0])

    def told() -> Iterator[Event]:
        for event in events_of(tiny()):
            clock[0] += isinstance(event, due)
            yield event

    for event in recorded(told(), path):
        if isinstance(event, MetaIterationDone):
            with Library(path) as library:
                record = next(iter(library)).record
            assert record.resume_point is not None
            assert record.resume_point.meta_iterations == len(record.meta_iterations)


def test_what_a_person_decided_is_there_at_once(path: Path) -> None:
    changes = [Change(1, {"meta.step": 0.2})]
    for event in recorded(optimize(tiny(), changes=changes), path):
        if isinstance(event, SettingsChanged):
            with Library(path) as library:
                assert next(iter(library)).record.changes == (*changes,)


def test_changes_are_recorded(path: Path) -> None:
    changes = [Change(1, {"meta.step": 0.2}), Change(2, {"hyperparameters.decays.free": False})]
    events = list(optimize(tiny(), changes=changes))
    record = record_in(path, events)
    assert_same_records(record, record_of(events))
    assert record.changes == (*changes,)


def test_events_pass_by_as_they_are(path: Path) -> None:
    events = events_of(tiny())
    assert [*recorded(events, path)] == [*events]


@pytest.mark.usefixtures("one_by_one")
def test_a_run_that_is_stopped_is_there_as_far_as_it_came(path: Path) -> None:
    events = recorded(optimize(tiny()), path)
    seen = []
    for event in events:
        seen.append(event)
        if isinstance(event, TrainingProgress) and event.meta_iteration == 1:
            break
    events.close()
    with Library(path) as library:
        (run,) = library
        assert (run.state, run.done, run.planned) == ("stopped", 1, 3)
        assert_same_records(run.record, record_of(seen))


def test_a_run_that_fails_says_so(path: Path) -> None:
    def events():
        yield from until(optimize(tiny()), 2)
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        list(recorded(events(), path))
    with Library(path) as library:
        assert [(run.state, run.done) for run in library] == [("failed", 2)]


@pytest.mark.usefixtures("one_by_one")
def test_each_meta_iteration_is_there_before_it_is_passed_on(path: Path) -> None:
    events = recorded(optimize(tiny()), path)
    done = 0
    for event in events:
        if isinstance(event, MetaIterationDone):
            done += 1
            with Library(path) as library:
                (run,) = library
                assert (run.done, run.state) == (done, "running")
                assert len(run.record.meta_iterations) == run.done
    with Library(path) as library:
        assert [run.state for run in library] == ["completed"]
    assert list(path.parent.glob("*.running")) == []


@pytest.mark.parametrize("shared", [True, False])
def test_other_programs_read_the_arrays(
    shared: bool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = itertools.count(0.0, 0.0 if shared else 1.0)
    monkeypatch.setattr(recording, "monotonic", lambda: next(times))
    events = events_of(tiny())
    record_in(path, events)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT many, npy FROM named_arrays WHERE event = 'MetaIterationDone'"
            " AND name = 'hypergradient.learning_rates' ORDER BY meta_iteration"
        ).fetchall()
    assert [many for many, _ in rows] == ([3] if shared else [1, 1, 1])
    found = list[Any]()
    for many, npy in rows:
        array = np.load(io.BytesIO(npy))
        found += list(array) if many > 1 else [array]
    expected = [one.hypergradient["learning_rates"] for one in record_of(events).meta_iterations]
    np.testing.assert_array_equal(found, expected)


def test_recording_changes_no_number(path: Path) -> None:
    one, other = record_of(events_of(tiny())), record_in(path, optimize(tiny()))
    assert_same_records(one, other, clocks=False)


def test_two_runs_are_recorded_into_one_file_at_the_same_time(path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(lambda: list(recorded(optimize(tiny()), path))) for _ in "ab"]:
            one.result()
    with Library(path) as library:
        one, other = (run.record for run in library)
        assert_same_records(one, other, clocks=False)


# What cannot be recorded


def goes_on_unrecorded(path: Path) -> str:
    """A run is complete though its library takes nothing; returns why."""
    events = list(recorded(optimize(tiny()), path))
    told = [event.sentence for event in events if isinstance(event, NotRecorded)]
    rest = [event for event in events if not isinstance(event, NotRecorded)]
    assert len(record_of(rest).meta_iterations) == 3
    assert record_of(rest).finished is not None
    assert told
    assert all("\n" not in one and one.endswith(".") for one in told)
    return told[0]


def test_a_file_that_is_no_library_is_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"a letter to my grandmother" * 100)
    before = path.read_bytes()
    assert "no SQLite file" in goes_on_unrecorded(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE letters (text)")
    assert "another SQLite file" in goes_on_unrecorded(path)


def test_a_library_of_a_newer_version_is_left_as_it_is(path: Path) -> None:
    record_in(path, events_of(tiny()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer Retrograde" in goes_on_unrecorded(path)


def test_a_folder_in_the_way_is_named(path: Path) -> None:
    path.mkdir()
    assert "found a folder" in goes_on_unrecorded(path)


def test_a_disk_that_fills_up_leaves_what_was_recorded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_in(path, events_of(tiny()))
    real = recording.connect

    def small(where: Path):
        connection, writable = real(where)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection, writable

    monkeypatch.setattr(recording, "connect", small)
    assert "the disk is full" in goes_on_unrecorded(path)
    with Library(path) as library:
        full, first = library
        assert first.state == "completed"
        assert len(first.record.meta_iterations) == 3
        assert len(full.record.meta_iterations) == full.done


def test_a_library_that_is_in_use_is_written_to_at_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.connecting.SECONDS", 0.01)
    Library(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = []
    for event in recorded(optimize(tiny()), path):
        if isinstance(event, NotRecorded):
            told.append(event.sentence)
            assert "another program is writing to it" in event.sentence
        if isinstance(event, MetaIterationDone) and event.index == 1:
            other.close()
    assert len(told) == 1
    with Library(path) as library:
        (run,) = library
        assert (run.state, run.done) == ("completed", 3)
        assert len(run.record.meta_iterations) == 3


def test_a_library_that_stays_in_use_says_at_the_end_what_is_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.connecting.SECONDS", 0.01)
    Library(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = [e for e in recorded(optimize(tiny()), path) if isinstance(e, NotRecorded)]
    assert "recorded up to 0 meta-iterations alone" in told[-1].sentence


def test_scripts_find_it_in_the_engine() -> None:
    assert engine.recorded is recorded
    assert engine.open_library
