"""Stochastic gradient descent with momentum: Maclaurin et al. (2015), Algorithm 1.

    v ← γ v − (1 − γ) ∇L(w, θ, t)        w ← w + α v

Its exact form, which undoes every bit (Algorithm 2), is `engine.dynamics.exact_momentum_sgd`.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engine.arithmetic.fixed_point import SMALLEST_DECAY, round_decays
from engine.arrays import Floats
from engine.dynamics.dynamics import Differentiate, ExactForm, PulledBack, Schedules, State
from engine.errors import InputError
from engine.groups import ParameterGroup

_NOTHING = np.zeros(0)


class MomentumSGD:
    """SGD with momentum; see `engine.dynamics.dynamics.Dynamics`."""

    name = "momentum-sgd"
    title = "SGD with momentum"
    slots: tuple[str, ...] = ("w", "v")
    schedules: tuple[str, ...] = ("learning_rates", "decays")
    is_reversible = True
    reversible_from: Mapping[str, float] = {"decays": SMALLEST_DECAY}

    def begin(self, w0: Floats, v0: Floats) -> State:
        """Position and velocity."""
        return w0, v0

    def usable(self, schedules: Schedules) -> dict[str, Floats]:
        """Decays rounded to multiples of 2⁻¹⁶, which stand for γ everywhere.

        Raises:
            InputError: a decay is not between 0 and 1.
        """
        decays = schedules["decays"]
        wrong = (decays < 0) | (decays > 1)
        if wrong.any():
            found = f"found {decays[wrong][0]:.15g}"
            raise InputError("decays", f"expected values from 0 to 1, {found}.")
        return {**schedules, "decays": round_decays(decays)}

    def step(self, state: State, gradient: Floats, schedules: Schedules) -> State:
        """Velocity first, then position with the new velocity."""
        w, v = state
        if w.dtype == np.float64:
            after = np.empty_like(w), np.empty_like(v)
            _step(w, v, schedules, gradient, _NOTHING, after)
            return after
        rate, decay, kept = _in_the_format_of(w, schedules)
        kick = kept * gradient
        v = decay * v
        v -= kick
        w = w + np.multiply(rate, v, out=kick)
        return w, v

    def pull_back(
        self,
        before: State,
        after: State,
        schedules: Schedules,
        adjoint: State,
        differentiate: Differentiate,
    ) -> PulledBack:
        """Algorithm 2, lines 7 to 13, in floating point."""
        (_, v), (_, v_after), (dw, dv) = before, after, adjoint
        rate, decay = schedules["learning_rates"], schedules["decays"]
        by_rate = dw * v_after
        dv = dv + rate * dw
        direction = 1 - decay
        direction *= dv
        gradient, product, theta_product = differentiate(direction)
        dw, by_theta = dw - product, -theta_product  # before their memory is used again
        by_decay = np.add(v, gradient, out=direction)
        by_decay *= dv
        dv *= decay
        return PulledBack((dw, dv), {"learning_rates": by_rate, "decays": by_decay}, by_theta)

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
        """The derivative of `step`: velocity first, then position."""
        (_, v), (_, v_after), (dw, dv) = before, after, moved
        further = _NOTHING
        if "decays" in moved_schedules:
            further = moved_schedules["decays"] * (v + gradient)
        _step(dw, dv, schedules, moved_gradient, further, (dw, dv))
        if "learning_rates" in moved_schedules:
            dw += moved_schedules["learning_rates"] * v_after

    def undo(
        self, after: State, schedules: Schedules, gradient: Callable[[Floats], Floats]
    ) -> State:
        """Position first, then velocity: dividing by γ makes every rounding error larger."""
        w, v = after
        rate, decay, kept = _in_the_format_of(w, schedules)
        w = w - rate * v
        return w, (v + kept * gradient(w)) / decay

    def dropped_bits(self, schedules: Schedules, groups: Sequence[ParameterGroup]) -> Floats:
        """(T,) log₂(1/γ) for every parameter: +∞ where γ = 0, after which nothing is left."""
        sizes = np.array([group.size for group in groups])
        decays = np.where(sizes > 0, round_decays(schedules["decays"]), 1.0)
        with np.errstate(divide="ignore"):
            bits = -np.log2(decays)
        is_lost = np.isinf(bits)
        return np.where(is_lost.any(axis=1), np.inf, np.where(is_lost, 0.0, bits) @ sizes)

    def exact(
        self,
        start: State,
        groups: Sequence[ParameterGroup],
        schedules: Schedules,
        team: int = 1,
        buffer_memory: int | None = None,
    ) -> ExactForm:
        """In fixed point, with an information buffer."""
        # Compiled, and so not loaded before something is trained.
        from engine.dynamics.exact_momentum_sgd import ExactMomentumSGD

        return ExactMomentumSGD(start, groups, schedules, team, buffer_memory)


def _step(
    w: Floats,
    v: Floats,
    schedules: Schedules,
    gradient: Floats,
    further: Floats,
    out: tuple[Floats, Floats],
) -> None:
    """A step in float64, or what it does to a tangent: it is linear but for the gradient."""
    from engine.kernels.momentum_sgd import step_in_floats  # compiled, as the exact form is

    rate, decay = schedules["learning_rates"], schedules["decays"]
    step_in_floats(w, v, rate, decay, gradient, further, *out)


def _in_the_format_of(w: Floats, schedules: Schedules) -> tuple[Floats, Floats, Floats]:
    """α, γ and 1 − γ in the floating-point format of w."""
    rate, decay = schedules["learning_rates"], schedules["decays"]
    kept = 1 - decay
    rate, decay, kept = (each.astype(w.dtype, copy=False) for each in (rate, decay, kept))
    return rate, decay, kept
