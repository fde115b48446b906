"""Implicit hypergradients by conjugate gradients (Pedregosa 2016; Hestenes and Stiefel 1952)."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.linear_system import LinearSystem, find_the_end, solved
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count, check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hyperparameters.extents import Enters

_MANY: Final = 250
"""Rounds, which systems of a condition below some thousands do not need."""
_HOPELESS: Final = 1e20
"""A residual whose square is longer than the shortest one's by this factor comes from a direction
without curvature: where H is positive definite, its condition would be worse than numbers are."""


@dataclass(frozen=True)
class ImplicitCG:
    """Solve H q = ∇E by conjugate gradients; see `engine.hypergradients.method.Method`.

    Where H is positive definite, every round is nearer to the solution than the one before. Where
    it is singular or indefinite, and they do not end there, the round counts whose residual was
    shortest.

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
        final, learning_curve, system, told, taken = yield from find_the_end(
            problem, self.average, self.minimise_to
        )
        most = self.iterations or 10 * problem.size
        enough = self.tolerance * float(np.linalg.norm(system.right))
        q, left = _beginning(problem, system)
        direction = left.copy()
        length = float(left @ left)
        best, least = q, length  # a copy, once a round has made the residual longer
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
            left -= step * product
            before, length = length, float(left @ left)
            if best is q and not length < least:
                best = q.copy()
            q += step * direction
            if length < least:
                best, least = q, length
            if not length < _HOPELESS * least:
                break
            direction = left + (length / before) * direction
            yield Progress("solving", system.rounds, float("nan"), 0)
        left_over = system.residual(q)  # the one above is only as right as its recurrence
        has_failed = self.iterations is None and left_over > 2 * self.tolerance
        if gave_up or has_failed or not np.isfinite(left_over):
            q = best
            left_over = system.residual(q)
        if not gave_up and self.iterations is None and left_over > 2 * self.tolerance:
            gave_up = (
                f"Conjugate gradients did not converge: after {system.rounds:,} rounds the "
                f"residual is {left_over:.2g} of ∇E, not {self.tolerance:g}."
            )
        remarks = (gave_up,) if gave_up else ()
        if not gave_up and system.rounds >= _MANY:
            told = (
                *told,
                f"H q = ∇E is ill-conditioned: conjugate gradients needed {system.rounds:,} rounds "
                f"to solve it to {self.tolerance:g}. A larger L2 penalty or a looser tolerance "
                "would need fewer.",
            )
        return solved(
            problem,
            final,
            learning_curve,
            system,
            q,
            told,
            remarks,
            vectors=8,
            gave_up=gave_up,
            iterations=taken,
            asked=max(self.tolerance, self.minimise_to or 0.0),
        )


def _beginning(problem: Problem, system: LinearSystem) -> tuple[Floats, Floats]:
    """(P,) what to begin at, and ∇E − H q there: at a warm start that is nearer than 0."""
    if problem.warm_solution is not None:
        left = system.right - system.multiply(problem.warm_solution)
        if np.linalg.norm(left) < np.linalg.norm(system.right):
            return problem.warm_solution.copy(), left
    return np.zeros(problem.size), system.right.copy()
