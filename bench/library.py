"""What recording a run costs, and how a library grows.

A run's time is told apart from that for which recording keeps it waiting, writing to the disk
included; medians of several runs.

    python -m bench.library [--rounds 5] [--long 10000] [--runs 1000] [--busy 1]
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import Event, MetaIterationDone
from engine.runs.run import optimize

TINY = {
    "data.source": "iris",
    "model.kind": "softmax regression",
    "model.loss": "cross-entropy",
    "training.iterations": "8",
}


def tiny(iterations: int) -> Experiment:
    return override(load_experiment("regression"), {**TINY, "meta.iterations": str(iterations)})


def schedules(iterations: int) -> Experiment:
    changes = {"meta.iterations": str(iterations)}
    return override(load_experiment("schedules", stand_in=True), changes)


def clocks() -> np.ndarray:
    """(2,) seconds: of the world, and of this thread on a core."""
    return np.array([time.perf_counter(), time.thread_time()])


class Timed:
    """A run's events, and how long whoever takes them keeps it waiting.

    Attributes:
        took: (2,) seconds from the first meta-iteration's end to the last one's; see `clocks`.
        waited: (2,) seconds of them that the run waited.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._events = optimize(experiment, threads=1)
        self.took, self.waited = np.zeros(2), np.zeros(2)

    def __iter__(self) -> Iterator[Event]:
        began = None
        for event in self._events:
            now = clocks()
            if began is None and isinstance(event, MetaIterationDone):
                began, self.waited = now, np.zeros(2)  # compiled and warm
            yield event
            left = clocks()
            self.waited = self.waited + left - now
            if began is not None and isinstance(event, MetaIterationDone):
                self.took = left - began


def shares(folder: Path, rounds: int) -> None:
    """How much of a run's time recording takes, from its first meta-iteration's end to its last."""
    print(
        "| | a meta-iteration takes | recording takes | share | of the time on the core "
        "| bytes a meta-iteration |"
    )
    print("| --- " * 6 + "|")
    path = folder / "shares.retrograde"
    Library(path).close()
    for name, experiment in runs().items():
        many, found, sizes = experiment.units - 1, [], []
        for _ in range(rounds):
            before = path.stat().st_size
            timed = Timed(experiment)
            for _ in recorded(timed, path):
                pass
            sizes.append(path.stat().st_size - before)
            found.append([timed.took / many, timed.waited / many])
        took, waited = np.median(found, axis=0)
        share = waited / (took - waited)
        print(
            f"| {name} | {1e3 * (took - waited)[0]:.3f} ms | {1e3 * waited[0]:.3f} ms "
            f"| {share[0]:.1%} | {share[1]:.1%} | {np.median(sizes) / many:,.0f} |",
            flush=True,
        )


def runs() -> dict[str, Experiment]:
    """What is recorded, by name."""
    searched = {"meta.optimizer": "random"}
    real_time = override(
        load_experiment("real-time", stand_in=True),
        {"training.iterations": "2000", "meta.random_runs": "0"},
    )
    return {
        "tiny": tiny(200),
        "tiny, random search": override(tiny(400), searched),
        "real time": real_time,
        "schedules": schedules(6),
    }


def growth(folder: Path, iterations: int) -> None:
    """Time and size of each tenth of a long run."""
    path, times, sizes = folder / "long.retrograde", [time.perf_counter()], [0]
    for event in recorded(optimize(tiny(iterations), threads=1), path):
        if isinstance(event, MetaIterationDone) and (event.index + 1) % (iterations // 10) == 0:
            times.append(time.perf_counter())
            beside = path.with_name(f"{path.name}-wal")
            sizes.append(path.stat().st_size + beside.stat().st_size)
    print(f"\n{iterations:,} meta-iterations, in tenths:\n")
    print("seconds: " + ", ".join(f"{one:.2f}" for one in np.diff(times)))
    print("MB: " + ", ".join(f"{one / 1e6:.1f}" for one in sizes[1:]))
    began = time.perf_counter()
    with Library(path) as library:
        opened = time.perf_counter() - began
        (run,) = library
        assert len(run.record.meta_iterations) == iterations
    print(f"opened in {opened:.3f} s, read in {time.perf_counter() - began - opened:.2f} s")


def many(folder: Path, runs: int) -> None:
    """Open and list a library of many runs of ten meta-iterations."""
    path = folder / "many.retrograde"
    events = list(optimize(tiny(10), threads=1))
    for _ in range(runs):
        for _ in recorded(events, path):
            pass
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with Library(path) as library:
            opened = time.perf_counter()
            assert len([*library]) == runs
            listed = time.perf_counter()
        took.append((opened - began, listed - opened))
    opening, listing = np.median(took, axis=0)
    with closing(sqlite3.connect(path)) as connection:
        began = time.perf_counter()
        connection.execute("PRAGMA quick_check(1)").fetchone()
        checking = time.perf_counter() - began
    size = path.stat().st_size / 1e6
    print(
        f"\n{runs:,} runs, {size:.1f} MB: opened in {opening:.3f} s (quick_check "
        f"{checking:.3f} s), listed in {listing:.3f} s"
    )


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--busy", type=int, default=0, help="other programs that compute")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        for _ in range(arguments.busy):
            stack.callback(subprocess.Popen([sys.executable, "-c", "while True: pass"]).kill)
        shares(Path(folder), arguments.rounds)
        many(Path(folder), arguments.runs)
        growth(Path(folder), arguments.long)


if __name__ == "__main__":
    main()
