"""What a process of its own measures: by how much a method's memory grows, and what it reports.

python -m memory_for_tests METHOD
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import drain
from engine.kernels.examples import make_examples
from engine.methods import METHODS, ImplicitCG, ImplicitFixedPoint, ImplicitNeumann

ITERATIONS, EXAMPLES = 20, 20
LARGE = Network((990, 1000, 10))  # a million parameters
QUADRATIC = Network((2999, 1), loss="squared")  # a Hessian of nine million numbers
OPTIONS: dict[str, Any] = {
    "implicit-cg": ImplicitCG(iterations=5),
    "implicit-neumann": ImplicitNeumann(5, 0.1),
    "implicit-fixed-point": ImplicitFixedPoint(5, 0.1),
}


def oracle_of(network: Network) -> NetworkOracle:
    """A penalty for all weights, the same examples in each iteration and in the objective."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(EXAMPLES, network.sizes[0]))
    targets = random.integers(0, max(network.sizes[-1], 2), EXAMPLES)
    examples = make_examples(inputs, targets if network.sizes[-1] > 1 else 1.0 * targets)
    return NetworkOracle(network, examples, lambda _: slice(0, EXAMPLES), examples, np.ones(1))


def problem_of(oracle: NetworkOracle, w0: np.ndarray) -> Problem:
    """Three hyperparameters: the penalty, a learning rate and a decay."""
    kinds = {"learning_rates": 0.01, "decays": 0.9}
    return make_problem(
        oracle,
        w0,
        schedules={kind: np.full(ITERATIONS, value) for kind, value in kinds.items()},
        own_shapes=dict.fromkeys(kinds, (1, 1)),
        wanted=frozenset({*kinds, "theta"}),
    )


def peak() -> int:
    """Bytes of memory that this program has had at most; the one that started it does not count."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    [kilobytes] = re.findall(r"^VmHWM:\s*(\d+) kB$", told, re.MULTILINE)
    return 1024 * int(kilobytes)


def main(name: str) -> None:
    """Print by how many bytes the peak of memory grows, and how many the method reports."""
    method = OPTIONS.get(name) or METHODS[name]()
    small = Network((2, 1), loss="squared")
    drain(method.run(problem_of(oracle_of(small), np.ones(small.size))))  # loads what is compiled
    network = QUADRATIC if name == "implicit-cholesky" else LARGE
    oracle, w = oracle_of(network), np.full(network.size, 0.01)
    oracle.gradient(w, 0)
    oracle.objective_value(w)
    if name != "finite-differences":
        oracle.gradient_and_products(w, 0, w)
    before = peak()
    result = drain(method.run(problem_of(oracle, w)))
    print(json.dumps([peak() - before, result.memory.held_bytes]))


if __name__ == "__main__":
    main(sys.argv[1])
