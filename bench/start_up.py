"""How long it takes from the command to the first painted window, and where the time goes.

The command is started as a process of its own, offscreen, several times. The clock runs from before
the process exists until the window has painted for the first time; settings and compiled bytecode
are in a folder of the measurement's own, and the first start there is the one without bytecode.

    python -m bench.start_up [--starts 7]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

LIMIT = 1.5
HEAVIEST = 10
FOLDER_VARIABLE, STARTED_VARIABLE = "RETROGRADE_BENCH_FOLDER", "RETROGRADE_BENCH_STARTED"
_CHILD = "from bench.start_up_child import main; main()"


def start(folder: Path, words: list[str]) -> tuple[dict[str, float], str]:
    """Start the window once.

    Args:
        folder: for settings and bytecode.
        words: options of Python itself.

    Returns:
        Seconds from the start to each stage, in order; and what Python wrote about its imports.
    """
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        FOLDER_VARIABLE: str(folder),
        "RETROGRADE_LIBRARY": str(folder / "runs.retrograde"),
        STARTED_VARIABLE: repr(time.monotonic()),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, *words, "-c", _CHILD],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode or not done.stdout:
        sys.exit(f"The window did not start: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout), done.stderr


def by_package(told: str) -> Counter[str]:
    """Milliseconds that each package's modules took, from what ``-X importtime`` wrote."""
    spent: Counter[str] = Counter()
    for line in told.splitlines():
        head, bar, rest = line.removeprefix("import time:").partition("|")
        own = head.strip()
        if line.startswith("import time:") and bar and own.isdigit():
            module = rest.rpartition("|")[2].strip()
            name = module.partition(".")[0]
            spent["the standard library" if name in sys.stdlib_module_names else name] += int(own)
    return Counter({name: round(microseconds / 1000) for name, microseconds in spent.items()})


def main() -> int:
    """Print both tables; the status tells whether the median start met the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=7)
    starts = parser.parse_args().starts
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fresh, _ = start(folder, [])
        warm = [start(folder, [])[0] for _ in range(starts)]
        spent = by_package(start(folder, ["-X", "importtime"])[1])
    print(f"Seconds from the command, offscreen; warm is the median of {starts} starts\n")
    print("| stage | warm | slowest | first start, without bytecode |")
    print("| --- | --- | --- | --- |")
    for stage in fresh:
        took = [times[stage] for times in warm]
        print(f"| {stage} | {np.median(took):.2f} | {max(took):.2f} | {fresh[stage]:.2f} |")
    print("\nImporting, by package (warm, under the importer's own clock)\n")
    print("| package | ms |")
    print("| --- | --- |")
    for name, milliseconds in spent.most_common(HEAVIEST):
        print(f"| {name} | {milliseconds} |")
    return 0 if np.median([list(times.values())[-1] for times in warm]) < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
