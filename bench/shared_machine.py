"""How much longer a hypergradient takes while other programs keep processors busy, and JAX's.

The work is that of `bench.hypergradient`. In each round, beside none, one and two busy processes,
contenders run in turn, each in a process of its own. Times hold medians and quartiles; ratios are
taken within a round.

    python -m bench.shared_machine [--rounds 7]
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

import numpy as np

from bench.hypergradient import CORES, JAX_POLICIES, PAUSE, engine_contender
from bench.work import make_work

BUSY = (0, 1, 2)
ORACLES = {"sparse": "by hand", "dense": "zeros too"}
TEAMS = sorted({1, min(2, CORES), CORES})
RETROGRADE = {
    f"Retrograde, {inputs} inputs, {team} {'thread' if team == 1 else 'threads'}": (oracle, team)
    for inputs, oracle in ORACLES.items()
    for team in TEAMS
}
JAX = {f"JAX, {policy}": policy for policy in JAX_POLICIES}

Seconds = dict[str, np.ndarray]
"""Of each contender, (rounds,)."""


def make_run(name: str) -> Callable[[], object]:
    """What a contender is to run; only what is made gets loaded."""
    work = make_work()
    if name in RETROGRADE:
        oracle, team = RETROGRADE[name]
        return engine_contender(work, oracle, team=team)[0]
    from bench import jax_reference

    return jax_reference.contender(work, JAX[name], "double")[0]


def take_part(name: str, connection: Connection) -> None:
    """One contender in a process of its own: runs once, then whenever it is told to."""
    run = make_run(name)
    run()
    connection.send(0.0)
    while connection.recv():
        began = time.perf_counter()
        run()
        connection.send(time.perf_counter() - began)


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """So many processes that compute without a pause."""
    words = [sys.executable, "-c", "while True: pass"]
    processes = [subprocess.Popen(words) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def measure(rounds: int) -> dict[int, Seconds]:
    """The seconds of all contenders, by the number of busy processes."""
    fresh = multiprocessing.get_context("spawn")
    connections: dict[str, Connection] = {}
    for name in (*RETROGRADE, *JAX):
        connections[name], there = fresh.Pipe()
        fresh.Process(target=take_part, args=(name, there), daemon=True).start()
        connections[name].recv()
    seconds = {busy: {name: np.zeros(rounds) for name in connections} for busy in BUSY}
    for index in range(rounds):
        for busy in BUSY:
            with busy_processes(busy):
                for name in random.sample(list(connections), len(connections)):
                    time.sleep(PAUSE)
                    connections[name].send(True)
                    seconds[busy][name][index] = connections[name].recv()
    for connection in connections.values():
        connection.send(False)
    return seconds


def table(seconds: dict[int, Seconds]) -> str:
    """The times, and what they are of those alone and of the best JAX's under the same load."""
    head = [f"beside {busy}" if busy else "alone" for busy in BUSY]
    head += [f"beside {busy}, × alone" for busy in BUSY if busy]
    head += [f"{words}, × best JAX" for words in head[: len(BUSY)]]
    rows = [f"| | {' | '.join(head)} |", f"| --- {'| --- ' * len(head)}|"]
    best = {busy: min((seconds[busy][name] for name in JAX), key=np.median) for busy in BUSY}
    for name, alone in seconds[0].items():
        cells = [_quartiles(seconds[busy][name]) for busy in BUSY]
        cells += [_quartiles(seconds[busy][name] / alone) for busy in BUSY if busy]
        cells += [_quartiles(seconds[busy][name] / best[busy]) for busy in BUSY]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _quartiles(values: Sequence[float] | np.ndarray) -> str:
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    load = f"; load before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{CORES} cores, {rounds} rounds{load}. Seconds: medians, and quartiles.\n", flush=True)
    print(table(measure(rounds)))


if __name__ == "__main__":
    main()
