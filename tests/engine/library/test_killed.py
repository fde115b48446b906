"""Whatever moment a recording process is killed at, the library is whole, and the run goes on."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from experiments_for_tests import events_of, record_of
from recording_for_tests import LONG_RUNS, assert_same, assert_same_records, long_run

from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone, NotRecorded
from engine.runs.run import optimize

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("recording_child.py")
SECONDS = 60
KILLS = 102
"""Of the long test, all sorts of runs together."""


class Child:
    """A process that records."""

    def __init__(self, path: Path, sort: str) -> None:
        paths = os.pathsep.join(map(str, [ROOT, ROOT / "tests"]))
        self.process = subprocess.Popen(
            [sys.executable, CHILD, path, sort],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self.told: list[int] = []
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.endswith("\n"):
                    self.told.append(int(line))

    def kill_after(self, done: int, seconds: float) -> None:
        """Kill it so many seconds after it has told of so many meta-iterations."""
        until = time.monotonic() + SECONDS
        while len(self.told) < done and self.process.poll() is None:
            assert time.monotonic() < until, "it takes too long"
            time.sleep(0.001)
        time.sleep(seconds)
        self.process.kill()
        self.process.wait()
        self._reader.join()


def kills(path: Path, many: int, sort: str, chance: random.Random) -> Iterator[int]:
    """Kill a process, and those that go on with its run, at random moments; how many are done."""
    known = 0
    done = [event for event in events_of(long_run(sort)) if isinstance(event, MetaIterationDone)]
    for _ in range(many):
        child = Child(path, sort)
        at_once = known and chance.random() < 0.2  # while it is told again what there is
        child.kill_after(
            0 if at_once else min(known + 1, len(done)),
            chance.uniform(0, 2) if at_once else chance.uniform(0, 0.3),
        )
        with Library(path) as library:
            (run,) = library
            record = run.record
        told = (max(child.told) + 1) if child.told else 0
        assert run.done >= max(told, known)
        assert len(record.meta_iterations) == run.done
        assert_same(record.meta_iterations, done[: run.done], clocks=False)
        known = run.done
        if run.state == "completed":  # it had come to its end, if not to that of its process
            assert known == len(done)
            break
        assert (run.state, child.process.returncode != 0) == ("interrupted", True)
        yield known


def go_on(path: Path, sort: str) -> None:
    """Go on to the end, in this process; the run equals one that was never interrupted."""
    experiment = long_run(sort)
    with Library(path) as library:
        (run,) = library
        if run.state == "interrupted":
            events = optimize(experiment, threads=1, resume=run.record)
            told = list(recorded(events, path, going_on=run))
            assert not any(isinstance(event, NotRecorded) for event in told)
        (run,) = library
        assert run.state == "completed"
        assert_same_records(run.record, record_of(events_of(experiment)), clocks=False)


def test_a_process_that_is_killed_at_random_moments_leaves_all_that_it_told(tmp_path: Path) -> None:
    path = tmp_path / "runs.retrograde"
    sort = "adam by exact reversal"
    assert list(kills(path, 2, sort, random.Random(22)))
    go_on(path, sort)


@pytest.mark.long
@pytest.mark.parametrize("sort", LONG_RUNS)
def test_the_same_a_hundred_times(sort: str, tmp_path: Path) -> None:
    total, many = 0, -(-KILLS // len(LONG_RUNS))
    for place in range(many):
        path = tmp_path / f"{place}.retrograde"
        chance = random.Random(place)
        total += len(list(kills(path, min(4, many - total), sort, chance)))
        go_on(path, sort)
        if total >= many:
            break
    assert total >= many
