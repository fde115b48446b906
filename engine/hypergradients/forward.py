"""Hypergradients by forward mode: tangents are carried along with training.

Franceschi et al. (2017), Forward-HG: Z_t = A_t Z_{t−1} + B_t for each hyperparameter, and
∇f = ∇_wE Z_T + ∂_θE. Memory does not depend on T, and the hypergradient of the training run so far
is there after every iteration; time grows with the number of hyperparameters.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Floats
from engine.dynamics.dynamics import State
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Memory, Progress, Result, Steps
from engine.hypergradients.scalars import scalars
from engine.hypergradients.tangents import AT_ONCE, Tangents
from engine.hypergradients.training import (
    are_as_before,
    check_range,
    move,
    schedules_at,
    state_bytes,
    step_bytes,
)
from engine.hyperparameters.extents import Enters


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
        vectors = 2 + min(at_once, len(every), AT_ONCE)  # how the gradient moves
        gradient = _empty(problem)
        learning_curve = np.full(problem.iterations, np.nan)
        final = problem.start
        begins = range(0, max(len(every), 1), at_once)
        for which, first in enumerate(begins):
            block = Tangents(problem, every[first : first + at_once])
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


def _empty(problem: Problem) -> Gradient:
    shapes = {kind: shape for kind, shape in problem.own_shapes.items() if problem.wants(kind)}
    theta = np.zeros(problem.oracle.theta_size) if problem.wants("theta") else None
    return Gradient(None, {kind: np.zeros(shape) for kind, shape in shapes.items()}, theta)


def _train(
    problem: Problem,
    block: Tangents,
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
        if t == 0 or not are_as_before(problem, t):
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
