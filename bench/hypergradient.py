"""Retrograde against what someone would write today, JAX and PyTorch, on the same work.

A 784-50-50-50-10 tanh network, batches of 200, 100 iterations: the hypergradient of the validation
loss by all learning rates and decays (per iteration and group), the initial weights and a penalty
for each weight. Digits: MNIST's test images if RETROGRADE_TEST_DATA names their folder, noise of
the same shape otherwise. Contenders run in turn, several rounds; the table holds medians.

    python -m bench.hypergradient [--rounds 7]
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise

import autograd.numpy as anp
import numpy as np

from bench import jax_reference, torch_reference
from bench.work import ITERATIONS, Work, make_work
from engine.derivatives import AutogradOracle, NetworkOracle
from engine.hypergradients import METHODS, drain, make_problem
from engine.tasks.models import l2_penalty
from engine.tasks.splits import Part

Gradient = dict[str, np.ndarray]
KINDS = ("w0", "learning_rates", "decays", "penalties")


def engine_contender(
    work: Work, oracle: str, precision: type = np.float64
) -> tuple[Callable[[], Gradient], Callable[[], int]]:
    """Retrograde with one of its oracles: the run, and the bytes held for the reverse pass."""
    inputs = work.inputs.astype(precision)

    def batch(t: int) -> Part:
        return Part(inputs[work.batch(t)], work.targets[work.batch(t)])

    judged = Part(inputs[work.judged], work.targets[work.judged])
    if oracle == "by hand":
        derivatives = NetworkOracle(work.network, batch, judged, work.penalties, precision)
    else:

        def training_loss(w, theta, t):
            part = batch(t)
            data = work.network.mean_loss(w, part.inputs, part.targets)
            return data + l2_penalty(w, theta, work.network.groups)

        def objective(w, theta):
            return work.network.mean_loss(w, judged.inputs, judged.targets) + 0 * anp.sum(theta)

        derivatives = AutogradOracle(training_loss, objective, work.penalties)
    problem = make_problem(
        derivatives,
        work.w0,
        learning_rates=work.learning_rates,
        decays=work.decays,
        groups=work.network.groups,
    )
    held = 0

    def run() -> Gradient:
        nonlocal held
        result = drain(METHODS["exact-reversal"](problem))
        assert result.reversed_exactly
        held = result.memory.buffer_bytes
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

    Forwards a gradient an iteration; on the way back two, for g and for its derivative.
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
        for t in range(ITERATIONS):
            one_gradient(work.inputs[work.batch(t)])
        for t in reversed(range(ITERATIONS)):
            one_gradient(work.inputs[work.batch(t)])
            one_gradient(work.inputs[work.batch(t)])

    return run


def difference(found: Gradient, expected: Gradient) -> float:
    """Largest difference of any kind, relative to that kind's largest entry."""
    return max(
        float(np.abs(found[kind] - expected[kind]).max() / np.abs(expected[kind]).max())
        for kind in KINDS
    )


def measure(work: Work, rounds: int) -> str:
    """Time every contender in turn, and tell the medians as a table."""
    contenders: dict[str, tuple[Callable[[], object], Callable[[], int | None]]] = {
        "Retrograde, by hand": engine_contender(work, "by hand"),
        "Retrograde, by hand, single precision": engine_contender(work, "by hand", np.float32),
        "Retrograde, autograd": engine_contender(work, "autograd"),
        **jax_reference.contenders(work),
        **torch_reference.contenders(work),
        "matrix products alone": (matrix_products(work), lambda: None),
    }
    results = {name: run() for name, (run, _) in contenders.items()}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (run, _) in contenders.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    medians = {name: float(np.median(times)) for name, times in seconds.items()}
    best_jax = min(value for name, value in medians.items() if name.startswith("JAX, scan"))
    floor = medians["matrix products alone"]
    reference = results["JAX, scan"]
    assert isinstance(reference, dict)
    rows = [
        "| | seconds | × best JAX (double) | × products | held for the way back | difference |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, (_, held) in contenders.items():
        result, count = results[name], held()
        apart = f"{difference(result, reference):.1e}" if isinstance(result, dict) else ""
        memory = "" if count is None else f"{count / 1e6:,.2f} MB"
        rows.append(
            f"| {name} | {medians[name]:.3f} | {medians[name] / best_jax:.2f} | "
            f"{medians[name] / floor:.2f} | {memory} | {apart} |"
        )
    return "\n".join(rows)


def machine() -> str:
    """One line about where the numbers come from."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "jax", "torch"))
    return (
        f"{os.cpu_count()} cores ({platform.processor() or platform.machine()}), "
        f"Python {platform.python_version()}, {packages}"
    )


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    work = make_work()
    print(f"{machine()}; {work.source}; medians of {options.rounds} rounds.\n")
    print(measure(work, options.rounds))


if __name__ == "__main__":
    main()
