"""SGD with momentum in exact arithmetic: Algorithm 1, and its reversal, Algorithm 2.

One training step is, group by group,

    v ← γ v − (1 − γ) g        w ← w + α v

with w and v in fixed point and the multiplication by γ made reversible by the information buffer.
The reverse step restores w, evaluates the gradient there again, restores v, bit for bit, and
carries the adjoints of the objective with respect to w and v back by one iteration.
"""

from collections.abc import Sequence

import numpy as np

from engine.arithmetic.fixed_point import are_nearest, decay_numerators, to_fixed, to_float
from engine.arithmetic.information_buffer import InformationBuffer
from engine.arrays import Floats, Integers
from engine.derivatives.oracle import TrainingOracle
from engine.derivatives.stretches import TellsCalls
from engine.dynamics.dynamics import Adjoint, Schedules, State
from engine.dynamics.momentum_stretches import MomentumStretches
from engine.dynamics.stretches import Taken
from engine.errors import DivergedError
from engine.groups import ParameterGroup
from engine.kernels import momentum_sgd as kernels
from engine.kernels import threads
from engine.kernels.calls import NOT_KEPT

_REASONS = {
    kernels.BAD_GRADIENT: "the gradient is not finite",
    kernels.VELOCITY_LEAVES: "the velocity leaves ±2048",
    kernels.POSITION_LEAVES: "the parameters leave ±2048",
}
_WORTH_A_PART = 8192  # parameters, about 30 µs of the reverse pass


class ExactMomentumSGD:
    """One training run: position and velocity in fixed point, and what γ dropped; an `ExactForm`.

    Args:
        start: (P,) initial elementary parameters and velocity.
        groups: the G parameter groups.
        schedules: (T, G) learning rates and decays.
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
        start: State,
        groups: Sequence[ParameterGroup],
        schedules: Schedules,
        team: int = 1,
        buffer_memory: int | None = None,
    ) -> None:
        w0, v0 = start
        self._groups = tuple(groups)
        for group in self._groups:
            for values, failure in ((w0, kernels.POSITION_LEAVES), (v0, kernels.VELOCITY_LEAVES)):
                if not np.all(np.abs(values[group.span]) < 2048):
                    raise DivergedError(0, group.name, _REASONS[failure])
        self._rates = schedules["learning_rates"]
        self._numerators = decay_numerators(schedules["decays"])
        self.position: Integers = to_fixed(w0)
        self.velocity: Integers = to_fixed(v0)
        self.w = to_float(self.position)
        spans = [(group.start, group.stop) for group in self._groups]
        self.buffer = InformationBuffer(spans, buffer_memory)
        self._direction = np.empty_like(self.w)
        self._parts = threads.count_parts(self.w.size, _WORTH_A_PART)
        self._team = min(team, self._parts)
        self._by_part = np.zeros((2, self._parts, len(self._groups)))
        self._failures = np.zeros((self._parts, len(self._groups)), np.int64)
        self._stretches = MomentumStretches(
            (self.position, self.velocity, self.w),
            self.buffer,
            self._rates,
            self._numerators,
            self._direction,
            self._failures,
            self._by_part,
        )
        self._failed: DivergedError | None = None

    @property
    def state(self) -> State:
        """Position and velocity as floats, copies."""
        return self.w.copy(), to_float(self.velocity)

    @property
    def buffer_bytes(self) -> int:
        """Bytes of the information buffer, live digits counted as they would be packed."""
        return self.buffer.packed_bytes

    @property
    def kept_bytes(self) -> int:
        """Bytes of the information buffer as it is held."""
        return self.buffer.nbytes

    @property
    def file_bytes(self) -> int:
        """How many of them are in a temporary file."""
        return self.buffer.file_bytes

    @property
    def working_bytes(self) -> int:
        """Bytes of the state, of the direction of second derivatives, and of the live digits."""
        arrays = (self.position, self.velocity, self.w, self._direction)
        return sum(array.nbytes for array in arrays) + self.buffer.live_bytes

    def step(self, oracle: TrainingOracle, t: int) -> float:
        """Take training step t.

        Returns:
            The training loss where the step began.

        Raises:
            DivergedError: a value is not finite or leaves ±2048. The state is then spoiled.
        """
        loss, gradient = oracle.gradient(self.w, t)
        threads.run(
            kernels.step,
            self._team,
            self._training(*self.buffer.before_multiply()),
            gradient,
            self._rates[t],
            self._numerators[t],
            self._failures,
            NOT_KEPT,
        )
        self.buffer.after_multiply(self._numerators[t])
        if self._failures.any():
            raise self._failure(t)
        return loss

    def _failure(self, t: int) -> DivergedError:
        failures = self._failures
        group = int(failures.any(axis=0).argmax())
        reason = _REASONS[int(failures[failures[:, group] > 0, group].min())]
        return DivergedError(t, self._groups[group].name, reason)

    def steps(self, oracle: TrainingOracle, t: int, stop: int) -> Taken:
        """Take training steps from t on; see `engine.dynamics.stretches.TakesStretches`."""
        if self._failed is not None:
            raise self._failed
        if self._team == 1 and isinstance(oracle, TellsCalls):
            pace = self._stretches.forward_pace
            calls = oracle.forward_calls(self.w, range(t, min(stop, t + pace.most)))
            if calls is not None:
                buffer_bytes, has_diverged = self._stretches.take(calls, t)
                done = len(buffer_bytes)
                if has_diverged:
                    self._failed = self._failure(t + done)
                    if not done:
                        raise self._failed
                return Taken(calls.losses[:done].copy(), buffer_bytes)
        loss = self.step(oracle, t)
        return Taken(np.array([loss]), np.array([self.buffer_bytes]))

    def undo_steps(self, oracle: TrainingOracle, t: int, adjoint: Adjoint) -> Integers:
        """Undo training steps from t down; see `engine.dynamics.stretches.TakesStretches`."""
        if self._team == 1 and isinstance(oracle, TellsCalls):
            pace = self._stretches.reverse_pace
            down = range(t, max(-1, t - pace.most), -1)
            calls = oracle.reverse_calls(self.w, down, self._direction, adjoint.theta)
            if calls is not None:
                return self._stretches.undo(calls, t, adjoint).buffer_bytes
        self.undo(oracle, t, adjoint)
        return np.array([self.buffer_bytes])

    def undo(self, oracle: TrainingOracle, t: int, adjoint: Adjoint | None = None) -> None:
        """Undo training step t, bit for bit; with an adjoint, carry that back through it, too."""
        if adjoint is None:
            unused = np.zeros((2, self.w.size))
            self._undo_position(t, *unused)
            _, gradient = oracle.gradient(self.w, t)
            self._undo_velocity(t, gradient, self._direction, *unused)
            return
        dw, dv = adjoint.state
        adjoint.schedules["learning_rates"][t] = self._undo_position(t, dw, dv)
        gradient, product, by_theta = oracle.gradient_and_products(self.w, t, self._direction)
        adjoint.schedules["decays"][t] = self._undo_velocity(t, gradient, product, dw, dv)
        adjoint.theta -= by_theta

    def turn_round(self) -> None:
        """Pack the information buffer to the bit: training is over, reversal about to begin."""
        self._stretches.forget()
        self.buffer.pack()

    def is_at(self, start: State) -> bool:
        """Whether every bit is that of a start, and the buffer is empty."""
        w0, v0 = start
        return (
            are_nearest(self.position, w0)
            and are_nearest(self.velocity, v0)
            and self.buffer.is_empty
        )

    def _undo_position(self, t: int, dw: Floats, dv: Floats) -> Floats:
        """w_{t+1} → w_t, and what of the adjoint needs no gradient.

        Args:
            t: training iteration.
            dw: (P,) adjoint of w_{t+1}.
            dv: (P,) adjoint of v_{t+1}; on return it has α dw added.

        Returns:
            (G,) hypergradients of the learning rates of this iteration. The direction that second
            derivatives are to multiply, (1 − γ) dv, is then in place.
        """
        d_rates, _ = self._by_part
        threads.run(
            kernels.undo_position,
            self._team,
            self._training(*self.buffer.live),
            self._rates[t],
            self._numerators[t],
            dw,
            dv,
            self._direction,
            d_rates,
            NOT_KEPT,
        )
        return np.asarray(d_rates.sum(axis=0))

    def _undo_velocity(
        self, t: int, gradient: Floats, product: Floats, dw: Floats, dv: Floats
    ) -> Floats:
        """v_{t+1} → v_t, and the rest of the adjoint.

        Args:
            t: training iteration.
            gradient: (P,) ∇_w L at the restored position, the very bits of the forward pass.
            product: (P,) ∇_w (g · direction).
            dw: (P,) becomes the adjoint of w_t.
            dv: (P,) becomes the adjoint of v_t.

        Returns:
            (G,) hypergradients of the decays of this iteration.
        """
        _, d_decays = self._by_part
        threads.run(
            kernels.undo_velocity,
            self._team,
            self._training(*self.buffer.before_divide(self._numerators[t])),
            gradient,
            self._numerators[t],
            product,
            dw,
            dv,
            d_decays,
            NOT_KEPT,
        )
        self.buffer.after_divide()
        return np.asarray(d_decays.sum(axis=0))

    def _training(self, digits: Floats, bounds: Integers) -> kernels.Training:
        return kernels.Training(
            self.position, self.velocity, self.w, digits, self.buffer.spans, bounds, self._parts
        )
