"""Implicit hypergradients by a Neumann series (Lorraine, Vicol and Duvenaud 2020).

H⁻¹ = η Σ_j (I − ηH)^j, of which the first n terms are taken: as many as undoing n steps of gradient
descent with rate η around a point where it stands still.
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
class ImplicitNeumann:
    """Solve H q = ∇E by a series; see `engine.hypergradients.method.Method`.

    Attributes:
        terms: n, how many to add up.
        step: η; None: a bit less than 1 over the largest curvature.
        average: over how many of the last iterations the training loss is averaged; with
            minibatches those of an epoch.
        minimise_to: where to work: at the minimum, found by L-BFGS to this tolerance of the
            gradient, relative to the one at the start of training; None: where training ends.

    Raises:
        InputError: an option is out of its range.
    """

    terms: int = 100
    step: float | None = None
    average: int = 1
    minimise_to: float | None = None

    name: ClassVar[str] = "implicit-neumann"
    title: ClassVar[str] = "Implicit, by a Neumann series"
    needs: ClassVar[frozenset[Need]] = frozenset({"stationary"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "solving")
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_count("terms", self.terms, 1, needed=True)
        check_positive("step", self.step)
        check_count("average", self.average, 1, needed=True)
        check_positive("minimise_to", self.minimise_to)

    def run(self, problem: Problem) -> Steps:
        """Train, or minimise; then add up terms, with progress after each.

        Raises:
            DivergedError: training left ±2048 or was not finite; or the series diverges so far
                that nothing is left of it (`engine.errors.UnsolvedError`).
        """
        final, learning_curve, system, told, taken = yield from find_the_end(
            problem, self.average, self.minimise_to
        )
        step = self.step or (yield from safe_step(system))
        term = system.right.copy()
        total = term.copy()
        growth = Growth("The Neumann series", "its last term", step, term)
        for number in range(1, self.terms):
            with np.errstate(over="ignore", invalid="ignore"):  # `Growth` looks
                term -= step * system.multiply(term)
                total += term
            growth.note(term)
            yield Progress("solving", number, float("nan"), 0)
        q = step * total
        return solved(
            problem, final, learning_curve, system, q, told, growth.remarks, iterations=taken
        )
