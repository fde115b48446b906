"""How memory grows over many meta-iterations in the real window, beyond what the history needs.

A tiny experiment, 1,000 meta-iterations, drawn live. What the history needs is added up from the
arrays in the run's record; what grows besides is a leak.

    python -m bench.memory_growth [--meta-iterations 1000]
"""

import argparse
import gc
import os
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.application import make_application, make_window
from bench.frame_rate import wait_for
from engine.experiments.files import list_experiments, override
from engine.runs.records import RunRecord

FIRST = 100
MOST_GROWTH = 20.0  # MB from the first look to the last


def resident() -> float:
    """MB of memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def history(record: RunRecord) -> float:
    """MB of the arrays in a run's record, each counted once."""
    sizes: dict[int, int] = {}

    def look_into(thing: object) -> None:
        if isinstance(thing, np.ndarray):
            sizes[id(thing)] = thing.nbytes
        elif is_dataclass(thing):
            for field in fields(thing):
                look_into(getattr(thing, field.name))
        elif isinstance(thing, list | tuple):
            for part in thing:
                look_into(part)

    look_into(record.meta_iterations)
    return sum(sizes.values()) / 1e6


def main() -> int:
    """Measure and print; the status tells whether memory stayed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meta-iterations", type=int, default=1000)
    last = parser.parse_args().meta_iterations
    if not Path("/proc/self/statm").exists():
        print("Memory can be told on Linux only.")
        return 0
    make_application()
    window = make_window(theme="light")
    tiny = {
        "data.source": "iris",
        "model.kind": "dense network",
        "model.hidden": "[3]",
        "training.iterations": "10",
        "training.batch_size": "20",
        "meta.iterations": str(last),
        "meta.step": "0.001",
    }
    window.setup.set_experiment(override(list_experiments()["spirals"], tiny))
    window.show()
    window.run()
    looks: list[tuple[int, float, float]] = []
    for wanted in (FIRST, last // 2, last):
        wait_for(
            lambda wanted=wanted: (
                (window.record and len(window.record.meta_iterations) >= wanted)
                or window.runner.state == "idle"
            )
        )
        done = len(window.record.meta_iterations)
        looks.append((done, resident(), history(window.record)))
    window.close()

    print("| meta-iterations done | resident (MB) | history (MB) | the rest (MB) |")
    print("| --- | --- | --- | --- |")
    for done, held, needed in looks:
        print(f"| {done:,} | {held:.1f} | {needed:.2f} | {held - needed:.1f} |")
    growth = (looks[-1][1] - looks[-1][2]) - (looks[0][1] - looks[0][2])
    print(f"\nBeyond the history, memory grew by {growth:.1f} MB.")
    return 0 if looks[-1][0] == last and growth < MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
