"""Implicit hypergradients by a fixed point (Grazzi et al. 2020): q ← Jᵀq + ∇E.

J = I − ηH is the derivative of a step of gradient descent with rate η at the weights reached. n
rounds from 0 give the n first terms of the Neumann series.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.hypergradients.linear_system import find_the_end, solved
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count, check_positive
from engine.hypergradients.powers import Growth, safe_step
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class ImplicitFixedPoint:
    """Solve H q = ∇E round by round; see `engine.hypergradients.method.Method`.

    Attributes:
        iterations: n, how many rounds.
        step: η; None: a bit less than 1 over the largest curvature.
        average: over how many of the last iterations the training loss is averaged; with
            minibatches those of an epoch.
        minimise_to: where to work: at the minimum, found by L-BFGS to this tolerance of the
            gradient, relative to the one at the start of training; None: where training ends.

    Raises:
        InputError: an option is out of its range.
    """

    iterations: int = 100
    step: float | None = None
    average: int = 1
    minimise_to: float | None = None

    name: ClassVar[str] = "implicit-fixed-point"
    title: ClassVar[str] = "Implicit, by a fixed point"
    needs: ClassVar[frozenset[Need]] = frozenset({"stationary"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "solving")
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_count("iterations", self.iterations, 1, needed=True)
        check_positive("step", self.step)
        check_count("average", self.average, 1, needed=True)
        check_positive("minimise_to", self.minimise_to)

    def run(self, problem: Problem) -> Steps:
        """Train, or minimise; then go round, with progress after each.

        Raises:
            DivergedError: training left ±2048 or was not finite; or it diverges so far that
                nothing is left of it (`engine.errors.UnsolvedError`).
        """
        final, learning_curve, system, told, taken = yield from find_the_end(
            problem, self.average, self.minimise_to
        )
        step = self.step or (yield from safe_step(system))
        q = system.right.copy()  # the first round, from 0
        growth = Growth("The fixed point", "the last change", step, q)
        for number in range(1, self.iterations):
            with np.errstate(over="ignore", invalid="ignore"):  # `Growth` looks
                moved = q - step * system.multiply(q) + system.right
                change = moved - q
            growth.note(change)
            q = moved
            yield Progress("solving", number, float("nan"), 0)
        q = step * np.asarray(q)
        remarks = growth.remarks
        return solved(
            problem, final, learning_curve, system, q, told, remarks, vectors=6, iterations=taken
        )
