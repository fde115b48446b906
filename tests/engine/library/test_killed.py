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
from experiments_for_tests import events_of, record_of, tiny
from recording_for_tests import assert_same, assert_same_records

from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone, NotRecorded
from engine.runs.run import optimize

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("recording_child.py")
ITERATIONS = "400"
SECONDS = 60


class Child:
    """A process that records."""

    def __init__(self, path: Path, strategy: str, method: str) -> None:
        paths = os.pathsep.join(map(str, [ROOT, ROOT / "tests"]))
        self.process = subprocess.Popen(
            [sys.executable, CHILD, path, strategy, method, ITERATIONS],
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


def kills(path: Path, many: int, strategy: str, method: str) -> Iterator[int]:
    """Kill a process, and those that go on with its run, at random moments; how many are done."""
    chance = random.Random(22)
    known = 0
    whole = events_of(
        tiny({"meta.iterations": ITERATIONS, "meta.optimizer": strategy, "method": method})
    )
    done = [event for event in whole if isinstance(event, MetaIterationDone)]
    for _ in range(many):
        child = Child(path, strategy, method)
        child.kill_after(min(known + 1, int(ITERATIONS)), chance.uniform(0, 0.05))
        with Library(path) as library:
            (run,) = library
            record = run.record
        told = (max(child.told) + 1) if child.told else 0
        assert run.done >= max(told, known)
        assert len(record.meta_iterations) == run.done
        assert_same(record.meta_iterations, done[: run.done], clocks=False)
        known = run.done
        if child.process.returncode == 0:
            break
        assert run.state == "interrupted"
        yield known


def go_on(path: Path, strategy: str, method: str) -> None:
    """Go on to the end, in this process; the run equals one that was never interrupted."""
    experiment = tiny({"meta.iterations": ITERATIONS, "meta.optimizer": strategy, "method": method})
    with Library(path) as library:
        (run,) = library
        if run.state == "interrupted":
            events = optimize(experiment, threads=1, resume=run.record)
            told = list(recorded(events, path, going_on=run))
            assert not any(isinstance(event, NotRecorded) for event in told)
        (run,) = library
        assert (run.state, run.done) == ("completed", int(ITERATIONS))
        assert_same_records(run.record, record_of(events_of(experiment)), clocks=False)


def test_a_process_that_is_killed_at_random_moments_leaves_all_that_it_told(tmp_path: Path) -> None:
    path = tmp_path / "runs.retrograde"
    assert list(kills(path, 3, "adam", "exact-reversal"))
    go_on(path, "adam", "exact-reversal")


@pytest.mark.long
@pytest.mark.parametrize(
    ("strategy", "method"),
    [("adam", "exact-reversal"), ("adam", "stored-trajectory"), ("random", "exact-reversal")],
)
def test_the_same_a_hundred_times(strategy: str, method: str, tmp_path: Path) -> None:
    total = 0
    for place in range(100):
        path = tmp_path / f"{place}.retrograde"
        total += len(list(kills(path, 5, strategy, method)))
        go_on(path, strategy, method)
        if total >= 34:
            break
    assert total >= 34
