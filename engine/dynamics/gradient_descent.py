"""Plain gradient descent: w ← w − α ∇L(w, θ, t).

The step has forgotten where it came from, so that it cannot be undone bit for bit.
"""

from collections.abc import Callable, Sequence

import numpy as np

from engine.arrays import Floats
from engine.dynamics.dynamics import Differentiate, ExactForm, PulledBack, Schedules, State
from engine.groups import ParameterGroup


class GradientDescent:
    """Gradient descent without momentum; see `engine.dynamics.dynamics.Dynamics`."""

    name = "gradient-descent"
    title = "Gradient descent"
    slots: tuple[str, ...] = ("w",)
    schedules: tuple[str, ...] = ("learning_rates",)
    is_reversible = False

    def begin(self, w0: Floats, v0: Floats) -> State:
        """The position alone."""
        return (w0,)

    def usable(self, schedules: Schedules) -> dict[str, Floats]:
        """The same."""
        return dict(schedules)

    def step(self, state: State, gradient: Floats, schedules: Schedules) -> State:
        """Down the gradient."""
        (w,) = state
        kick = schedules["learning_rates"].astype(w.dtype, copy=False) * gradient
        return (np.subtract(w, kick, out=kick),)

    def pull_back(
        self,
        before: State,
        after: State,
        schedules: Schedules,
        adjoint: State,
        differentiate: Differentiate,
    ) -> PulledBack:
        """dα ← −dw·g, then dw ← dw − ∇_w(g·α dw), dθ ← −∇_θ(g·α dw)."""
        (dw,) = adjoint
        gradient, product, by_theta = differentiate(schedules["learning_rates"] * dw)
        return PulledBack((dw - product,), {"learning_rates": -dw * gradient}, -by_theta)

    def push_forward(
        self,
        before: State,
        after: State,
        schedules: Schedules,
        gradient: Floats,
        moved: State,
        moved_schedules: Schedules,
        moved_gradient: Floats,
    ) -> None:
        """The derivative of `step`."""
        (dw,) = moved
        dw -= schedules["learning_rates"] * moved_gradient
        if "learning_rates" in moved_schedules:
            dw -= moved_schedules["learning_rates"] * gradient

    def undo(
        self, after: State, schedules: Schedules, gradient: Callable[[Floats], Floats]
    ) -> State:
        """Not possible: the gradient was taken where the step began.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("gradient descent is implicit backwards")

    def dropped_bits(self, schedules: Schedules, groups: Sequence[ParameterGroup]) -> Floats:
        """(T,) zeros: nothing is multiplied by less than one."""
        return np.zeros(len(schedules["learning_rates"]))

    def exact(
        self,
        start: State,
        groups: Sequence[ParameterGroup],
        schedules: Schedules,
        team: int = 1,
        buffer_memory: int | None = None,
    ) -> ExactForm:
        """There is none.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("gradient descent cannot be undone bit for bit")
