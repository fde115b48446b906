"""Implicit hypergradients by conjugate gradients (Pedregosa 2016; Hestenes and Stiefel 1952)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.hypergradients.linear_system import find_the_end, solved
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count, check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class ImplicitCG:
    """Solve H q = ∇E by conjugate gradients; see `engine.hypergradients.method.Method`.

    Attributes:
        iterations: rounds at most; None: until the tolerance is met, at most ten for each
            parameter.
        tolerance: of the residual, relative to ∇E.
        average: over how many of the last iterations the training loss is averaged; with
            minibatches those of an epoch.
        minimise_to: where to work: at the minimum, found by L-BFGS to this tolerance of the
            gradient, relative to the one at the start of training; None: where training ends.

    Raises:
        InputError: an option is out of its range.
    """

    iterations: int | None = None
    tolerance: float = 1e-10
    average: int = 1
    minimise_to: float | None = None

    name: ClassVar[str] = "implicit-cg"
    title: ClassVar[str] = "Implicit, by conjugate gradients"
    needs: ClassVar[frozenset[Need]] = frozenset({"stationary"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "solving")
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_count("iterations", self.iterations, 1)
        check_positive("tolerance", self.tolerance, needed=True)
        check_count("average", self.average, 1, needed=True)
        check_positive("minimise_to", self.minimise_to)

    def run(self, problem: Problem) -> Steps:
        """Train, or minimise; then solve, with progress after every round.

        Raises:
            DivergedError: training left ±2048 or was not finite.
        """
        final, learning_curve, system, told = yield from find_the_end(
            problem, self.average, self.minimise_to
        )
        most = self.iterations or 10 * problem.size
        enough = self.tolerance * float(np.linalg.norm(system.right))
        q = np.zeros(problem.size)
        left = system.right.copy()
        direction = left.copy()
        length = float(left @ left)
        gave_up = ""
        while np.sqrt(length) > enough and system.rounds < most:
            product = system.multiply(direction)
            curvature = float(direction @ product)
            if curvature <= 0:
                bent = curvature / float(direction @ direction)
                gave_up = (
                    f"The Hessian is not positive definite: its curvature is {bent:.3g} along a "
                    f"direction of round {system.rounds}, where conjugate gradients end."
                )
                break
            step = length / curvature
            q += step * direction
            left -= step * product
            before, length = length, float(left @ left)
            direction = left + (length / before) * direction
            yield Progress("solving", system.rounds, float("nan"), 0)
        left_over = system.residual(q)  # the one above is only as right as its recurrence
        if not gave_up and self.iterations is None and left_over > 2 * self.tolerance:
            gave_up = (
                f"Conjugate gradients did not converge: after {system.rounds:,} rounds the "
                f"residual is {left_over:.2g} of ∇E, not {self.tolerance:g}."
            )
        remarks = (gave_up,) if gave_up else ()
        return solved(
            problem,
            final,
            learning_curve,
            system,
            q,
            told,
            remarks,
            vectors=7,
            gave_up=gave_up,
        )
