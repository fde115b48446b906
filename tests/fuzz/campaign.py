"""Reading many damaged inputs, one after the other, in a process that is watched."""

import importlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from fuzz.cases import Kind, save

MOST_SECONDS = 10.0
MOST_MEGABYTES = 500.0
_PATIENCE = 600.0  # seconds until the process is there; it may have to compile first


@dataclass
class Outcome:
    """What came of a campaign.

    Attributes:
        seed: that everything was made from.
        counts: inputs, by kind and by what came of them: "read", "refused" or "failed".
        failures: a line each.
        seconds: it took.
        slowest: input, in seconds.
        megabytes: that one input took at most.
    """

    seed: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    slowest: float = 0.0
    megabytes: float = 0.0

    def __str__(self) -> str:
        total = sum(count.total() for count in self.counts.values())
        kinds = ", ".join(
            f"{kind} {count['read']} read and {count['refused']} refused"
            for kind, count in self.counts.items()
        )
        return (
            f"{total:,} inputs of seed {self.seed} in {self.seconds:.0f} s: {kinds}; at most "
            f"{self.slowest:.1f} s and {self.megabytes:.0f} MB; failures: {len(self.failures)}."
        )


class _Watched:
    """The process that reads; a new one after one that had to be killed."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def ask(self, task: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Let it read one input."""
        if self._process is None:
            self._start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.write(f"{json.dumps(task)}\n")
        process.stdin.flush()
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            return {"result": "failed", "message": f"no answer in {seconds:.0f} s", "megabytes": 0}
        if not line:
            self.stop()
            return {"result": "failed", "message": "the process died", "megabytes": 0}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._reader.join()
            for stream in (self._process.stdin, self._process.stdout):
                assert stream is not None
                stream.close()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fuzz.watched", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=_pass_on, args=(self._process, self._lines))
        self._reader.start()
        if self._lines.get(timeout=_PATIENCE) != "ready\n":
            raise RuntimeError("the process that reads did not start")


def _pass_on(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")


def campaign(
    seed: int,
    inputs: int,
    out: Path,
    *,
    seconds: float = float("inf"),
    module: str = "fuzz.kinds",
    most_seconds: float = MOST_SECONDS,
) -> Outcome:
    """Read inputs of each kind in turn.

    Args:
        seed: to make them from.
        inputs: how many.
        out: folder for those that fail.
        seconds: to stop after.
        module: that has the kinds.
        most_seconds: for one input.
    """
    kinds: dict[str, Kind] = importlib.import_module(module).KINDS
    outcome, watched = Outcome(seed, {kind: Counter() for kind in kinds}), _Watched(module)
    began = time.monotonic()
    try:
        for kind, number in _in_turn([*kinds], inputs):
            start = time.monotonic()
            if start - began > seconds:
                break
            answer = watched.ask({"kind": kind, "seed": seed, "number": number}, most_seconds)
            taken = time.monotonic() - start
            if answer["megabytes"] > MOST_MEGABYTES:
                answer = {**answer, "result": "failed", "message": "too much memory"}
            outcome.counts[kind][answer["result"]] += 1
            if number:  # the first one of a kind loads what all need
                outcome.slowest = max(outcome.slowest, taken)
                outcome.megabytes = max(outcome.megabytes, answer["megabytes"])
            if answer["result"] == "failed":
                place = out / f"{kind}-{seed}-{number}"
                save(kinds[kind].make(Random(f"{seed} {kind} {number}")), place)
                outcome.failures.append(f"{place}: {answer['message']}")
    finally:
        watched.stop()
    outcome.seconds = time.monotonic() - began
    return outcome


def again(folder: Path) -> str:
    """Read an input that a campaign has left in a folder; returns what comes of it."""
    watched = _Watched("fuzz.kinds")
    try:
        task = {"kind": folder.name.split("-")[0], "folder": str(folder)}
        answer = watched.ask(task, MOST_SECONDS)
    finally:
        watched.stop()
    return f"{folder}: {answer['result']}: {answer['message']}"


def _in_turn(kinds: list[str], inputs: int) -> Iterator[tuple[str, int]]:
    for number in range(inputs):
        yield kinds[number % len(kinds)], number // len(kinds)
