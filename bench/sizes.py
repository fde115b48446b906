"""Hypergradients at every size, from fifteen parameters to four hundred thousand, against JAX.

Each row is the hypergradient of the validation loss by the initial weights, all learning rates and
decays (per iteration and group) and a penalty for each weight, of a tanh network on random inputs.
Retrograde, and JAX with `jit` and `scan`, with `jax.checkpoint` and without, each in a process of
its own, take turns in random order; ratios are within a round, against the better one of JAX's.

    python -m bench.sizes [--quick] [--rounds 11]
"""

import argparse
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from bench.hypergradient import Contender, difference, engine_contender
from bench.work import Work
from engine.derivatives.models import Network

PAUSE = 0.05  # seconds in which the threads of the one before stop looking for more work
TRIES = 5  # before it is known how often that is
LEAST = 0.05  # seconds; quicker ones are measured several times in a row
PRECISIONS = {"double": np.float64, "single": np.float32}
POLICIES = {"JAX": "scan", "JAX, checkpoints": "scan, checkpoints"}
OURS = "Retrograde"


class Row(NamedTuple):
    """A size.

    Attributes:
        name: what it stands for.
        sizes: units of every layer.
        batch: examples a minibatch.
        trained_on: examples to train on.
        zeros: share of the inputs.
        iterations: T.
    """

    name: str
    sizes: tuple[int, ...]
    batch: int
    trained_on: int
    zeros: float = 0.0
    iterations: int = 100


ROWS = (
    Row("like iris", (4, 3), 90, 90),
    Row("like moons", (2, 16, 2), 200, 200),
    Row("like small digits", (64, 10), 100, 1000),
    Row("like small digits", (64, 50, 10), 100, 1000),
    Row("like a table", (30, 64, 64, 2), 128, 512),
    Row("like MNIST", (784, 50, 50, 50, 10), 200, 2000, 0.8),
    Row("dense", (784, 50, 50, 50, 10), 200, 2000),
    Row("large", (256, 512, 512, 10), 256, 1024, 0.0, 20),
)
QUICK = 3  # rows, the smallest


def make_work(row: Row) -> Work:
    """A training run of a size, the same whoever asks."""
    numbers = np.random.default_rng(0)
    network, judged = Network(row.sizes), max(row.trained_on // 4, 10)
    inputs = numbers.uniform(-1, 1, size=(row.trained_on + judged, row.sizes[0]))
    inputs *= numbers.uniform(size=inputs.shape) >= row.zeros
    schedule = row.iterations, len(network.groups)
    return Work(
        network,
        inputs,
        numbers.integers(0, row.sizes[-1], len(inputs)),
        0.1 * numbers.standard_normal(network.size),
        numbers.uniform(0.1, 0.3, schedule),
        np.round(numbers.uniform(0.4, 0.95, schedule) * 65536) / 65536,
        numbers.uniform(1e-5, 1e-3, network.size),
        "random",
        row.batch,
        row.trained_on,
    )


def contender(row: Row, name: str, precision: str) -> Contender:
    """One of those that are measured; only what is made gets loaded."""
    work = make_work(row)
    if name == OURS:
        threadpool_limits(1, user_api="blas")  # as for a whole run, once
        kind = PRECISIONS[precision]
        return engine_contender(work, "by hand", kind, one_blas_thread=nullcontext)
    from bench import jax_reference

    return jax_reference.contender(work, POLICIES[name], precision)


def take_part(rows: list[Row], name: str, precision: str, connection: Connection) -> None:
    """One contender in a process of its own, row by row as it is told."""
    runs: dict[int, tuple[Callable[[], object], int]] = {}
    while (place := connection.recv()) is not None:
        if place not in runs:
            run, _ = contender(rows[place], name, precision)
            found = run()
            times = max(1, int(LEAST / min(_seconds(run, 1) for _ in range(TRIES))))
            runs[place] = run, times
            connection.send(found)
            continue
        run, times = runs[place]
        connection.send(_seconds(run, times))


def _seconds(run: Callable[[], object], times: int) -> float:
    """Of one run, the mean of several."""
    began = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - began) / times


def measure(rows: list[Row], rounds: int) -> str:
    """Time all of them in turn, and tell medians and quartiles as a table."""
    fresh = multiprocessing.get_context("spawn")
    table = [
        "| | P | batch | precision | Retrograde, ms | JAX, ms | ratio | difference |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines: dict[tuple[int, str], str] = {}
    for precision in PRECISIONS:
        connections: dict[str, Connection] = {}
        for name in (OURS, *POLICIES):
            here, there = fresh.Pipe()
            arguments = rows, name, precision, there
            fresh.Process(target=take_part, args=arguments, daemon=True).start()
            connections[name] = here
        for place, row in enumerate(rows):
            found = {name: _asked(each, place) for name, each in connections.items()}
            seconds: dict[str, list[float]] = {name: [] for name in connections}
            for _ in range(rounds):
                for name in random.sample(list(connections), len(connections)):
                    time.sleep(PAUSE)
                    seconds[name].append(_asked(connections[name], place))
            lines[place, precision] = _line(row, precision, seconds, found)
        for connection in connections.values():
            connection.send(None)
    return "\n".join(
        table + [lines[place, each] for place in range(len(rows)) for each in PRECISIONS]
    )


def _asked(connection: Connection, place: int) -> Any:
    connection.send(place)
    return connection.recv()


def _line(row: Row, precision: str, seconds: dict[str, list[float]], found: dict[str, Any]) -> str:
    best = min(POLICIES, key=lambda name: np.median(seconds[name]))
    ratios = np.array(seconds[OURS]) / np.array(seconds[best])
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    ours, theirs = (1e3 * np.median(seconds[name]) for name in (OURS, best))
    size = Network(row.sizes).size
    return (
        f"| {'-'.join(map(str, row.sizes))}, {row.name} | {size:,} | {row.batch} | {precision} | "
        f"{ours:.2f} | {theirs:.2f} | {middle:.2f} ({low:.2f}–{high:.2f}) | "
        f"{difference(found[OURS], found['JAX']):.1e} |"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the three smallest alone")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    rows = list(ROWS[:QUICK] if options.quick else ROWS)
    print(
        f"{options.rounds} rounds; medians, and of the ratio within a round the quartiles. The "
        "difference is the largest of any kind, relative to that kind's largest entry.\n"
    )
    print(measure(rows, options.rounds))


if __name__ == "__main__":
    main()
