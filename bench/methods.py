"""Every method beside the same method in JAX, on one run of the network of `bench.hypergradient`.

784-50-50-50-10, batches of 200, in double precision. Both of a pair run in processes of their own,
in turn, several rounds; the table holds medians, and says whether both found the same. Held are
what the method reports, and what the compiled program of JAX sets aside. Forward mode and finite
differences find the derivatives by one learning rate and one decay for all, and by a penalty for
each of the eight groups if it says 10; reverse mode those by all of a schedule, by the initial
weights and by a penalty for each weight; implicit ones the latter. Truncated ones undo 10
iterations, implicit ones take 10 rounds. Cholesky's problem is linear regression.

    python -m bench.methods [NAME …] [--rounds 7] [--iterations 100 1000]
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing.connection import Connection

import numpy as np
from threadpoolctl import threadpool_limits

from bench.hypergradient import CORES, PAUSE
from bench.work import Work, make_work
from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import drain
from engine.kernels.examples import make_examples
from engine.methods import (
    METHODS,
    FiniteDifferences,
    Forward,
    ImplicitCG,
    ImplicitFixedPoint,
    ImplicitNeumann,
    Truncated,
)

ROUNDS, STEP = 10, 0.5
FEATURES, EXAMPLES = 300, 1000  # of Cholesky's regression
SAME = 1e-6
OPTIONS = {
    "truncated": Truncated(ROUNDS),
    "implicit-cg": ImplicitCG(iterations=ROUNDS),
    "implicit-neumann": ImplicitNeumann(ROUNDS, STEP),
    "implicit-fixed-point": ImplicitFixedPoint(ROUNDS, STEP),
}
SCALAR = {
    "forward, 2": Forward(),
    "forward, 10": Forward(),
    "finite-differences": FiniteDifferences(),
}


@dataclass(frozen=True)
class Found:
    """What one of a pair has found.

    Attributes:
        gradient: by kind.
        held: bytes.
    """

    gradient: dict[str, np.ndarray]
    held: int


Contender = Callable[[], Found]


def names() -> list[str]:
    """All that is compared: the catalogue, and forward mode twice."""
    every = [name for name in METHODS if name != "forward"]
    return [*every, *(name for name in SCALAR if name not in every)]


def work_of(name: str, iterations: int) -> Work:
    """What a method is measured on; where derivatives are few, schedules are constant."""
    work = make_work(iterations)
    random = np.random.default_rng(1)
    if name.startswith("implicit"):  # a Hessian that is positive definite
        return replace(work, penalties=random.uniform(0.04, 0.06, work.penalties.size))
    if name in SCALAR:
        constant = np.ones_like(work.learning_rates)
        groups = random.uniform(1e-5, 1e-3, len(work.network.groups))
        return replace(
            work,
            learning_rates=0.2 * constant,
            decays=58982 / 65536 * constant,
            penalties=groups if name == "forward, 10" else work.penalties,
        )
    return work


def problem_of(name: str, work: Work) -> Problem:
    """The work as Retrograde is told of it."""
    network = work.network
    oracle = NetworkOracle(
        network,
        make_examples(work.inputs, work.targets),
        work.batch,
        make_examples(work.inputs[work.judged], work.targets[work.judged]),
        work.penalties,
        penalty_granularity="weight" if work.penalties.size == network.size else "group",
        team=CORES,
    )
    kinds = {"learning_rates": work.learning_rates, "decays": work.decays}
    theta = {"theta"} if name == "forward, 10" else set()
    return make_problem(
        oracle,
        work.w0,
        schedules=kinds,
        groups=network.groups,
        team=CORES,
        own_shapes=dict.fromkeys(kinds, (1, 1)) if name in SCALAR else None,
        wanted=frozenset({*kinds, *theta}) if name in SCALAR else None,
    )


def regression() -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Inputs, targets, those that are judged by, and a penalty for each weight."""
    random = np.random.default_rng(2)
    inputs, judged = random.normal(size=(2, EXAMPLES, FEATURES))
    truth = random.normal(size=FEATURES)
    targets, wanted = (each @ truth + random.normal(size=EXAMPLES) for each in (inputs, judged))
    return inputs, targets, (judged, wanted), random.uniform(0.01, 1.0, FEATURES + 1)


def regression_problem() -> Problem:
    """The same for Retrograde."""
    inputs, targets, judged, penalties = regression()
    network = Network((FEATURES, 1), loss="squared")
    oracle = NetworkOracle(
        network,
        make_examples(inputs, targets),
        lambda _: slice(0, EXAMPLES),
        make_examples(*judged),
        penalties,
        penalty_granularity="weight",
        team=CORES,
    )
    return make_problem(
        oracle,
        np.zeros(network.size),
        schedules={"learning_rates": np.full(1, 0.1), "decays": np.full(1, 0.5)},
        team=CORES,
    )


def in_retrograde(name: str, iterations: int) -> Contender:
    """One of a pair."""
    method = OPTIONS.get(name) or SCALAR.get(name) or METHODS[name]()
    if name == "implicit-cholesky":
        problem = regression_problem()
    else:
        problem = problem_of(name, work_of(name, iterations))

    import_module("scipy.linalg")  # whose BLAS is to be limited, too
    threadpool_limits(1, user_api="blas")

    def run() -> Found:
        result = drain(method.run(problem))
        assert result.reversed_exactly is not False
        gradient = {"w0": result.gradient.w0, "penalties": result.gradient.theta}
        gradient |= result.gradient.schedules or {}
        return Found(
            {kind: each for kind, each in gradient.items() if each is not None},
            result.memory.held_bytes,
        )

    return run


def in_jax(name: str, iterations: int) -> Contender:
    """The other one."""
    from bench import jax_methods

    if name == "implicit-cholesky":
        run, held = jax_methods.cholesky(*regression())
    else:
        method = name.partition(",")[0]
        run, held = jax_methods.make(method, work_of(name, iterations), ROUNDS, STEP)
    return lambda: Found(run(), held())


def take_part(
    make: Callable[[str, int], Contender], name: str, iterations: int, connection: Connection
) -> None:
    """One of a pair in a process of its own."""
    run = make(name, iterations)
    run()
    connection.send(run())
    while connection.recv():
        began = time.perf_counter()
        run()
        connection.send(time.perf_counter() - began)


def difference(found: Found, expected: Found) -> float:
    """Largest difference of any kind, relative to that kind's largest entry."""
    return max(
        float(np.abs(found.gradient[kind].ravel() - each.ravel()).max() / np.abs(each).max())
        for kind, each in expected.gradient.items()
    )


def row(name: str, iterations: int, rounds: int) -> str:
    """Measure a pair."""
    fresh = multiprocessing.get_context("spawn")
    connections, found = [], []
    for make in (in_retrograde, in_jax):
        here, there = fresh.Pipe()
        fresh.Process(target=take_part, args=(make, name, iterations, there), daemon=True).start()
        connections.append(here)
        found.append(here.recv())
    seconds = np.zeros((rounds, 2))
    for index in np.ndindex(seconds.shape):
        time.sleep(PAUSE)
        connections[index[1]].send(True)
        seconds[index] = connections[index[1]].recv()
    for connection in connections:
        connection.send(False)
    ours, theirs = np.median(seconds, axis=0)
    low, middle, high = np.percentile(seconds[:, 0] / seconds[:, 1], [25, 50, 75])
    apart = difference(*found)
    same = f"{apart:.0e}" if apart < SAME else f"{apart:.0e}: they DIFFER"
    length = "" if name == "implicit-cholesky" else f"{iterations:,}"
    return (
        f"| {name} | {length} | {ours:.4g} | {theirs:.4g} | {middle:.2f} ({low:.2f}–{high:.2f}) | "
        f"{found[0].held / 1e6:,.2f} | {found[1].held / 1e6:,.2f} | {same} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--iterations", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("names", nargs="*", default=names())
    given = parser.parse_args()
    print(f"{given.rounds} rounds at T = {given.iterations[0]}, fewer where it is larger.\n")
    print("| method | T | Retrograde (s) | JAX (s) | ratio | MB held | MB held by JAX | apart by |")
    print("| --- " * 8 + "|")
    for iterations in given.iterations:
        rounds = max(given.rounds * given.iterations[0] // iterations, 3)
        for name in given.names:
            if name != "implicit-cholesky" or iterations == given.iterations[0]:
                print(row(name, iterations, rounds), flush=True)


if __name__ == "__main__":
    main()
