"""Hypergradients by forward mode: tangents are carried along with training.

Franceschi et al. (2017), Forward-HG: Z_t = A_t Z_{t−1} + B_t for each hyperparameter, and
∇f = ∇_wE Z_T + ∂_θE. Memory does not depend on T, and the hypergradient of the training run so far
is there after every iteration; time grows with the number of hyperparameters.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.dynamics.dynamics import Schedules, State
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Memory, Progress, Result, Steps
from engine.hypergradients.scalars import Scalar, scalars, spread, unit
from engine.hypergradients.training import (
    check_range,
    move,
    schedules_at,
    state_bytes,
    step_bytes,
)
from engine.hyperparameters.extents import Enters

_AT_ONCE: Final = 16
"""Tangents whose gradients are found at once."""


@dataclass(frozen=True)
class Forward:
    """Carry a tangent for each hyperparameter; see `engine.hypergradients.method.Method`.

    Attributes:
        megabytes: how much the tangents together may take; where they take more, training is
            repeated for as many at a time as fit, at least one. None: all at once.
        growing: whether progress tells the hypergradient of the training run so far, for one more
            derivative of the objective an iteration. Only of all hyperparameters at once.

    Raises:
        InputError: an option is out of its range.
    """

    megabytes: float | None = None
    growing: bool = False

    name: ClassVar[str] = "forward"
    title: ClassVar[str] = "Forward"
    needs: ClassVar[frozenset[Need]] = frozenset({"tangents"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training",)
    agrees_within: ClassVar[float | None] = 1e-9

    def __post_init__(self) -> None:
        check_positive("megabytes", self.megabytes)

    def run(self, problem: Problem) -> Steps:
        """Train with tangents, with progress after every iteration.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
        """
        every, one = [*scalars(problem)], state_bytes(problem)
        at_once = max(len(every), 1)
        if self.megabytes is not None:
            at_once = min(max(int(1_000_000 * self.megabytes // one), 1), at_once)
        vectors = 2 + min(at_once, len(every), _AT_ONCE)  # how the gradient moves
        gradient = _empty(problem)
        learning_curve = np.full(problem.iterations, np.nan)
        final = problem.start
        begins = range(0, max(len(every), 1), at_once)
        for which, first in enumerate(begins):
            block = _Tangents(problem, every[first : first + at_once])
            growing = self.growing and at_once >= len(every)
            phase = "recomputing" if first else "training"
            part = (which, len(begins) - 1) if first else (1, 1)
            final = yield from _train(problem, block, learning_curve, phase, part, growing=growing)
            validation_loss, by_w, by_theta = problem.oracle.objective(final[0])
            block.fill(gradient, by_w, by_theta)
        return Result(
            validation_loss=validation_loss,
            w_final=final[0],
            v_final=final[1] if len(final) > 1 else None,
            learning_curve=learning_curve,
            gradient=gradient,
            memory=Memory(
                buffer_bytes=0,
                # The start, those around a step, and what it is taken with.
                working_bytes=3 * one + step_bytes(problem) + vectors * problem.start[0].nbytes,
                trajectory_bytes=problem.trajectory_bytes,
                entropy_bits=problem.entropy_bits,
                states_bytes=one * min(at_once, len(every)),
            ),
            reversed_exactly=None,
            lyapunov_exponent=float("nan"),
        )


class _Tangents:
    """How the state moves with each of some hyperparameters.

    Args:
        problem: the training run.
        block: the hyperparameters, in the order in which they first make a difference.
    """

    def __init__(self, problem: Problem, block: Sequence[Scalar]) -> None:
        self._problem = problem
        self._block = block
        self._begun = 0  # how many make a difference by now
        self._stacks: list[State] = []  # of as many tangents as are multiplied at once

    @property
    def nbytes(self) -> int:
        """Of all tangents."""
        return state_bytes(self._problem) * self._begun

    def push(
        self,
        t: int,
        before: State,
        after: State,
        schedules: Schedules,
        gradient: Floats,
        hessian: Hessian,
    ) -> None:
        """Carry them through iteration t, where the loss has these derivatives."""
        problem, size = self._problem, self._problem.oracle.theta_size
        self._begin(t)
        for index, (scalar, moved) in enumerate(self._moving()):
            if index % _AT_ONCE == 0:
                w, *_ = self._stacks[index // _AT_ONCE]
                moved_gradients = hessian.times(w[: self._begun - index])
            moved_gradient = moved_gradients[index % _AT_ONCE]
            moved_schedules = {}
            if scalar.kind == "theta":
                along = unit(size, scalar.place[0])
                moved_gradient += problem.oracle.mixed_product(before[0], t, along)
            elif scalar.first <= t < scalar.stop:
                moved_schedules[scalar.kind] = spread(problem, scalar)
            problem.dynamics.push_forward(
                before, after, schedules, gradient, moved, moved_schedules, moved_gradient
            )

    def _begin(self, t: int) -> None:
        """Tangents of those that make a difference from iteration t on: nothing moves yet."""
        while self._begun < len(self._block) and self._block[self._begun].first <= t:
            if self._begun % _AT_ONCE == 0:
                most = min(len(self._block) - self._begun, _AT_ONCE)
                self._stacks.append(
                    tuple(np.zeros((most, slot.size)) for slot in self._problem.start)
                )
            self._begun += 1

    def _moving(self) -> Iterator[tuple[Scalar, State]]:
        """Those that make a difference by now, each with its tangent."""
        for index, scalar in enumerate(self._block[: self._begun]):
            stack = self._stacks[index // _AT_ONCE]
            yield scalar, tuple(slot[index % _AT_ONCE] for slot in stack)

    def fill(self, gradient: Gradient, by_w: Floats, by_theta: Floats) -> None:
        """Put their derivatives of the objective where they belong.

        Args:
            gradient: of all hyperparameters.
            by_w: (P,) of the objective, at the end of the tangents.
            by_theta: (M,) of the objective.
        """
        for scalar in self._block:
            if scalar.kind == "theta":  # which the objective may have in it, whatever training does
                assert gradient.theta is not None, "it has all that is wanted"
                gradient.theta[scalar.place] = by_theta[scalar.place]
        for scalar, (moved, *_) in self._moving():
            along = (moved * by_w).sum()  # no BLAS: the same bits in a block of any size
            if scalar.kind != "theta":
                assert gradient.schedules is not None, "it has all that is wanted"
                gradient.schedules[scalar.kind][scalar.place] = along
            else:
                assert gradient.theta is not None, "it has all that is wanted"
                gradient.theta[scalar.place] += along


def _empty(problem: Problem) -> Gradient:
    shapes = {kind: shape for kind, shape in problem.own_shapes.items() if problem.wants(kind)}
    theta = np.zeros(problem.oracle.theta_size) if problem.wants("theta") else None
    return Gradient(None, {kind: np.zeros(shape) for kind, shape in shapes.items()}, theta)


def _train(
    problem: Problem,
    block: _Tangents,
    learning_curve: Floats,
    phase: str,
    part: tuple[int, int],
    *,
    growing: bool,
) -> Generator[Progress, None, State]:
    """Train once, and carry some tangents along; returns the state at the end."""
    state = problem.start
    check_range(problem, state, state[0], 0)
    for t in range(problem.iterations):
        before = state
        learning_curve[t], found, hessian = problem.oracle.gradient_and_hessian(before[0], t)
        gradient = found.copy()  # the oracle uses its array again
        if t == 0 or not _are_as_before(problem, t):
            schedules = schedules_at(problem, t)
        state = move(problem, before, gradient, t, schedules)
        block.push(t, before, state, schedules, gradient, hessian)
        so_far = None
        if growing:
            _, by_w, by_theta = problem.oracle.objective(state[0])
            so_far = _empty(problem)
            block.fill(so_far, by_w, by_theta)
        yield Progress(phase, t + 1, learning_curve[t], 0, block.nbytes, so_far, part)
    return state


def _are_as_before(problem: Problem, t: int) -> bool:
    """Whether iteration t is taken with the same schedules as the one before."""
    return all(np.array_equal(full[t], full[t - 1]) for full in problem.schedules.values())
