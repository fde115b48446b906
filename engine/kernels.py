"""The compiled loops of the exact arithmetic and of momentum SGD.

All of them are in this one file because numba's cache follows single files: a kernel compiled from
an older version of a function it calls could undo other bits than a newer one has done.

They run without the interpreter lock. Nothing here checks its arguments; `engine.exact` and
`engine.dynamics` do.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

FRACTION_BITS = 52
"""Fractional bits of a fixed-point number; with 64 bits in all it ranges over ±2048."""

DECAY_BITS = 16
"""A decay γ is a fraction n/2¹⁶."""

SCALE = float(2**FRACTION_BITS)
"""The fixed-point number of 1.0."""

DENOMINATOR = 2**DECAY_BITS
_LIMIT = 2.0**63
_SMALLEST = np.int64(-(2**63))  # it has no positive counterpart

INSIDE: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Options of what only other kernels call: without them it takes longer to compile."""

helper: Callable[..., Any] = njit(**INSIDE)
"""Compiles such a function; Python must not call it."""


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


@njit(nogil=True, cache=True)
def make_exchange(numerator, bound):  # type: ignore[no-untyped-def]
    """The exchange of a multiplication by numerator/2¹⁶ with digits below ``bound``."""
    pairs = DENOMINATOR * bound
    whole = pairs // numerator
    rest = pairs - whole * numerator
    return Exchange(numerator, bound, whole, rest, numerator / pairs, 1.0 / numerator, 1.0 / bound)


@njit(nogil=True, cache=True)
def grow(bounds, numerators):  # type: ignore[no-untyped-def]
    """The bounds (G,) of the groups' digits after a multiplication: B → ⌈2¹⁶ B / n⌉."""
    for g in range(bounds.size):
        bounds[g] = (DENOMINATOR * bounds[g] + numerators[g] - 1) // numerators[g]


@njit(nogil=True, cache=True)
def shrink(bounds, numerators):  # type: ignore[no-untyped-def]
    """The bounds before it again: ⌊B n / 2¹⁶⌋ undoes `grow`."""
    for g in range(bounds.size):
        bounds[g] = (bounds[g] * numerators[g]) >> DECAY_BITS


# The kernels guess quotients in floating point, a little low, so that a guess is right or one too
# small; the test that tells is compiled to a selection, and the loops to vector instructions.


@helper
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


@helper
def _floor_divide(dividend, divisor, per_divisor):  # type: ignore[no-untyped-def]
    """Quotient and remainder, for quotients up to 2⁴⁸, whose float is off by less than 1/8."""
    quotient = np.int64(np.floor(np.float64(dividend) * per_divisor - 0.125))
    remainder = dividend - quotient * divisor
    is_low = remainder >= divisor
    return quotient + np.int64(is_low), remainder - (divisor if is_low else 0)


@njit(nogil=True, cache=True)
def multiply(values, digits, spans, bounds, numerators):  # type: ignore[no-untyped-def]
    """Multiply fixed-point values by their groups' γ; `multiply_one` for each.

    Args:
        values: (P,) changed.
        digits: (P,) live digits, changed.
        spans: (G, 2) where each group begins and ends.
        bounds: (G,) of the digits before the multiplication.
        numerators: (G,).
    """
    for g in range(bounds.size):
        exchange = make_exchange(numerators[g], bounds[g])
        for i in range(spans[g, 0], spans[g, 1]):
            values[i], digits[i] = multiply_one(values[i], digits[i], exchange)


@njit(nogil=True, cache=True)
def divide(values, digits, spans, bounds, numerators):  # type: ignore[no-untyped-def]
    """Undo `multiply`; the bounds are those before the multiplication, as there."""
    for g in range(bounds.size):
        exchange = make_exchange(numerators[g], bounds[g])
        for i in range(spans[g, 0], spans[g, 1]):
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


class Training(NamedTuple):
    """A training run's state, for the kernels.

    Attributes:
        position, velocity: (P,) w and v in fixed point.
        values: (P,) w as floats.
        digits: (P,) live digits of the information buffer.
        spans: (G, 2) where each group begins and ends.
        bounds: (G,) of the live digits before the multiplication to do or to undo.
        parts: how many parts the parameters are worked through in, perhaps side by side.
    """

    position: np.ndarray
    velocity: np.ndarray
    values: np.ndarray
    digits: np.ndarray
    spans: np.ndarray
    bounds: np.ndarray
    parts: int


FITS, BAD_GRADIENT, VELOCITY_LEAVES, POSITION_LEAVES = 0, 1, 2, 3


@njit(nogil=True, cache=True)
def step(training, gradient, rates, numerators, team):  # type: ignore[no-untyped-def]
    """Take a training step: v ← γ v − (1 − γ) g, then w ← w + α v.

    Args:
        training: a `Training`.
        gradient: (P,).
        rates: (G,) α.
        numerators: (G,) γ in units of 2⁻¹⁶.
        team: how many of numba's threads to use; bits do not depend on it.

    Returns:
        (parts, G) FITS, or what went wrong with a group; the state is then spoiled.
    """
    failures = np.zeros((training.parts, rates.size), np.int64)
    if team > 1:
        _step_side_by_side(training, gradient, rates, numerators, failures)
    else:
        for part in range(training.parts):
            _step_part(training, gradient, rates, numerators, part, failures)
    return failures


@njit(parallel=True, **INSIDE)
def _step_side_by_side(training, gradient, rates, numerators, failures):  # type: ignore[no-untyped-def]
    for part in prange(training.parts):
        _step_part(training, gradient, rates, numerators, np.int64(part), failures)


@njit(nogil=True, cache=True)
def undo_position(training, rates, numerators, dw, dv, direction, team):  # type: ignore[no-untyped-def]
    """Undo the position's half of `step`, and the adjoints' part that needs no gradient.

    Args:
        training: a `Training`.
        rates: as in the step.
        numerators: as in the step.
        dw: (P,) adjoint of w.
        dv: (P,) adjoint of v; has α dw added.
        direction: (P,) filled with (1 − γ) dv.
        team: see `step`.

    Returns:
        (parts, G) the derivatives by the learning rates, to be summed over parts.
    """
    d_rates = np.zeros((training.parts, rates.size))
    if team > 1:
        _undo_position_side_by_side(training, rates, numerators, dw, dv, direction, d_rates)
    else:
        for part in range(training.parts):
            _undo_position_part(training, rates, numerators, dw, dv, direction, part, d_rates)
    return d_rates


@njit(parallel=True, **INSIDE)
def _undo_position_side_by_side(training, rates, numerators, dw, dv, direction, d_rates):  # type: ignore[no-untyped-def]
    for part in prange(training.parts):
        _undo_position_part(training, rates, numerators, dw, dv, direction, np.int64(part), d_rates)


@njit(nogil=True, cache=True)
def undo_velocity(training, gradient, numerators, product, dw, dv, team):  # type: ignore[no-untyped-def]
    """Undo the velocity's half of `step`, and the rest of the adjoints.

    Args:
        training: a `Training`.
        gradient: (P,) the very bits that the step had.
        numerators: as in the step.
        product: (P,) second derivatives times the direction.
        dw: (P,) becomes the adjoint of w before the step.
        dv: (P,) becomes the adjoint of v before the step.
        team: see `step`.

    Returns:
        (parts, G) the derivatives by the decays, to be summed over parts.
    """
    d_decays = np.zeros((training.parts, numerators.size))
    if team > 1:
        _undo_velocity_side_by_side(training, gradient, numerators, product, dw, dv, d_decays)
    else:
        for part in range(training.parts):
            _undo_velocity_part(training, gradient, numerators, product, dw, dv, part, d_decays)
    return d_decays


@njit(parallel=True, **INSIDE)
def _undo_velocity_side_by_side(training, gradient, numerators, product, dw, dv, d_decays):  # type: ignore[no-untyped-def]
    for part in prange(training.parts):
        _undo_velocity_part(
            training, gradient, numerators, product, dw, dv, np.int64(part), d_decays
        )


@helper
def _span(training, part, group):  # type: ignore[no-untyped-def]
    """Where a part's share of a group begins and ends."""
    size = training.position.size
    begin = max(size * part // training.parts, training.spans[group, 0])
    end = min(size * (part + 1) // training.parts, training.spans[group, 1])
    return begin, max(begin, end)


@helper
def _step_part(training, gradient, rates, numerators, part, failures):  # type: ignore[no-untyped-def]
    for group in range(rates.size):
        begin, end = _span(training, part, group)
        failures[part, group] = _step_span(
            training.position[begin:end],
            training.velocity[begin:end],
            training.values[begin:end],
            training.digits[begin:end],
            gradient[begin:end],
            rates[group],
            make_exchange(numerators[group], training.bounds[group]),
        )


@helper
def _step_span(position, velocity, values, digits, gradient, rate, exchange):  # type: ignore[no-untyped-def]
    kept = 1.0 - exchange.numerator / DENOMINATOR
    all_fit = True
    for i in range(velocity.size):
        v, digits[i] = multiply_one(velocity[i], digits[i], exchange)
        kick, fits = increment(v, -(kept * gradient[i] * SCALE))
        velocity[i] = v + kick
        all_fit &= fits
    if not all_fit:
        return VELOCITY_LEAVES if np.all(np.isfinite(gradient)) else BAD_GRADIENT
    for i in range(position.size):
        move, fits = increment(position[i], rate * np.float64(velocity[i]))
        position[i] += move
        values[i] = np.float64(position[i]) / SCALE
        all_fit &= fits
    return FITS if all_fit else POSITION_LEAVES


@helper
def _undo_position_part(training, rates, numerators, dw, dv, direction, part, d_rates):  # type: ignore[no-untyped-def]
    for group in range(rates.size):
        begin, end = _span(training, part, group)
        d_rates[part, group] = _undo_position_span(
            training.position[begin:end],
            training.velocity[begin:end],
            training.values[begin:end],
            rates[group],
            numerators[group],
            dw[begin:end],
            dv[begin:end],
            direction[begin:end],
        )


@helper
def _undo_position_span(position, velocity, values, rate, numerator, dw, dv, direction):  # type: ignore[no-untyped-def]
    kept = 1.0 - numerator / DENOMINATOR
    for i in range(position.size):
        position[i] -= np.int64(np.rint(rate * np.float64(velocity[i])))
        values[i] = np.float64(position[i]) / SCALE
    for i in range(position.size):
        dv[i] += rate * dw[i]
        direction[i] = kept * dv[i]
    return _dot_velocity(dw, velocity)


@helper
def _undo_velocity_part(training, gradient, numerators, product, dw, dv, part, d_decays):  # type: ignore[no-untyped-def]
    for group in range(numerators.size):
        begin, end = _span(training, part, group)
        d_decays[part, group] = _undo_velocity_span(
            training.velocity[begin:end],
            training.digits[begin:end],
            gradient[begin:end],
            make_exchange(numerators[group], training.bounds[group]),
            product[begin:end],
            dw[begin:end],
            dv[begin:end],
        )


@helper
def _undo_velocity_span(velocity, digits, gradient, exchange, product, dw, dv):  # type: ignore[no-untyped-def]
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


@njit(fastmath={"reassoc"}, **INSIDE)
def _dot(a, b):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@njit(fastmath={"reassoc"}, **INSIDE)
def _dot_velocity(a, velocity):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * np.float64(velocity[i])
    return total / SCALE
