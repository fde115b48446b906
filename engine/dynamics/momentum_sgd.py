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

from engine import kernels
from engine.errors import DivergedError
from engine.exact import Floats, InformationBuffer, Integers, to_fixed, to_float
from engine.groups import ParameterGroup

_REASONS = {
    1: "the gradient is not finite",
    2: "the velocity leaves ±2048",
    3: "the parameters leave ±2048",
}


class MomentumSGD:
    """The state of one training run: position and velocity in fixed point, and what γ dropped.

    Args:
        w0: (P,) initial elementary parameters.
        v0: (P,) initial velocity.
        groups: the G parameter groups.

    Attributes:
        position: (P,) fixed-point elementary parameters w.
        velocity: (P,) fixed-point velocity v.
        w: (P,) the elementary parameters as floats, in step with ``position``.
        buffers: one information buffer a group.

    Raises:
        DivergedError: the initial parameters or velocity are out of range already.

    """

    def __init__(self, w0: Floats, v0: Floats, groups: Sequence[ParameterGroup]) -> None:
        self.groups = tuple(groups)
        for group in self.groups:
            for values, reason in ((w0, _REASONS[3]), (v0, _REASONS[2])):
                if not np.all(np.abs(values[group.span]) < 2048):
                    raise DivergedError(0, group.name, reason)
        self.position: Integers = to_fixed(w0)
        self.velocity: Integers = to_fixed(v0)
        self.w = to_float(self.position)
        self.buffers = [InformationBuffer(group.size) for group in self.groups]

    @property
    def v(self) -> Floats:
        """(P,) the velocity as floats."""
        return to_float(self.velocity)

    @property
    def buffer_bytes(self) -> int:
        """Bytes of the information buffers, live digits counted as they would be packed."""
        return sum(buffer.packed_bytes for buffer in self.buffers)

    @property
    def working_bytes(self) -> int:
        """Bytes of the state and of the live digits: what is held whatever T is."""
        live = sum(buffer.live_bytes for buffer in self.buffers)
        return self.position.nbytes + self.velocity.nbytes + self.w.nbytes + live

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
        for index, (group, buffer) in enumerate(zip(self.groups, self.buffers, strict=True)):
            here = group.span
            digits, exchange = buffer.before_multiply(int(numerators[index]))
            failure = kernels.step(
                self.position[here],
                self.velocity[here],
                digits,
                gradient[here],
                rates[index],
                exchange,
                self.w[here],
            )
            if failure:
                raise DivergedError(iteration, group.name, _REASONS[failure])

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
        return np.array(
            [
                kernels.undo_position(
                    self.position[group.span],
                    self.velocity[group.span],
                    rates[index],
                    numerators[index],
                    dw[group.span],
                    dv[group.span],
                    self.w[group.span],
                    direction[group.span],
                )
                for index, group in enumerate(self.groups)
            ]
        )

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
        d_decays = np.empty(len(self.groups))
        for index, (group, buffer) in enumerate(zip(self.groups, self.buffers, strict=True)):
            here = group.span
            digits, exchange = buffer.before_divide(int(numerators[index]))
            d_decays[index] = kernels.undo_velocity(
                self.velocity[here],
                digits,
                gradient[here],
                exchange,
                product[here],
                dw[here],
                dv[here],
            )
            buffer.after_divide()
        return d_decays

    def turn_round(self) -> None:
        """Pack the information buffers to the bit: training is over, reversal about to begin."""
        for buffer in self.buffers:
            buffer.pack()
