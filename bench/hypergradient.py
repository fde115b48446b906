"""Retrograde against what someone would write today, JAX and PyTorch, on the same work.

A 784-50-50-50-10 tanh network, batches of 200, 100 iterations: the hypergradient of the validation
loss by all learning rates and decays (per iteration and group), the initial weights and a penalty
for each weight. Digits: MNIST's test images if RETROGRADE_TEST_DATA names their folder, noise of
the same shape otherwise. Contenders run in turn, several rounds; the table holds medians.

    python -m bench.hypergradient [--rounds 11]
"""

import argparse
import multiprocessing
import os
import platform
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import autograd.numpy as anp
import numpy as np
from threadpoolctl import threadpool_limits

from bench.work import Work, make_work
from engine.data.splits import Part
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import l2_penalty
from engine.derivatives.network_oracle import NetworkOracle
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.problem import make_problem
from engine.hypergradients.result import drain
from engine.kernels.examples import make_examples

Gradient = dict[str, np.ndarray]
Contender = tuple[Callable[[], object], Callable[[], list[int]]]
JAX_POLICIES = ("scan", "scan, checkpoints", "scan, checkpoints that keep products")
PAUSE = 0.2  # seconds in which the threads of the one before stop looking for more work
CORES = os.cpu_count() or 1
ONE_BLAS_THREAD = partial(threadpool_limits, 1, user_api="blas")
KINDS = ("w0", "learning_rates", "decays", "penalties")


def engine_contender(
    work: Work,
    oracle: str,
    precision: type = np.float64,
    team: int = CORES,
    *,
    one_blas_thread: Callable[[], AbstractContextManager[object]] = ONE_BLAS_THREAD,
) -> tuple[Callable[[], Gradient], Callable[[], list[int]]]:
    """Retrograde with one of its oracles: by hand, by hand with "zeros too", or autograd.

    Args:
        work: to do.
        oracle: which.
        precision: of the network.
        team: threads.
        one_blas_thread: holds BLAS to one thread while it is entered; that takes a while.

    Returns:
        The run, and the bytes held for the reverse pass: in the buffer, and whatever T is.
    """
    inputs = work.inputs.astype(precision)

    def batch(t: int) -> Part:
        return Part(inputs[work.batch(t)], work.targets[work.batch(t)])

    judged = Part(inputs[work.judged], work.targets[work.judged])
    if oracle != "autograd":
        sparse = None if oracle == "by hand" else False
        derivatives = NetworkOracle(
            work.network,
            make_examples(inputs, work.targets, precision, sparse),
            work.batch,
            make_examples(judged.inputs, judged.targets, precision, sparse),
            work.penalties,
            penalty_granularity="weight",
            team=team,
        )
    else:

        def training_loss(w, theta, t):
            part = batch(t)
            data = work.network.mean_loss(w, part.inputs, part.targets)
            return data + l2_penalty(w, theta, "weight", work.network.groups)

        def objective(w, theta):
            return work.network.mean_loss(w, judged.inputs, judged.targets) + 0 * anp.sum(theta)

        derivatives = AutogradOracle(training_loss, objective, work.penalties)
    problem = make_problem(
        derivatives,
        work.w0,
        schedules={"learning_rates": work.learning_rates, "decays": work.decays},
        groups=work.network.groups,
        team=team,
    )
    held: list[int] = []

    def run() -> Gradient:
        nonlocal held
        with one_blas_thread():
            result = drain(ExactReversal().run(problem))
        assert result.reversed_exactly
        held = [result.memory.buffer_bytes, result.memory.working_bytes]
        gradient = result.gradient
        return {
            "w0": gradient.w0,
            "learning_rates": gradient.learning_rates,
            "decays": gradient.decays,
            "penalties": gradient.theta,
        }

    return run, lambda: held


def matrix_products(work: Work) -> Callable[[], None]:
    """The matrix products of the work alone, over the same batches in the same order.

    Forwards one gradient per iteration; in the reverse pass two, for g and for its derivative.
    """
    sizes = work.network.sizes
    random = np.random.default_rng(0)
    matrices = [random.normal(size=pair) for pair in pairwise(sizes)]
    values = [random.normal(size=(200, size)) for size in sizes[1:]]

    def one_gradient(inputs: np.ndarray) -> None:
        below = [inputs, *values]
        for matrix, value in zip(matrices, below, strict=False):
            value @ matrix
        for index, error in enumerate(values):
            below[index].T @ error
            if index:
                error @ matrices[index].T

    def run() -> None:
        for t in range(work.iterations):
            one_gradient(work.inputs[work.batch(t)])
        for t in reversed(range(work.iterations)):
            one_gradient(work.inputs[work.batch(t)])
            one_gradient(work.inputs[work.batch(t)])

    return run


def difference(found: Gradient, expected: Gradient) -> float:
    """Largest difference of any kind, relative to that kind's largest entry."""
    return max(
        float(np.abs(found[kind] - expected[kind]).max() / np.abs(expected[kind]).max())
        for kind in KINDS
    )


def contenders(work: Work) -> dict[str, Callable[[], Contender]]:
    """How to make each of them; only what is made gets loaded."""

    def in_jax(policy: str, precision: str) -> Callable[[], Contender]:
        def make() -> Contender:
            from bench import jax_reference

            return jax_reference.contender(work, policy, precision)

        return make

    def in_torch() -> Contender:
        from bench import torch_reference

        return torch_reference.contender(work)

    return {
        "Retrograde, by hand": lambda: engine_contender(work, "by hand"),
        "Retrograde, by hand, single precision": lambda: engine_contender(
            work, "by hand", np.float32
        ),
        "Retrograde, by hand, zeros multiplied": lambda: engine_contender(work, "zeros too"),
        "Retrograde, by hand, zeros multiplied, single precision": lambda: engine_contender(
            work, "zeros too", np.float32
        ),
        "Retrograde, autograd": lambda: engine_contender(work, "autograd"),
        **{
            f"JAX{'' if precision == 'double' else ' single precision'}, {policy}": in_jax(
                policy, precision
            )
            for precision in ("double", "single")
            for policy in JAX_POLICIES
        },
        "PyTorch": in_torch,
        "matrix products alone": lambda: (matrix_products(work), list),
    }


def take_part(name: str, connection: Connection) -> None:
    """One contender in a process of its own, so that no other's threads are in its way."""
    run, held = contenders(make_work())[name]()
    connection.send((run(), held()))
    while connection.recv():
        began = time.perf_counter()
        run()
        connection.send(time.perf_counter() - began)


def measure(work: Work, rounds: int) -> str:
    """Time every contender in turn, and tell the medians as a table."""
    fresh = multiprocessing.get_context("spawn")
    connections: dict[str, Connection] = {}
    results, memory = {}, {}
    for name in contenders(work):
        here, there = fresh.Pipe()
        fresh.Process(target=take_part, args=(name, there), daemon=True).start()
        connections[name] = here
        results[name], memory[name] = here.recv()
    seconds: dict[str, list[float]] = {name: [] for name in connections}
    for _ in range(rounds):
        for name in random.sample(list(connections), len(connections)):
            time.sleep(PAUSE)
            connections[name].send(True)
            seconds[name].append(connections[name].recv())
    for connection in connections.values():
        connection.send(False)

    def ratio(name: str, references: list[str]) -> str:
        """The median of what was measured in the same round, and its quartiles."""
        best = min(references, key=lambda reference: np.median(seconds[reference]))
        low, middle, high = np.percentile(
            np.array(seconds[name]) / np.array(seconds[best]), [25, 50, 75]
        )
        return f"{middle:.2f} ({low:.2f}–{high:.2f})"

    double = [name for name in seconds if name.startswith("JAX, ")]
    single = [name for name in seconds if name.startswith("JAX single precision, ")]
    reference = results["JAX, scan"]
    rows = [
        "| | seconds | × best JAX (double) | × best JAX (single) | × products "
        "| MB held for the reverse pass | difference |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, result in results.items():
        apart = f"{difference(result, reference):.1e}" if isinstance(result, dict) else ""
        held = " + ".join(f"{size / 1e6:,.2f}" for size in memory[name])
        rows.append(
            f"| {name} | {np.median(seconds[name]):.3f} | {ratio(name, double)} | "
            f"{ratio(name, single)} | {ratio(name, ['matrix products alone'])} | "
            f"{held} | {apart} |"
        )
    return "\n".join(rows)


def machine() -> str:
    """What the numbers were measured on, and with."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "jax", "torch"))
    return (
        f"{os.cpu_count()} cores of {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not on Linux
        return platform.processor() or platform.machine()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    work = make_work()
    print(
        f"{work.source[:1].upper()}{work.source[1:]}; {options.rounds} rounds, each contender in a "
        "process of its own. Medians; ratios within a round, with their quartiles. Held for the "
        "reverse pass: the buffer, and memory that does not grow with T. Of the inputs "
        f"{np.count_nonzero(work.inputs) / work.inputs.size:.0%} are not zero; Retrograde by hand "
        'leaves zeros out of its products, unless "zeros multiplied" says that it does not.\n'
    )
    print(measure(work, options.rounds))


if __name__ == "__main__":
    main()
