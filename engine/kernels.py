"""The compiled loops of the exact arithmetic and of momentum SGD.

All of them are in this one file because numba's cache follows single files: a kernel compiled from
an older version of a function it calls could undo other bits than a newer one has done.

They run without the interpreter lock. Nothing here checks its arguments; `engine.exact` and
`engine.dynamics` do.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

FRACTION_BITS = 52
"""Fractional bits of a fixed-point number; with 64 bits in all it ranges over ±2048."""

DECAY_BITS = 16
"""A decay γ is a fraction n/2¹⁶."""

SCALE = float(2**FRACTION_BITS)
"""The fixed-point number of 1.0."""

DENOMINATOR = 2**DECAY_BITS
_LIMIT = 2.0**63
_SMALLEST = np.int64(-(2**63))  # it has no positive counterpart


@njit(nogil=True, cache=True)
def increment(value, change):  # type: ignore[no-untyped-def]
    """Turn a float change (in units of the last bit) into an integer one.

    Returns:
        The integer, and whether ``value`` plus it stays in range (never so for a NaN).
    """
    fits = abs(change) < _LIMIT
    whole = np.int64(np.rint(change if fits else 0.0))
    total = np.int64(np.uint64(value) + np.uint64(whole))
    wrapped = ((value ^ total) & (whole ^ total)) < 0
    return whole, fits & (not wrapped) & (total != _SMALLEST)


class Exchange(NamedTuple):
    """How one multiplication by n/2¹⁶ trades digits with the information buffer.

    Attributes:
        numerator: n.
        bound: B, which all live digits are below before the multiplication.
        whole, rest: 2¹⁶ B = n · whole + rest: a run holds ``whole`` or ``whole + 1`` of the pairs.
        runs_per_pair: n / (2¹⁶ B).
        per_numerator, per_bound: 1/n and 1/B.
    """

    numerator: int
    bound: int
    whole: int
    rest: int
    runs_per_pair: float
    per_numerator: float
    per_bound: float


# The kernels guess quotients in floating point, a little low, so that a guess is right or one too
# small; the test that tells is compiled to a selection, and the loops to vector instructions.


@njit(nogil=True, cache=True)
def _run_start(run, exchange):  # type: ignore[no-untyped-def]
    """Where a run begins: ⌈run · 2¹⁶ B / n⌉.

    The fraction's numerator is below 2³² and its fractional part a multiple of 2⁻¹⁶ at least, so
    its float, less 2⁻²⁰, has the right ceiling.
    """
    shift = np.ceil(np.float64(run * exchange.rest) * exchange.per_numerator - 2.0**-20)
    return run * exchange.whole + np.int64(shift)


@njit(nogil=True, cache=True)
def multiply_one(value, digits, exchange):  # type: ignore[no-untyped-def]
    """Algorithm 3 on one number: ``value`` times n/2¹⁶; returns the new value and digits."""
    place = (value & (DENOMINATOR - 1)) * exchange.bound + digits
    guess = np.float64(place) * exchange.runs_per_pair - 2.0**-20
    run = np.int64(max(guess, 0.0))
    start = _run_start(run, exchange)
    following = _run_start(run + 1, exchange)
    is_low = following <= place
    run += np.int64(is_low)
    start = following if is_low else start
    return (value >> DECAY_BITS) * exchange.numerator + run, place - start


@njit(nogil=True, cache=True)
def divide_one(value, digits, exchange):  # type: ignore[no-untyped-def]
    """The exact inverse of `multiply_one`."""
    quotient, run = _floor_divide(value, exchange.numerator, exchange.per_numerator)
    place = _run_start(run, exchange) + digits
    remainder, digits = _floor_divide(place, exchange.bound, exchange.per_bound)
    return (quotient << DECAY_BITS) | remainder, digits


@njit(nogil=True, cache=True)
def _floor_divide(dividend, divisor, per_divisor):  # type: ignore[no-untyped-def]
    """Quotient and remainder, for quotients up to 2⁴⁸, whose float is off by less than 1/8."""
    quotient = np.int64(np.floor(np.float64(dividend) * per_divisor - 0.125))
    remainder = dividend - quotient * divisor
    is_low = remainder >= divisor
    return quotient + np.int64(is_low), remainder - (divisor if is_low else 0)


@njit(nogil=True, cache=True)
def multiply(values, digits, exchange):  # type: ignore[no-untyped-def]
    """Multiply a group's fixed-point values by γ; `multiply_one` for each."""
    for i in range(values.size):
        values[i], digits[i] = multiply_one(values[i], digits[i], exchange)


@njit(nogil=True, cache=True)
def divide(values, digits, exchange):  # type: ignore[no-untyped-def]
    """Undo `multiply`."""
    for i in range(values.size):
        values[i], digits[i] = divide_one(values[i], digits[i], exchange)


@njit(nogil=True, cache=True)
def add(values, changes, sign):  # type: ignore[no-untyped-def]
    """Add ``sign`` times floats; returns the first index whose sum would leave the range, or -1."""
    for i in range(values.size):
        change, fits = increment(values[i], sign * (changes[i] * SCALE))
        if not fits:
            return i
        values[i] += change
    return -1


@njit(nogil=True, cache=True)
def pack(digits, width, packed):  # type: ignore[no-untyped-def]
    """Write the low ``width`` bits of each number one after the other into zeroed bytes."""
    position = 0
    for value in digits:
        left = width
        while left > 0:
            offset = position & 7
            taken = min(8 - offset, left)
            packed[position >> 3] |= np.uint8((value & ((1 << taken) - 1)) << offset)
            value >>= taken
            position += taken
            left -= taken


@njit(nogil=True, cache=True)
def unpack(packed, width, digits):  # type: ignore[no-untyped-def]
    """Read what `pack` wrote."""
    position = 0
    for i in range(digits.size):
        value = np.int64(0)
        done = 0
        while done < width:
            offset = position & 7
            taken = min(8 - offset, width - done)
            value |= ((np.int64(packed[position >> 3]) >> offset) & ((1 << taken) - 1)) << done
            position += taken
            done += taken
        digits[i] = value


@njit(nogil=True, cache=True)
def step(position, velocity, digits, gradient, rate, exchange, values):  # type: ignore[no-untyped-def]
    """Take a training step of one group: v ← γ v − (1 − γ) g, then w ← w + α v.

    Returns:
        0; or 1 if the gradient is not finite, 2 if the velocity leaves the range, 3 if the position
        does. The state is then spoiled.
    """
    kept = 1.0 - exchange.numerator / DENOMINATOR
    all_fit = True
    for i in range(velocity.size):
        v, digits[i] = multiply_one(velocity[i], digits[i], exchange)
        kick, fits = increment(v, -(kept * gradient[i] * SCALE))
        velocity[i] = v + kick
        all_fit &= fits
    if not all_fit:
        return 2 if np.all(np.isfinite(gradient)) else 1
    for i in range(position.size):
        move, fits = increment(position[i], rate * np.float64(velocity[i]))
        position[i] += move
        values[i] = np.float64(position[i]) / SCALE
        all_fit &= fits
    return 0 if all_fit else 3


@njit(nogil=True, cache=True)
def undo_position(position, velocity, rate, numerator, dw, dv, values, direction):  # type: ignore[no-untyped-def]
    """Undo the position's half of `step`, and the adjoints' part that needs no gradient.

    Returns:
        The derivative by the learning rate.
    """
    kept = 1.0 - numerator / DENOMINATOR
    for i in range(position.size):
        position[i] -= np.int64(np.rint(rate * np.float64(velocity[i])))
        values[i] = np.float64(position[i]) / SCALE
    for i in range(position.size):
        dv[i] += rate * dw[i]
        direction[i] = kept * dv[i]
    return _dot_velocity(dw, velocity)


@njit(nogil=True, cache=True)
def undo_velocity(velocity, digits, gradient, exchange, product, dw, dv):  # type: ignore[no-untyped-def]
    """Undo the velocity's half of `step`, and the rest of the adjoints.

    Returns:
        The derivative by the decay.
    """
    decay = exchange.numerator / DENOMINATOR
    kept = 1.0 - decay
    for i in range(velocity.size):
        kick = np.int64(np.rint(-(kept * gradient[i] * SCALE)))
        velocity[i], digits[i] = divide_one(velocity[i] - kick, digits[i], exchange)
    d_decay = _dot_velocity(dv, velocity) + _dot(dv, gradient)
    for i in range(velocity.size):
        dw[i] -= product[i]
        dv[i] *= decay
    return d_decay


# Sums may be reordered, so that they too become vector instructions; the state may not.


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def _dot(a, b):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def _dot_velocity(a, velocity):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * np.float64(velocity[i])
    return total / SCALE
