"""Implicit hypergradients of quadratic training losses, by one factorisation (Bengio 2000).

H is built row by row and factorised, or block by block where it falls into blocks; the same factor
solves for the minimum, w* = w − H⁻¹∇L(w), and for q. Nothing is trained.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from engine.hypergradients.factors import factorised
from engine.hypergradients.linear_system import LinearSystem, solved
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Steps
from engine.hyperparameters.extents import Enters

_QUADRATIC: Final = 1e-6
"""A gradient longer at the minimum than this part of the one at the start is not linear in w."""


@dataclass(frozen=True)
class ImplicitCholesky:
    """Solve for the minimum and for q; see `engine.hypergradients.method.Method`.

    Attributes:
        average: over how many of the last iterations the training loss is averaged; with
            minibatches those of an epoch.

    Raises:
        InputError: an option is out of its range.
    """

    average: int = 1

    name: ClassVar[str] = "implicit-cholesky"
    title: ClassVar[str] = "Implicit, by Cholesky"
    needs: ClassVar[frozenset[Need]] = frozenset({"stationary"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"loss"})
    phases: ClassVar[tuple[str, ...]] = ("solving",)
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_count("average", self.average, 1, needed=True)

    def run(self, problem: Problem) -> Steps:
        """Build the Hessian, with progress on the way; then solve.

        Raises:
            InputError: there are too many parameters.
            UnsolvedError: the Hessian is not positive definite.
        """
        start = problem.start
        at_start = LinearSystem(problem, start[0], self.average)
        factor = yield from factorised(at_start, problem.size)
        w = start[0] - factor.solve(at_start.gradient)
        system = LinearSystem(problem, w, self.average)
        q = factor.solve(system.right)
        final = (w, *(np.zeros_like(slot) for slot in start[1:]))
        left = float(np.linalg.norm(system.gradient))
        before = float(np.linalg.norm(at_start.gradient))
        remarks: tuple[str, ...] = ()
        if left > _QUADRATIC * before:
            remarks = (
                "The training loss is not quadratic: at what should be its minimum the gradient is "
                f"still {left / before:.2g} of the one at the start.",
            )
        nothing = np.full(problem.iterations, np.nan)
        return solved(
            problem,
            final,
            nothing,
            system,
            q,
            remarks=remarks,
            vectors=factor.vectors,
            at_start=at_start.gradient,
        )
