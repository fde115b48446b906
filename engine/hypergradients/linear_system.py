"""What implicit methods solve at the end of training: H q = ∇_w E, and what follows from q.

Where the training loss L is stationary, the implicit function theorem gives the hypergradient
without looking back at training: ∇f = ∂_θE − qᵀ ∂²L/∂w∂θ with ∂²L/∂w² q = ∇_wE (Bengio 2000). It is
evaluated at the weights that training reached, and so is as good as these are stationary.
"""

from collections.abc import Generator, Sequence
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.dynamics.dynamics import State
from engine.errors import NoDerivativeError, UnsolvedError
from engine.hypergradients.minimiser import minimise
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import (
    Gradient,
    Memory,
    Progress,
    Result,
    Solution,
)
from engine.hypergradients.training import state_bytes, step_bytes, train_in_floats

_ROWS: Final = 128
"""Of H, found at once."""
_DOUBTFUL: Final = 0.05
"""A gradient that is longer than this part of the one at the start is far from stationary, and what
is left of ∇E, if it is longer than this part, far from solved."""


class LinearSystem:
    """H q = b at some elementary parameters: the training loss's Hessian, the objective's gradient.

    Args:
        problem: the training run.
        w: (P,) where to evaluate.
        average: over how many of the last iterations the training loss is averaged; with
            minibatches those of an epoch.

    Attributes:
        right: (P,) b = ∇_wE.
        objective: E.
        gradient: (P,) ∇_wL.
        rounds: products with H so far.
        lowest_curvature: the lowest u·Hu/u·u of all directions tried; +∞ before.
    """

    def __init__(self, problem: Problem, w: Floats, average: int) -> None:
        self._problem = problem
        self._w = w
        first = max(problem.iterations - average, 0)
        self._iterations = range(first, max(problem.iterations, 1))
        self.objective, by_w, by_theta = problem.oracle.objective(w)
        self.right = np.array(by_w)
        self._by_theta = np.array(by_theta)
        self.gradient = self.gradient_at(w)
        self.rounds = 0
        self.lowest_curvature = np.inf

    def gradient_at(self, w: Floats) -> Floats:
        """(P,) ∇_wL at other parameters.

        Raises:
            NoDerivativeError: it is not finite.
        """
        total = np.zeros_like(w)
        for t in self._iterations:
            gradient = self._problem.oracle.gradient(w, t)[1]
            if not np.isfinite(gradient).all():
                raise NoDerivativeError("the gradient of the training loss", t)
            total += gradient
        total /= len(self._iterations)
        return total

    def multiply(self, direction: Floats) -> Floats:
        """(P,) H u."""
        self.rounds += 1
        product, _ = self._products(direction)
        length = float(direction @ direction)
        if length > 0:
            self.lowest_curvature = min(self.lowest_curvature, float(direction @ product) / length)
        return product

    def hessians(self) -> list[Hessian]:
        """The second derivatives of each iteration's loss, whose mean H is."""
        oracle = self._problem.oracle
        return [oracle.gradient_and_hessian(self._w, t)[2] for t in self._iterations]

    def rows(self, hessians: Sequence[Hessian]) -> Generator[Floats, None, None]:
        """All rows of H, some (k, P) at a time."""
        size, count = self._w.size, len(hessians)
        for first in range(0, size, _ROWS):
            stop = min(first + _ROWS, size)
            rows = hessians[0].rows(first, stop)
            for hessian in hessians[1:]:
                rows += hessian.rows(first, stop)
            rows /= count
            self.rounds += stop - first
            diagonal = rows[np.arange(stop - first), np.arange(first, stop)]
            self.lowest_curvature = min(self.lowest_curvature, float(diagonal.min()))
            yield rows

    def blocks(self, hessians: Sequence[Hessian]) -> Floats | None:
        """(F, D, D) the blocks that H falls into; None where it is not known to fall into any."""
        every = [hessian.blocks() for hessian in hessians if hessian.blocks is not None]
        if len(every) < len(hessians):
            return None
        total: Floats = np.mean(every, axis=0)
        self.rounds += total.shape[1]
        diagonal = np.diagonal(total, axis1=1, axis2=2)
        self.lowest_curvature = min(self.lowest_curvature, float(diagonal.min()))
        return total

    def residual(self, q: Floats) -> float:
        """‖H q − b‖ relative to ‖b‖; 0 if both are."""
        return self._relative(self._products(q)[0])

    def outcome(self, q: Floats) -> tuple[Floats, float]:
        """(M,) the hypergradient ∂_θE − qᵀ ∂²L/∂w∂θ of a solution, and its residual."""
        product, by_theta = self._products(q)
        return self._by_theta - by_theta, self._relative(product)

    def _relative(self, product: Floats) -> float:
        product -= self.right
        length, left = (float(np.linalg.norm(each)) for each in (self.right, product))
        return left / length if length else left

    def _products(self, direction: Floats) -> tuple[Floats, Floats]:
        by_w, by_theta = np.zeros_like(self.right), np.zeros_like(self._by_theta)
        for t in self._iterations:
            _, product, theta_product = self._problem.oracle.gradient_and_products(
                self._w, t, direction
            )
            by_w += product
            by_theta += theta_product
        by_w /= len(self._iterations)
        by_theta /= len(self._iterations)
        return by_w, by_theta


class End(NamedTuple):
    """Where an implicit method works.

    Attributes:
        state: there.
        learning_curve: (T,) training loss at each iteration's start; NaN without training.
        system: there.
        remarks: what the way there has to say.
    """

    state: State
    learning_curve: Floats
    system: LinearSystem
    remarks: tuple[str, ...]


def find_the_end(
    problem: Problem, average: int, minimise_to: float | None
) -> Generator[Progress, None, End]:
    """Train, or minimise the training loss by L-BFGS, and look at the end.

    Args:
        problem: the training run.
        average: see `LinearSystem`.
        minimise_to: the tolerance of L-BFGS; None: train.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    if minimise_to is None:
        [final], learning_curve = yield from train_in_floats(problem, keep=1)
        return End(final, learning_curve, LinearSystem(problem, final[0], average), ())
    w, remarks = yield from minimise(problem, average, minimise_to)
    state = (w, *(np.zeros_like(slot) for slot in problem.start[1:]))
    nothing = np.full(problem.iterations, np.nan)
    return End(state, nothing, LinearSystem(problem, w, average), remarks)


def solved(
    problem: Problem,
    final: State,
    learning_curve: Floats,
    system: LinearSystem,
    q: Floats,
    told: tuple[str, ...] = (),
    remarks: tuple[str, ...] = (),
    vectors: int = 6,
    at_start: Floats | None = None,
    gave_up: str = "",
) -> Result:
    """The hypergradient of a solution q, and how far it can be trusted.

    Args:
        problem: the training run.
        final: the state at its end.
        learning_curve: (T,) training loss at each iteration's start.
        system: that q solves, more or less.
        q: (P,) the solution.
        told: what the way to the end has to say.
        remarks: what the solver has to say of q.
        vectors: of P numbers that were held besides the start and the end while it was solved.
        at_start: (P,) the gradient at the start of training, where it is known.
        gave_up: see `Solution`; one of the remarks.

    Raises:
        UnsolvedError: the hypergradient is not finite.
    """
    one = state_bytes(problem)
    if at_start is None:
        at_start = system.gradient_at(problem.start[0])
    length, at_end = (float(np.linalg.norm(each)) for each in (at_start, system.gradient))
    del at_start
    stationarity = at_end / length if length else at_end
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused
        hypergradient, residual = system.outcome(q)
    if not np.isfinite(hypergradient).all():
        raise UnsolvedError(
            "the hypergradient is not finite: the solution q of H q = ∇E is up to "
            f"{np.abs(q).max():.3g}",
            "A larger L2 penalty, or a method that goes through training, helps.",
        )
    if residual > _DOUBTFUL and not remarks:
        remarks = (
            f"H q = ∇E is far from solved: the residual is {residual:.2g} of ∇E, and an implicit "
            "hypergradient doubtful.",
        )
    if stationarity > _DOUBTFUL:
        remarks = (
            *remarks,
            f"Training ended where its gradient is still {stationarity:.2g} of what it was at the "
            "start: an implicit hypergradient is doubtful there.",
        )
    return Result(
        validation_loss=system.objective,
        w_final=final[0],
        v_final=final[1] if len(final) > 1 else None,
        learning_curve=learning_curve,
        gradient=Gradient(None, None, hypergradient),
        memory=Memory(
            buffer_bytes=0,
            working_bytes=max(step_bytes(problem) + one, vectors * q.nbytes)
            + 2 * 8 * problem.oracle.theta_size,
            trajectory_bytes=problem.trajectory_bytes,
            entropy_bits=problem.entropy_bits,
            states_bytes=2 * one,
        ),
        reversed_exactly=None,
        lyapunov_exponent=float("nan"),
        remarks=(*told, *remarks),
        solution=Solution(
            gradient_norm=at_end,
            stationarity=stationarity,
            residual=residual,
            rounds=system.rounds,
            lowest_curvature=system.lowest_curvature,
            gave_up=gave_up,
        ),
    )
