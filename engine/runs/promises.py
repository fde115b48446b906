"""What approximate methods promise, held against another way to the same numbers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.derivatives.oracle import Oracle
from engine.hypergradients.finite_differences import FiniteDifferences
from engine.hypergradients.implicit_cg import ImplicitCG
from engine.hypergradients.implicit_cholesky import ImplicitCholesky
from engine.hypergradients.implicit_fixed_point import ImplicitFixedPoint
from engine.hypergradients.implicit_neumann import ImplicitNeumann
from engine.hypergradients.method import Method
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Result, drain
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.hypergradients.training import train_in_floats
from engine.hypergradients.truncated import Truncated

_AS_GOOD_AS_EQUAL: Final = 1e-9
_SOLVED: Final = 1e-8
"""Of a factorisation, relative to ∇E."""

_ROUNDING: Final = 1e-7
"""Of finite differences, besides their own estimate, relative to the largest entry."""


class Promise(NamedTuple):
    """A claim of a method, and what it should then be equal to.

    Attributes:
        what: the claim, in words.
        expected: hypergradients by another way; None of a claim about the solution alone.
        within: how far off they may be, relative to the largest entry.
        residual: of the solution, where that is the claim.
        error: what the method says that each may be off by, beside `within`; or None.
        gave_up: why the method says that it did not keep it, as a sentence; empty if it does not.
    """

    what: str
    expected: Gradient | None
    within: float
    residual: float | None = None
    error: Gradient | None = None
    gave_up: str = ""


def promises_of(method: Method, problem: Problem, found: Result) -> Iterator[Promise]:
    """What a method claims about its result; nothing of an exact one.

    Where the Hessian is indefinite or singular, conjugate gradients say so and claim nothing.

    Args:
        method: that found it.
        problem: the training run.
        found: the result.
    """
    match method:
        case Truncated(last=last):
            last = min(last, problem.iterations)
            what = f"{method.name} is the reverse pass of the last {last} iterations"
            yield Promise(what, _of_the_last(problem, last), _AS_GOOD_AS_EQUAL)
        case ImplicitNeumann():
            rounds = ImplicitFixedPoint(
                method.terms, method.step, method.average, method.minimise_to
            )
            what = f"{method.name} with {method.terms} terms is as many rounds of the fixed point"
            yield Promise(what, _of(rounds, problem), _AS_GOOD_AS_EQUAL)
        case ImplicitFixedPoint():
            terms = ImplicitNeumann(
                method.iterations, method.step, method.average, method.minimise_to
            )
            what = f"{method.name} with {method.iterations} rounds is as many terms of the series"
            yield Promise(what, _of(terms, problem), _AS_GOOD_AS_EQUAL)
        case ImplicitCG(iterations=None) if found.solution:
            what = f"{method.name} solves H q = ∇E to {method.tolerance:g}"
            solution, within = found.solution, 2 * method.tolerance
            yield Promise(what, None, within, solution.residual, gave_up=solution.gave_up)
        case ImplicitCholesky() if found.solution:
            what = f"{method.name} solves H q = ∇E"
            yield Promise(what, None, _SOLVED, found.solution.residual)
        case FiniteDifferences():
            what = f"{method.name} are off by no more than they say"
            exact = _of(StoredTrajectory(), problem)
            yield Promise(what, exact, _ROUNDING, error=found.error)


def _of(method: Method, problem: Problem) -> Gradient:
    return drain(method.run(problem)).gradient


def _of_the_last(problem: Problem, last: int) -> Gradient:
    """The hypergradient of a run that begins where the last iterations do; zero before them."""
    states, first = _states_of(problem, last), problem.iterations - last
    end = replace(
        problem,
        oracle=_Later(problem.oracle, first),
        start=states[0],
        schedules={kind: full[first:] for kind, full in problem.schedules.items()},
    )
    found = _of(StoredTrajectory(), end)
    schedules = {}
    for kind, array in (found.schedules or {}).items():
        whole = np.zeros_like(problem.schedules[kind])
        whole[first:] = array
        schedules[kind] = whole
    return Gradient(None, schedules, found.theta)


def _states_of(problem: Problem, last: int) -> list[tuple[Floats, ...]]:
    steps = train_in_floats(problem, keep=last + 1)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            states, _ = stop.value
            return list(states)


class _Later:
    """An oracle whose first iteration is a later one of another's."""

    def __init__(self, oracle: Oracle, first: int) -> None:
        self._oracle, self._first = oracle, first
        self.theta = oracle.theta

    @property
    def theta_size(self) -> int:
        return self._oracle.theta_size

    def at(self, theta: Floats) -> "_Later":
        return _Later(self._oracle.at(theta), self._first)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        return self._oracle.gradient(w, t + self._first)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        return self._oracle.gradient_and_products(w, t + self._first, direction)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        return self._oracle.gradient_and_hessian(w, t + self._first)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        return self._oracle.mixed_product(w, t + self._first, theta_direction)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        return self._oracle.objective(w)

    def objective_value(self, w: Floats) -> float:
        return self._oracle.objective_value(w)
