"""Stretches of training: many iterations, forwards or back, without a word with Python in between.

What an iteration takes is handed over as kept calls (see `engine.kernels.calls`): how derivatives
are found, and how a step is taken or undone. So these loops are compiled once, whatever the losses
and their precision, and what they compute has the same bits as the same calls one by one.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import copy
from engine.kernels.calls import call_kept
from engine.kernels.compiling import helper, kernel
from engine.kernels.exact import grow, shrink

FINE, DIVERGED, BROKEN = range(3)  # how a stretch ended


class Course(NamedTuple):
    """What a training run goes by.

    Attributes:
        rates: (T, G) α.
        numerators: (T, G) γ in units of 2⁻¹⁶.
        rates_now, numerators_now: (G,) of the iteration at hand, where kept calls look for them.
        bounds: (G,) of the live digits.
        sizes: (G,) of the groups.
        parts: in how many parts the parameters are worked through.
    """

    rates: np.ndarray
    numerators: np.ndarray
    rates_now: np.ndarray
    numerators_now: np.ndarray
    bounds: np.ndarray
    sizes: np.ndarray
    parts: int


@kernel()
def take(course, first, derivatives, step, failures, most, packed):  # type: ignore[no-untyped-def]
    """Take training steps, until live digits have to be flushed.

    Args:
        course: a `Course`.
        first: the first iteration.
        derivatives: (m,) addresses of kept calls, done in this order with an iteration's number,
            counted from ``first``.
        step: that of `engine.kernels.momentum_sgd.step`.
        failures: (parts, G) as it fills them.
        most: the largest bound that digits may have before a step.
        packed: (n,) filled with the bytes of live digits after each of n iterations; as they would
            be packed.

    Returns:
        How many steps were taken, and how that ended: if not FINE, the next one failed.
    """
    for k in range(packed.size):
        if _is_full(course.bounds, most):
            return k, FINE
        _turn_to(course, first + k)
        if _do_all(derivatives, k) or _do_parts(step, course.parts):
            return k, BROKEN
        grow(course.bounds, course.numerators_now)
        if _has_failed(failures):
            return k, DIVERGED
        packed[k] = _packed_bytes(course)
    return packed.size, FINE


@kernel()
def undo(course, last, derivatives, position, velocity, found, by_iteration, packed):  # type: ignore[no-untyped-def]
    """Undo training steps, and carry the adjoint back through them.

    Args:
        course: a `Course`.
        last: the iteration to undo first.
        derivatives: as in `take`; numbers are counted back from ``last``.
        position: the kept call of `engine.kernels.momentum_sgd.undo_position`.
        velocity: that of `undo_velocity`.
        found: (2, parts, G) where those leave derivatives by learning rates, and by decays.
        by_iteration: (n, 2, parts, G) filled with those of each iteration.
        packed: (n,) filled with bytes as in `take`.

    Returns:
        How many steps were undone, and FINE or BROKEN.
    """
    for k in range(packed.size):
        _turn_to(course, last - k)
        if _do_parts(position, course.parts) or _do_all(derivatives, k):
            return k, BROKEN
        shrink(course.bounds, course.numerators_now)
        if _do_parts(velocity, course.parts):
            return k, BROKEN
        copy(by_iteration[k].ravel(), found.ravel())
        packed[k] = _packed_bytes(course)
    return packed.size, FINE


@helper()
def _turn_to(course, t):  # type: ignore[no-untyped-def]
    copy(course.rates_now, course.rates[t])
    copy(course.numerators_now, course.numerators[t])


@helper()
def _is_full(bounds, most):  # type: ignore[no-untyped-def]
    full = False
    for bound in bounds:
        full |= bound > most
    return full


@helper()
def _has_failed(failures):  # type: ignore[no-untyped-def]
    failed = False
    for part in range(failures.shape[0]):
        for group in range(failures.shape[1]):
            failed |= failures[part, group] != 0
    return failed


@helper()
def _do_all(calls, number):  # type: ignore[no-untyped-def]
    failed = False
    for place in range(calls.size):
        failed |= call_kept(calls[place], number)
    return failed


@helper()
def _do_parts(address, parts):  # type: ignore[no-untyped-def]
    failed = False
    for part in range(parts):
        failed |= call_kept(address, part)
    return failed


@helper()
def _packed_bytes(course):  # type: ignore[no-untyped-def]
    """What `InformationBuffer.packed_bytes` says of live digits."""
    total = 0
    for group in range(course.sizes.size):
        width, left = 0, course.bounds[group] - 1
        while left:
            left >>= 1
            width += 1
        total += (course.sizes[group] * width + 7) // 8
    return total
