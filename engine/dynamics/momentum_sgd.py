"""Stochastic gradient descent with momentum, in exact arithmetic: Algorithm 1, and its way back.

One training step is, group by group,

    v ← γ v − (1 − γ) g        w ← w + α v

with w and v in fixed point and the multiplication by γ made reversible by the information buffer.
The reverse step (Algorithm 2) restores w, then v, bit for bit, and moves the adjoints of the
objective with respect to w and v back by one iteration. The gradient at the restored w is needed
between the two halves, so the reverse step comes in two.
"""

from collections.abc import Sequence

import numpy as np

from engine.arithmetic.fixed_point import to_fixed, to_float
from engine.arithmetic.information_buffer import InformationBuffer
from engine.arrays import Floats, Integers
from engine.errors import DivergedError
from engine.groups import ParameterGroup
from engine.kernels import momentum_sgd as kernels
from engine.kernels import threads

_REASONS = {
    kernels.BAD_GRADIENT: "the gradient is not finite",
    kernels.VELOCITY_LEAVES: "the velocity leaves ±2048",
    kernels.POSITION_LEAVES: "the parameters leave ±2048",
}
_WORTH_A_PART = 8192  # parameters, about 30 µs of the way back


class MomentumSGD:
    """The state of one training run: position and velocity in fixed point, and what γ dropped.

    Args:
        w0: (P,) initial elementary parameters.
        v0: (P,) initial velocity.
        groups: the G parameter groups.
        team: threads that may share the work; results do not depend on it.
        buffer_memory: see `InformationBuffer`.

    Attributes:
        position: (P,) fixed-point elementary parameters w.
        velocity: (P,) fixed-point velocity v.
        w: (P,) the elementary parameters as floats, in step with ``position``.
        buffer: the information buffer.

    Raises:
        DivergedError: the initial parameters or velocity are out of range already.

    """

    def __init__(
        self,
        w0: Floats,
        v0: Floats,
        groups: Sequence[ParameterGroup],
        team: int = 1,
        buffer_memory: int | None = None,
    ) -> None:
        self.groups = tuple(groups)
        for group in self.groups:
            for values, failure in ((w0, kernels.POSITION_LEAVES), (v0, kernels.VELOCITY_LEAVES)):
                if not np.all(np.abs(values[group.span]) < 2048):
                    raise DivergedError(0, group.name, _REASONS[failure])
        self.position: Integers = to_fixed(w0)
        self.velocity: Integers = to_fixed(v0)
        self.w = to_float(self.position)
        spans = [(group.start, group.stop) for group in self.groups]
        self.buffer = InformationBuffer(spans, buffer_memory)
        self._parts = threads.count_parts(self.w.size, _WORTH_A_PART)
        self._team = min(team, self._parts)

    @property
    def v(self) -> Floats:
        """(P,) the velocity as floats."""
        return to_float(self.velocity)

    @property
    def buffer_bytes(self) -> int:
        """Bytes of the information buffer, live digits counted as they would be packed."""
        return self.buffer.packed_bytes

    @property
    def working_bytes(self) -> int:
        """Bytes of the state and of the live digits: what is held whatever T is."""
        state = self.position.nbytes + self.velocity.nbytes + self.w.nbytes
        return state + self.buffer.live_bytes

    def step(self, gradient: Floats, rates: Floats, numerators: Integers, iteration: int) -> None:
        """Take one training step.

        Args:
            gradient: (P,) ∇_w L at the current position.
            rates: (G,) learning rates α.
            numerators: (G,) decays γ in units of 2⁻¹⁶.
            iteration: t, for the message if the step cannot be taken.

        Raises:
            DivergedError: a value is not finite or leaves ±2048. The state is then spoiled.

        """
        digits, bounds = self.buffer.before_multiply()
        failures = threads.run(
            kernels.step,
            self._team,
            self._training(digits, bounds),
            gradient,
            rates,
            numerators,
        )
        self.buffer.after_multiply(numerators)
        if failures.any():
            group = int(failures.any(axis=0).argmax())
            reason = _REASONS[int(failures[failures[:, group] > 0, group].min())]
            raise DivergedError(iteration, self.groups[group].name, reason)

    def undo_position(
        self, rates: Floats, numerators: Integers, dw: Floats, dv: Floats, direction: Floats
    ) -> Floats:
        """First half of the reverse step: w_{t+1} → w_t, and what of the adjoint needs no gradient.

        Args:
            rates: (G,) the α that the step was taken with.
            numerators: (G,) its γ in units of 2⁻¹⁶.
            dw: (P,) adjoint of w_{t+1}.
            dv: (P,) adjoint of v_{t+1}; on return it has α dw added.
            direction: (P,) filled with (1 − γ) dv, which the second derivatives are to multiply.

        Returns:
            (G,) hypergradients of the learning rates of this iteration.

        """
        d_rates: Floats = threads.run(
            kernels.undo_position,
            self._team,
            self._training(*self.buffer.live),
            rates,
            numerators,
            dw,
            dv,
            direction,
        )
        return np.asarray(d_rates.sum(axis=0))

    def undo_velocity(
        self, gradient: Floats, numerators: Integers, product: Floats, dw: Floats, dv: Floats
    ) -> Floats:
        """Second half of the reverse step: v_{t+1} → v_t, and the rest of the adjoint.

        Args:
            gradient: (P,) ∇_w L at the restored position, the very bits of the forward pass.
            numerators: (G,) the step's γ in units of 2⁻¹⁶.
            product: (P,) ∇_w (g · direction).
            dw: (P,) becomes the adjoint of w_t.
            dv: (P,) becomes the adjoint of v_t.

        Returns:
            (G,) hypergradients of the decays of this iteration.

        """
        d_decays: Floats = threads.run(
            kernels.undo_velocity,
            self._team,
            self._training(*self.buffer.before_divide(numerators)),
            gradient,
            numerators,
            product,
            dw,
            dv,
        )
        self.buffer.after_divide()
        return np.asarray(d_decays.sum(axis=0))

    def _training(self, digits: Floats, bounds: Integers) -> kernels.Training:
        return kernels.Training(
            self.position, self.velocity, self.w, digits, self.buffer.spans, bounds, self._parts
        )

    def turn_round(self) -> None:
        """Pack the information buffer to the bit: training is over, reversal about to begin."""
        self.buffer.pack()
