"""How time and memory grow with T and P, and how close the buffer comes to the entropy bound.

The loss is a quadratic one whose derivatives cost next to nothing, so what is measured is the exact
arithmetic and the information buffer.

    python -m bench.scale [--largest]      --largest: 1,000,000 parameters × 10,000 iterations
"""

import argparse
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.problem import make_problem
from engine.hypergradients.result import Result, drain


class Quadratic:
    """L = f = ½ Σ cᵢ wᵢ²."""

    theta_size = 0

    def __init__(self, size: int) -> None:
        self._c = np.linspace(0.1, 1.0, size)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The loss and c w."""
        return 0.0, self._c * w

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Give c w, and c times the direction."""
        return self._c * w, self._c * direction, np.zeros(0)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """Its value and gradient."""
        return self.objective_value(w), self._c * w, np.zeros(0)

    def objective_value(self, w: Floats) -> float:
        """Half the weighted sum of squares."""
        return float(0.5 * self._c @ (w * w))


def run(parameters: int, iterations: int, decay: float) -> tuple[Result, float]:
    """One hypergradient, and the seconds it took."""
    problem = make_problem(
        Quadratic(parameters),
        np.random.default_rng(0).standard_normal(parameters),
        schedules={
            "learning_rates": np.full(iterations, 0.01),
            "decays": np.full(iterations, decay),
        },
    )
    began = time.perf_counter()
    result = drain(ExactReversal().run(problem))
    return result, time.perf_counter() - began


def row(parameters: int, iterations: int, decay: float) -> str:
    """One line of the table, from a fresh process: its peak memory must be its own."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh) as pool:
        return pool.submit(measured_row, parameters, iterations, decay).result()


def measured_row(parameters: int, iterations: int, decay: float) -> str:
    """One line of the table, from this process."""
    run(10, 10, decay)  # loads the kernels
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result, seconds = run(parameters, iterations, decay)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
    memory = result.memory
    bits = 8 * memory.buffer_bytes / parameters
    bound = memory.entropy_bits / parameters
    return (
        f"| {parameters:,} | {iterations:,} | {decay} | {seconds:.2f} | "
        f"{1e9 * seconds / (parameters * iterations):.1f} | {bits:.1f} | {bound:.1f} | "
        f"{bits / bound:.3f} | {memory.trajectory_bytes / 1e6:,.0f} MB | {grown:,.0f} MB | "
        f"{'yes' if result.reversed_exactly else 'NO'} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", action="store_true")
    largest = parser.parse_args().largest
    print(
        "| P | T | γ | seconds | ns per parameter and iteration | bits per parameter | entropy "
        "| ratio | trajectory would take | peak memory grew by | exact |"
    )
    print("| --- " * 11 + "|")
    for iterations in (250, 500, 1000, 2000):
        print(row(20_000, iterations, 0.9), flush=True)
    for parameters in (5_000, 20_000, 80_000, 320_000):
        print(row(parameters, 500, 0.9), flush=True)
    for decay in (0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.999):
        print(row(20_000, 1000, decay), flush=True)
    if largest:
        print(row(1_000_000, 10_000, 0.98), flush=True)


if __name__ == "__main__":
    main()
