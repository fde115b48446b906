"""What recording a run costs, and how a library grows.

The recorded run and the plain one go on in turn, on the same machine, and medians are compared.

    python -m bench.library [--rounds 5] [--long 10000] [--runs 1000]
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone
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


def seconds(experiment: Experiment, path: Path | None) -> float:
    """From the first meta-iteration's end to the last one's, a meta-iteration."""
    events = optimize(experiment, threads=1)
    told = events if path is None else recorded(events, path)
    times = [time.perf_counter() for event in told if isinstance(event, MetaIterationDone)]
    return (times[-1] - times[0]) / (len(times) - 1)


def shares(folder: Path, rounds: int) -> None:
    print("| | not recorded | recorded | difference | share | bytes a meta-iteration |")
    print("| --- " * 6 + "|")
    for name, experiment in {"tiny": tiny(200), "schedules": schedules(6)}.items():
        took: dict[bool, list[float]] = {False: [], True: []}
        for place in range(rounds):
            path = folder / f"{name}{place}.retrograde"
            took[False].append(seconds(experiment, None))
            took[True].append(seconds(experiment, path))
        plain, kept = (1e3 * float(np.median(took[which])) for which in (False, True))
        size = path.stat().st_size / experiment.meta.iterations
        print(
            f"| {name} | {plain:.3f} ms | {kept:.3f} ms | {kept - plain:.3f} ms "
            f"| {(kept - plain) / plain:.1%} | {size:,.0f} |",
            flush=True,
        )


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
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shares(Path(folder), arguments.rounds)
        many(Path(folder), arguments.runs)
        growth(Path(folder), arguments.long)


if __name__ == "__main__":
    main()
