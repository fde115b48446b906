"""How the state of training moves with each hyperparameter: Z_t = A_t Z_{t−1} + B_t.

Franceschi et al. (2017), section 3.2. The tangents of all hyperparameters are carried along with
training; their products with the gradient of an objective are its hypergradient, at any iteration.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.dynamics.dynamics import Schedules, State
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient
from engine.hypergradients.scalars import Scalar, spread, unit
from engine.hypergradients.training import state_bytes

AT_ONCE: Final = 16
"""Tangents whose gradients are found at once."""


class Tangents:
    """How the state moves with each of some hyperparameters.

    Args:
        problem: the training run.
        block: the hyperparameters, in the order in which they first make a difference.

    Attributes:
        slopes: (n,) how fast each hyperparameter moves with a coordinate of its own, by which the
            tangents are then; None: they are by the values themselves.
    """

    def __init__(self, problem: Problem, block: Sequence[Scalar]) -> None:
        self.slopes: Floats | None = None
        self._problem = problem
        self._block = block
        self._begun = 0  # how many make a difference by now
        self._stacks: list[State] = []  # of as many tangents as are multiplied at once

    @property
    def nbytes(self) -> int:
        """Of all tangents."""
        return state_bytes(self._problem) * self._begun

    @property
    def stacks(self) -> tuple[State, ...]:
        """What was carried so far, a slot of the state at a time: (k, P), k at most `AT_ONCE`.

        Setting it goes on from there; they are copied both ways.
        """
        return tuple(_copied(stack) for stack in self._stacks)

    @stacks.setter
    def stacks(self, stacks: Sequence[State]) -> None:
        self._stacks = [_copied(stack) for stack in stacks]
        self._begun = sum(len(slots[0]) for slots in stacks)

    def forget(self) -> None:
        """Set all of them to zero, as if training began here."""
        self._stacks, self._begun = [], 0

    def go_on(self, problem: Problem) -> None:
        """Carry them on through a training run with other hyperparameters."""
        self._problem = problem

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
            if index % AT_ONCE == 0:
                w, *_ = self._stacks[index // AT_ONCE]
                moved_gradients = hessian.times(w[: self._begun - index])
            moved_gradient = moved_gradients[index % AT_ONCE]
            moved_schedules = {}
            if scalar.kind == "theta":
                along = self._by_slope(index, unit(size, scalar.place[0]))
                moved_gradient += problem.oracle.mixed_product(before[0], t, along)
            elif scalar.first <= t < scalar.stop:
                moved_schedules[scalar.kind] = self._by_slope(index, spread(problem, scalar))
            problem.dynamics.push_forward(
                before, after, schedules, gradient, moved, moved_schedules, moved_gradient
            )

    def products(self, by_w: Floats) -> Floats:
        """(n,) how an objective moves with each of them, through the state alone.

        Args:
            by_w: (P,) of the objective, at the end of the tangents.
        """
        found = np.zeros(len(self._block))
        for index, (_, (moved, *_)) in enumerate(self._moving()):
            found[index] = (moved * by_w).sum()  # no BLAS: the same bits in a block of any size
        return found

    def _by_slope(self, index: int, direction: Floats) -> Floats:
        return direction if self.slopes is None else self.slopes[index] * direction

    def _begin(self, t: int) -> None:
        """Tangents of those that make a difference from iteration t on: nothing moves yet."""
        while self._begun < len(self._block) and self._block[self._begun].first <= t:
            if self._begun % AT_ONCE == 0:
                most = min(len(self._block) - self._begun, AT_ONCE)
                self._stacks.append(
                    tuple(np.zeros((most, slot.size)) for slot in self._problem.start)
                )
            self._begun += 1

    def _moving(self) -> Iterator[tuple[Scalar, State]]:
        """Those that make a difference by now, each with its tangent."""
        for index, scalar in enumerate(self._block[: self._begun]):
            stack = self._stacks[index // AT_ONCE]
            yield scalar, tuple(slot[index % AT_ONCE] for slot in stack)

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
        products = self.products(by_w)
        for scalar, along in zip(self._block[: self._begun], products, strict=False):
            if scalar.kind != "theta":
                assert gradient.schedules is not None, "it has all that is wanted"
                gradient.schedules[scalar.kind][scalar.place] = along
            else:
                assert gradient.theta is not None, "it has all that is wanted"
                gradient.theta[scalar.place] += along


def _copied(stack: State) -> State:
    return tuple(slot.copy() for slot in stack)
