"""Stops `retrograde` at many moments, from start-up to drawing figures, and looks at what is left.

    python -m tests.any_moment [--kills 100] [--moments 20] [--seed 0]

Kills at random moments leave whole files that agree. Signals that ask to stop leave the same, one
line on standard error that says what was kept, and the exit status that belongs to the signal.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.experiments.files import load_experiment
from engine.output.reading import read_numbers

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FIRST: Final = 0.15  # seconds in which Python itself starts, whose signals are not ours
_ENDINGS: Final = {".svg": b"</svg>", ".pdf": b"%%EOF", ".png": b"IEND\xaeB`\x82", ".csv": b"\n"}
RUN: Final = ("run", "moons", "--meta-iterations", "150", "--set", "training.iterations=40")


def main() -> int:
    """Stop and look; returns 1 if anything was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background
    chance, faults = random.Random(chosen.seed), 0
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        whole = _seconds_of(RUN, folder)
        moments = [chance.uniform(_FIRST, whole) for _ in range(chosen.kills)]
        faults += stop_at_moments(RUN, signal.SIGKILL, moments, folder)
        for number in _SIGNALS:
            faults += stop_at_moments(RUN, number, _spread(whole, chosen.moments), folder)
        for words in (("list",), ("data",), ("check", "moons")):
            seconds = _seconds_of(words, folder)
            moments = _spread(seconds, max(chosen.moments // 4, 2))
            faults += stop_at_moments(words, signal.SIGINT, moments, folder)
        cold = {"NUMBA_CACHE_DIR": str(folder / "no kernels yet")}
        moments = _spread(8.0, max(chosen.moments // 4, 2))
        faults += stop_at_moments(RUN, signal.SIGINT, moments, folder, cold)
    return 1 if faults else 0


def stop_at_moments(
    words: Sequence[str],
    number: signal.Signals,
    moments: Sequence[float],
    folder: Path,
    environment: dict[str, str] | None = None,
) -> int:
    """Run a command again and again, and send it a signal; prints a line about what was found.

    Args:
        words: of the command.
        number: the signal.
        moments: seconds after its start.
        folder: where each run gets a folder of its own.
        environment: what else is set in it.

    Returns:
        How often something was not as it should be.
    """
    seen: Counter[str] = Counter()
    faults = []
    for moment in moments:
        with tempfile.TemporaryDirectory(dir=folder) as home:
            status, said = _stopped(words, number, moment, Path(home), environment or {})
            at = f"{' '.join(words[:2])}, {number.name} after {moment:.3f} s"
            fault, left = kept(Path(home) / "out" / "moons")
            if fault := fault or wrong(status, said, number):
                faults.append(f"{at}: {fault}")
            seen["over before" if status == 0 else _stage(said) or left] += 1
    found = ", ".join(f"{count} {stage}" for stage, count in sorted(seen.items()))
    where = " with no kernels yet" if environment else ""
    print(
        f"{number.name} {len(moments)} times in `{' '.join(words[:2])}`{where}: {found}; "
        f"wrong: {len(faults)}",
        flush=True,
    )
    for line in faults:
        print(f"  {line}", flush=True)
    return len(faults)


def _stopped(
    words: Sequence[str],
    number: signal.Signals,
    moment: float,
    home: Path,
    environment: dict[str, str],
) -> tuple[int, str]:
    with (home / "said").open("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "retrograde", *words],
            cwd=home,
            env=os.environ | _library_in(home) | environment,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        status = process.wait(60)
        said.seek(0)
        return status, said.read()


def wrong(status: int, said: str, number: signal.Signals) -> str:
    """What is wrong with how a command ended; empty if nothing is."""
    lines = [line for line in said.splitlines() if not re.search(r"\d/\d+ meta-iterations", line)]
    if status == 0:
        return "" if not lines else f"a finished command said {lines}"
    if number == signal.SIGKILL:
        return "" if status == -number and not lines else f"status {status}, said {lines}"
    if status != 128 + number:
        return f"status {status}, said {lines}"
    if len(lines) != 1 or not lines[0].startswith("retrograde: "):
        return f"said {lines}"
    return ""


def _stage(said: str) -> str:
    for stage, sign in (
        ("before training", "before training began"),
        ("while figures were drawn", "while the figures"),
        ("in training", "their numbers are kept"),
    ):
        if sign in said:
            return stage
    return ""


def kept(folder: Path) -> tuple[str, str]:
    """What is wrong with what a run left, and how far it had come."""
    files = [path for path in folder.glob("*") if not path.name.startswith(".")]
    figures = [path for path in files if path.suffix in _ENDINGS]
    if not files:
        return "", "nothing written"
    for path in figures:
        if not path.read_bytes().rstrip(b"\n").endswith(_ENDINGS[path.suffix].rstrip(b"\n")):
            return f"{path.name} is not whole", ""
    try:
        load_experiment(folder / "experiment.toml")
        if (folder / "result.json").exists():
            read_numbers(folder)
    except InputError as error:
        return str(error), ""
    return "", "with figures" if figures else "with numbers"


def _library_in(home: Path) -> dict[str, str]:
    """Runs are recorded there, not where those of the person are who runs this."""
    return {"RETROGRADE_LIBRARY": str(home / "runs.retrograde")}


def _seconds_of(words: Sequence[str], folder: Path) -> float:
    """How long a command takes by itself, the second time."""
    for _ in range(2):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(dir=folder) as home:
            command = [sys.executable, "-m", "retrograde", *words]
            env = os.environ | _library_in(Path(home))
            subprocess.run(command, cwd=home, check=True, capture_output=True, env=env)
        took = time.monotonic() - began
    return took


def _spread(seconds: float, count: int) -> list[float]:
    """Moments from the first to the last, as far apart as they can be."""
    return [_FIRST + (seconds - _FIRST) * index / (count - 1) for index in range(count)]


if __name__ == "__main__":
    sys.exit(main())
