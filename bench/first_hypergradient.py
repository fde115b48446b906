"""How long it takes, and how many clicks, from the command to the first hypergradient on screen.

The command is started as a process of its own, with settings and compiled kernels in a folder of
the measurement's own: empty for the cold start; with all that the window compiles beside itself for
the warm ones. As soon as the window has painted, the Run button on a card is clicked; the clock
stops when the plots of the first finished meta-iteration have been painted. It takes a display, or
measures offscreen.

    python -m bench.first_hypergradient [--starts 3] [NAME …]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from app.display import why_no_window

MOST = {("toy", "cold"): 8.0, ("schedules", "cold"): 20.0}
MOST_WARM = 3.0
FOLDER_VARIABLE, STARTED_VARIABLE = "RETROGRADE_BENCH_FOLDER", "RETROGRADE_BENCH_STARTED"
KERNELS_VARIABLE = "NUMBA_CACHE_DIR"
_CHILD = "from bench.first_hypergradient_child import main; main()"


def start(folder: Path, name: str) -> dict[str, float]:
    """Open the window, run an experiment from its card, and close it.

    Returns:
        Seconds from the start to each stage, in order; and, last, the clicks it took.
    """
    environment = os.environ | {
        KERNELS_VARIABLE: str(folder / "kernels"),
        FOLDER_VARIABLE: str(folder),
        "RETROGRADE_LIBRARY": str(folder / "runs.retrograde"),
        STARTED_VARIABLE: repr(time.monotonic()),
    }
    if why_no_window():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, name],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode or not done.stdout:
        sys.exit(f"The window did not get there: {done.stderr.strip()[-500:]}")
    stages: dict[str, float] = json.loads(done.stdout)
    return stages


def compile_all(folder: Path) -> None:
    """What the window compiles beside itself if nobody closes it."""
    subprocess.run(
        [sys.executable, "-m", "engine.runs.prepare"],
        env=os.environ | {KERNELS_VARIABLE: str(folder / "kernels")},
        check=True,
        timeout=300,
    )


def main() -> int:
    """Print a table; the status tells whether all were as fast as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("names", nargs="*", default=["toy", "schedules"])
    given = parser.parse_args()
    where = "offscreen" if why_no_window() else "on a display"
    print(f"Seconds from the command, {where}; warm is the slowest of {given.starts} starts\n")
    print("| experiment | kernels | window | run is started | first hypergradient | clicks |")
    print("| --- | --- | --- | --- | --- | --- |")
    all_in_time = True
    for name in given.names:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            for how, count in ("cold", 1), ("warm", given.starts):
                if how == "warm":
                    compile_all(folder)
                every = [list(start(folder, name).values()) for _ in range(count)]
                window, run, there, clicks = np.max(every, 0)
                print(
                    f"| {name} | {how} | {window:.1f} | {run:.1f} | {there:.1f} | {clicks:.0f} |",
                    flush=True,
                )
                all_in_time &= there <= MOST.get((name, how), MOST_WARM)
    return 0 if all_in_time else 1


if __name__ == "__main__":
    sys.exit(main())
