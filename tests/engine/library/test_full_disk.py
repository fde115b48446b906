"""A disk that takes no more: what was recorded is there, and the run goes on in memory."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from experiments_for_tests import events_of, record_of, tiny
from recording_for_tests import assert_same, assert_same_records, long_run

from engine.library import recording
from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone, NotRecorded
from engine.runs.run import optimize

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("recording_child.py")
SORT = "adam by exact reversal"


def assert_is_there_as_far_as_it_came(path: Path, name: str, whole: list[MetaIterationDone]) -> int:
    """What the library has of a run is what was done; how many meta-iterations that is."""
    with Library(path) as library:
        run = library[name]
        record = run.record
    assert len(record.meta_iterations) == run.done
    assert_same(record.meta_iterations, whole[: run.done], clocks=False)
    return run.done


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_file_that_may_not_grow_any_further(tmp_path: Path) -> None:
    path = tmp_path / "runs.retrograde"
    paths = os.pathsep.join(map(str, [ROOT, ROOT / "tests"]))
    done = subprocess.run(
        [sys.executable, CHILD, path, SORT, "300000"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
    )
    told, *rest = done.stderr.splitlines()
    assert "this run is not recorded any further: the disk does not take" in told
    assert all("is recorded up to" in one for one in rest)
    whole = [one for one in events_of(long_run(SORT)) if isinstance(one, MetaIterationDone)]
    assert len(done.stdout.splitlines()) == len(whole)
    assert 0 < assert_is_there_as_far_as_it_came(path, "tiny", whole) < len(whole)


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 8 MB, which fills up transaction by transaction."""
    times = itertools.count(0.0)
    monkeypatch.setattr(recording, "monotonic", lambda: next(times))
    folder = tmp_path / "small"
    folder.mkdir()
    if sys.platform != "linux":
        pytest.skip("small disks are mounted on Linux alone")
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Leave so many bytes of a disk; returns the file that takes the others."""
    room = os.statvfs(disk)
    filling = disk / "filling"
    filling.write_bytes(bytes(room.f_bavail * room.f_frsize - left))
    return filling


def test_a_disk_that_is_full(small_disk: Path) -> None:
    path, experiment = small_disk / "runs.retrograde", long_run(SORT)
    list(recorded(events_of(tiny()), path, "first"))
    fill(small_disk, 600_000)
    events = events_of(experiment)
    whole = [one for one in events if isinstance(one, MetaIterationDone)]
    passed, told = [], []
    for event in recorded(events, path, "second"):
        (told if isinstance(event, NotRecorded) else passed).append(event)
    assert passed == list(events)
    assert "the disk is full" in told[0].sentence
    assert 0 < assert_is_there_as_far_as_it_came(path, "second", whole) < len(whole)
    with Library(path) as library:
        assert_same_records(library["first"].record, record_of(events_of(tiny())))


def test_a_run_goes_on_once_there_is_room_again(small_disk: Path) -> None:
    path, experiment = small_disk / "runs.retrograde", tiny({"meta.iterations": "60"})
    list(recorded(events_of(tiny()), path, "first"))
    filling = fill(small_disk, 150_000)
    told = [
        e for e in recorded(events_of(experiment), path, "second") if isinstance(e, NotRecorded)
    ]
    assert "the disk is full" in told[0].sentence
    filling.unlink()
    with Library(path) as library:
        run = library["second"]
        if run.state == "completed":  # what was missing had room in the end
            return
        list(recorded(optimize(experiment, resume=run.record), path, going_on=run))
        assert library["second"].state == "completed"
        record = library["second"].record
    assert_same_records(record, record_of(events_of(experiment)), clocks=False)
