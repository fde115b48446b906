"""Runs are listed, read, renamed, starred, and deleted."""

import itertools
import random
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from experiments_for_tests import DIVERGES_AFTER_ONE, events_of, record_of, sentence, tiny
from recording_for_tests import assert_same, assert_same_records, record_in, until

import engine
from engine.errors import InputError
from engine.library import recording, schema
from engine.library.library import Library
from engine.library.machine import machine, versions, what_differs
from engine.library.recording import recorded
from engine.library.running import RunningMark
from engine.library.stored_run import StoredRun
from engine.runs.run import optimize

LONGER = tiny({"meta.iterations": "6"})
FIRST_VERSION = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "runs.retrograde"
    for name, changes in {"one": {}, "two": DIVERGES_AFTER_ONE}.items():
        list(recorded(events_of(tiny(changes)), path, name))
    list(recorded(until(optimize(tiny()), 2), path))
    return path


@pytest.fixture
def library(path: Path):
    with Library(path) as opened:
        yield opened


def test_it_lists_the_latest_run_first_with_what_there_is_to_know(library: Library) -> None:
    three, two, one = library
    assert len(library) == 3
    assert [run.name for run in (one, two, three)] == ["one", "two", "tiny"]
    assert [run.state for run in (one, two, three)] == ["completed", "diverged", "stopped"]
    assert [run.done for run in (one, two, three)] == [3, 1, 2]
    assert (one.data, one.method, one.strategy) == ("iris", "exact-reversal", "sgd")
    assert one.experiment_name == "tiny"
    done = record_of(events_of(tiny())).meta_iterations
    assert one.best_validation_loss == min(each.measures["validation_loss"] for each in done)
    assert one.seconds == pytest.approx(sum(each.seconds for each in done))
    assert one.message == "Completed 3 meta-iterations."
    assert (one.versions, one.machine) == (versions(), machine())
    assert engine.parse_experiment(one.experiment_toml, "it") == tiny()
    assert one.experiment == tiny()
    assert "Completed 3 meta-iterations." in [text for _, text in one.log]
    assert "Training diverged" in two.message


def test_a_run_is_found_by_its_name_its_id_or_the_beginning_of_that(library: Library) -> None:
    run = library["one"]
    assert library[run.id].id == library[run.id[:9]].id == run.id
    assert_same_records(run.record, record_of(events_of(tiny())))


@pytest.mark.parametrize("wanted", ["", "nobody", "%", "ONE"])
def test_what_is_not_there_is_said_in_a_sentence(wanted: str, library: Library) -> None:
    with pytest.raises(InputError, match="expected the name of a run") as error:
        library[wanted]
    sentence(error)


def test_a_name_that_several_have_names_their_ids(library: Library) -> None:
    library["one"].rename("two")
    with pytest.raises(InputError, match=r"expected one run, found 2 that .*two") as error:
        library["two"]
    sentence(error)


def test_names_notes_and_stars_are_kept(path: Path, library: Library) -> None:
    run = library["one"]
    run.rename("  the good\none ")
    run.star()
    run.write_note("two lines\nof it")
    with Library(path) as again:
        found = again[run.id]
        assert (found.name, found.starred, found.note) == ("the good one", True, "two lines\nof it")
        found.star(False)
    assert not library[run.id].starred
    with pytest.raises(InputError, match="expected a name"):
        run.rename(" \n")


def test_a_deleted_run_can_be_brought_back_until_the_library_is_closed(path: Path) -> None:
    with Library(path) as library:
        one, two = library["one"], library["two"]
        one.delete()
        two.delete()
        assert [run.name for run in library] == ["tiny"]
        one.undelete()
        assert [run.name for run in library] == ["tiny", "one"]
    with Library(path) as library:
        assert [run.name for run in library] == ["tiny", "one"]
        assert_same_records(library["one"].record, record_of(events_of(tiny())))
        with pytest.raises(InputError, match="is not"):
            library.undelete(two.id)
    with closing(sqlite3.connect(path)) as connection:
        for table in ("events", "arrays", "log"):
            (left,) = connection.execute(f"SELECT count(DISTINCT run) FROM {table}").fetchone()
            assert left <= 2
        (orphans,) = connection.execute(
            "SELECT count(*) FROM arrays WHERE number NOT IN (SELECT array FROM array_names)"
        ).fetchone()
    assert orphans == 0


def test_a_run_that_goes_on_is_not_deleted(path: Path, library: Library) -> None:
    run = library["one"]
    mark = RunningMark.put(path, run.id)
    with pytest.raises(InputError, match="goes on"):
        run.delete()
    mark.remove()
    run.delete()


def test_a_run_resumes_from_the_library(path: Path, library: Library) -> None:
    run = library["tiny"]
    events = optimize(tiny(), resume=run.record)
    assert len(list(recorded(events, path, going_on=run)))
    assert len(library) == 3
    after = library["tiny"]
    assert (after.state, after.done) == ("completed", 3)
    assert_same_records(after.record, record_of(events_of(tiny())), clocks=False)
    assert any(text.startswith("Resumed.") for _, text in after.log)


def test_a_run_from_elsewhere_says_that_last_bits_may_differ() -> None:
    assert what_differs({**versions(), **machine()}) == ""
    told = what_differs({**versions(), **machine(), "processor": "Z80"})
    assert told == "This run began with processor Z80: from here on the last bits may differ."


def test_a_library_that_may_not_be_written_to_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.library import connecting

    real = connecting._connection

    def no_writing(where: str, *, uri: bool = False) -> sqlite3.Connection:
        return real(where.replace("mode=rw", "mode=ro&immutable=1"), uri=uri)

    monkeypatch.setattr(connecting, "_connection", no_writing)
    with Library(path) as library:
        assert not library.is_writable
        assert len(library["one"].record.meta_iterations) == 3
        with pytest.raises(InputError, match="may not be written to") as error:
            library["one"].star()
    sentence(error)


# Damage


def told_of(run: StoredRun) -> dict[str, object]:
    """What the list says of a run, but for what people wrote."""
    told = {field.name: getattr(run, field.name) for field in fields(run)}
    for name in ("name", "note", "starred", "library"):
        del told[name]
    return told


def assert_whole_or_refused(path: Path, listed: Mapping[str, dict[str, object]]) -> bool:
    """What is read is what was recorded, or is refused in a sentence; whether it was read.

    Args:
        path: of the library.
        listed: what it said of its runs, by their ids.
    """
    before = path.read_bytes()
    try:
        with Library(path) as library:
            for run in library:
                if run.state != "damaged":
                    assert told_of(run) == listed[run.id]
                assert_same_records(run.record, record_of(events_of(LONGER)))
                assert_same(run.experiment, LONGER)
    except InputError as error:
        told = str(error)
    else:
        return True
    assert told.endswith(".")
    assert "\n" not in told
    if "the file is unchanged" in told:
        assert path.read_bytes() == before
    return False


def damaged(content: bytes, chance: random.Random) -> bytes:
    """With a few bytes flipped, or cut off."""
    changed = bytearray(content)
    if chance.random() < 0.2:
        return bytes(changed[: chance.randrange(len(changed))])
    for _ in range(chance.choice([1, 8, 64])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("many", [40, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize("shared", [True, False])
def test_a_damaged_library_is_never_read_wrongly(
    shared: bool, many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = itertools.repeat(0.0) if shared else itertools.count(0.0)
    monkeypatch.setattr(recording, "monotonic", lambda: next(times))
    path = tmp_path / "runs.retrograde"
    for name in ("one", "two"):
        list(recorded(events_of(LONGER), path, name))
    with Library(path) as library:
        listed = {run.id: told_of(run) for run in library}
    content, chance = path.read_bytes(), random.Random(22)
    refused = 0
    for _ in range(many):
        for beside in tmp_path.glob("runs.retrograde-*"):
            beside.unlink()
        path.write_bytes(damaged(content, chance))
        refused += not assert_whole_or_refused(path, listed)
    assert refused


def test_of_a_run_whose_row_is_damaged_nothing_is_believed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE runs SET best_validation_loss = 0.001 WHERE name = 'one'")
        connection.commit()
    with Library(path) as library:
        run = library["one"]
        assert (run.state, run.best_validation_loss, run.done) == ("damaged", None, 0)
        with pytest.raises(InputError, match="damaged") as error:
            run.record  # noqa: B018
        sentence(error)
        assert library["two"].state == "diverged"
        run.delete()
        assert len(library) == 2


def test_what_people_write_is_not_what_the_checksum_is_about(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE runs SET name = 'best', starred = 1 WHERE name = 'one'")
        connection.commit()
    with Library(path) as library:
        assert library["best"].state == "completed"
        assert len(library["best"].record.meta_iterations) == 3


def test_a_file_that_is_cut_off_is_left_as_it_is(path: Path) -> None:
    content = path.read_bytes()[:-5000]
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged") as error:
        Library(path)
    sentence(error)
    assert path.read_bytes() == content


# Versions


def made_of(text: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(text)


def test_a_library_of_the_first_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.retrograde"
    made_of(FIRST_VERSION.read_text(encoding="utf-8"), path)
    with Library(path) as library:
        (run,) = library
        record = run.record
    assert (run.id, run.name, run.state, run.done) == ("00112233aabbccdd", "tiny", "completed", 2)
    assert len(record.meta_iterations) == 2
    assert run.best_validation_loss == min(
        done.measures["validation_loss"] for done in record.meta_iterations
    )
    assert record.meta_iterations[1].hypergradient["learning_rates"].shape == (8, 2)
    assert record.resume_point is not None
    assert record.started_from.name == "tiny"


def test_migrations_are_made_in_order_and_keep_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "old.retrograde"
    made_of(FIRST_VERSION.read_text(encoding="utf-8"), path)
    known = len(schema.MIGRATIONS)
    one = "ALTER TABLE runs ADD COLUMN colour TEXT; UPDATE runs SET colour = 'a; b';"
    other = "UPDATE runs SET colour = colour || '!';"
    schema.MIGRATIONS.extend([one, other])
    try:
        with Library(path) as library:
            assert len(library["tiny"].record.meta_iterations) == 2
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT colour FROM runs").fetchall() == [("a; b!",)]
            assert connection.execute("PRAGMA user_version").fetchone() == (known + 2,)
    finally:
        del schema.MIGRATIONS[known:]
    with pytest.raises(InputError, match="newer Retrograde"):
        Library(path)


def test_a_migration_that_fails_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "old.retrograde"
    made_of(FIRST_VERSION.read_text(encoding="utf-8"), path)
    schema.MIGRATIONS.append("ALTER TABLE runs ADD COLUMN colour TEXT; SELECT nonsense;")
    try:
        with pytest.raises(InputError, match="nonsense"):
            Library(path)
    finally:
        del schema.MIGRATIONS[-1:]
    with Library(path) as library:
        assert len(library) == 1
    with closing(sqlite3.connect(path)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    assert "colour" not in names


def test_the_tables_are_in_the_documentation(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "library.md").read_text(encoding="utf-8")
    path = tmp_path / "empty.retrograde"
    Library(path).close()
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        ).fetchall()
        for (table,) in tables:
            assert f"## `{table}`" in text
            part = text.split(f"## `{table}`")[1].split("\n## ")[0]
            for row in connection.execute(f"PRAGMA table_info({table})"):
                assert f"`{row[1]}`" in part, f"{table}.{row[1]}"


def test_listing_loads_nothing_that_runs_need() -> None:
    code = (
        "import sys, engine.library.library, engine.library.connecting\n"
        "print(sorted({'numba', 'scipy', 'autograd', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() in ("[]", "['numpy']")


def test_a_record_in_a_new_library(tmp_path: Path) -> None:
    path = tmp_path / "folders" / "that are" / "not there.retrograde"
    assert_same_records(record_in(path, events_of(tiny())), record_of(events_of(tiny())))


def test_its_version_changes_when_others_have_written_and_else_stays(path: Path) -> None:
    with Library(path) as one, Library(path) as other:
        before = one.version
        assert one.version == before
        other["two"].star()
        assert one.version != before
