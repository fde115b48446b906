"""Stretches of exact SGD with momentum: many steps, or many undone, in one compiled call."""

import time
from typing import Any, NamedTuple

import numpy as np

from engine.arithmetic.information_buffer import LARGEST_BOUND, InformationBuffer
from engine.arrays import Floats, Integers
from engine.derivatives.stretches import Calls
from engine.dynamics.dynamics import Adjoint
from engine.dynamics.pace import Pace
from engine.kernels import momentum_sgd as kernels
from engine.kernels import stretches, threads
from engine.kernels.calls import address_of, room_for_call
from engine.kernels.examples import read_only


class Stretch(NamedTuple):
    """Steps that were taken, or undone, in one go.

    Attributes:
        buffer_bytes: (n,) of the information buffer after each, packed.
        has_diverged: whether the step after the last one could not be taken.
    """

    buffer_bytes: Integers
    has_diverged: bool = False


class MomentumStretches:
    """Stretches of one training run.

    Args:
        state: (P,) position and velocity in fixed point, and the position as floats.
        buffer: what γ drops.
        rates: (T, G) α.
        numerators: (T, G) γ in units of 2⁻¹⁶.
        direction: (P,) where that of second derivatives is.
        failures: (parts, G) where steps leave what went wrong.
        by_part: (2, parts, G) where derivatives by schedules are left.

    Attributes:
        forward_pace, reverse_pace: how many iterations a stretch may have.
    """

    def __init__(
        self,
        state: tuple[Integers, Integers, Floats],
        buffer: InformationBuffer,
        rates: Floats,
        numerators: Integers,
        direction: Floats,
        failures: Integers,
        by_part: Floats,
    ) -> None:
        self._state, self._buffer, self._direction = state, buffer, direction
        self._failures, self._by_part = failures, by_part
        _, parts, groups = by_part.shape
        self._course = stretches.Course(
            read_only(rates),
            read_only(numerators),
            np.empty(groups),
            np.empty(groups, np.int64),
            buffer.live[1],
            buffer.spans[:, 1] - buffer.spans[:, 0],
            parts,
        )
        self._now = tuple(
            _as_writable(now, of)
            for now, of in zip(self._course[2:4], (rates, numerators), strict=True)
        )
        self._about: tuple[Any, ...] = ()
        self._rooms = [room_for_call() for _ in range(2)]
        self.forward_pace, self.reverse_pace = Pace(), Pace()

    def take(self, calls: Calls, t: int) -> Stretch:
        """Take the steps from t on that derivatives are handed over for, or some of them.

        Raises:
            InputError: the buffer's file cannot be written.
        """
        digits, _ = self._buffer.before_multiply()
        if self._is_new(digits, calls.gradient):
            threads.run(
                kernels.step,
                1,
                self._training(digits),
                calls.gradient,
                *self._now,
                self._failures,
                self._rooms[0],
            )
        packed = np.empty(calls.count, np.int64)
        began = time.perf_counter()
        done, how = stretches.take(
            self._course,
            t,
            calls.addresses,
            address_of(self._rooms[0]),
            self._failures,
            LARGEST_BOUND,
            packed,
        )
        self.forward_pace.took(max(done, 1), time.perf_counter() - began)
        _refuse_what_is_broken(how)
        self._buffer.multiplied(done)
        calls.finish(done)
        packed += self._buffer.flushed_bytes
        return Stretch(packed[:done], how == stretches.DIVERGED)

    def undo(self, calls: Calls, t: int, adjoint: Adjoint) -> Stretch:
        """Undo the steps from t down that derivatives are handed over for."""
        self._buffer.unpack()
        digits, _ = self._buffer.live
        dw, dv = adjoint.state
        if self._is_new(digits, calls.gradient, calls.product, dw, dv):
            training = self._training(digits)
            threads.run(
                kernels.undo_position,
                1,
                training,
                *self._now,
                dw,
                dv,
                self._direction,
                self._by_part[0],
                self._rooms[0],
            )
            threads.run(
                kernels.undo_velocity,
                1,
                training,
                calls.gradient,
                self._now[1],
                calls.product,
                dw,
                dv,
                self._by_part[1],
                self._rooms[1],
            )
        count = min(calls.count, self._buffer.undoable)
        packed = np.empty(count, np.int64)
        by_iteration = np.empty((count, *self._by_part.shape))
        began = time.perf_counter()
        _, how = stretches.undo(
            self._course,
            t,
            calls.addresses,
            address_of(self._rooms[0]),
            address_of(self._rooms[1]),
            self._by_part,
            by_iteration,
            packed,
        )
        self.reverse_pace.took(count, time.perf_counter() - began)
        _refuse_what_is_broken(how)
        packed += self._buffer.flushed_bytes
        self._buffer.divided(count)
        packed[-1] = self._buffer.packed_bytes
        calls.finish(count)
        undone = slice(t + 1 - count, t + 1)
        by_group = by_iteration.sum(axis=2)[::-1]
        for kind, found in zip(("learning_rates", "decays"), (0, 1), strict=True):
            adjoint.schedules[kind][undone] = by_group[:, found]
        return Stretch(packed)

    def forget(self) -> None:
        """Let go of the arrays that calls are about."""
        self._about = ()

    def _training(self, digits: Floats) -> kernels.Training:
        parts, bounds = self._course.parts, self._course.bounds
        return kernels.Training(*self._state, digits, self._buffer.spans, bounds, parts)

    def _is_new(self, *about: Any) -> bool:
        """Whether calls are about other arrays than those that are kept."""
        kept, self._about = self._about, about
        return len(kept) != len(about) or any(
            old is not new for old, new in zip(kept, about, strict=True)
        )


def _as_writable(now: Any, of: Any) -> Any:
    """A view that can be written to if others can: so kernels are compiled for one type alone."""
    view = now.view()
    view.setflags(write=of.flags.writeable)
    return view


def _refuse_what_is_broken(how: int) -> None:
    if how == stretches.BROKEN:
        raise RuntimeError("a part of compiled work has failed")
