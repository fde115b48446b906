"""Fixed-point numbers and the information buffer, one number at a time and in whole vectors.

Everything is written so that a compiler turns the loops into vector instructions, on processors
that lack some too: what is chosen is a selection and no branch; and no 64-bit integer is multiplied
by another, divided, or converted from or to a float by the instruction meant for it. Digits and
bounds of the information buffer are integers below 2⁴⁸, which floats hold and multiply exactly.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.compiling import helper, kernel
from engine.kernels.fixed_point import DECAY_BITS, DENOMINATOR, SCALE

_PER_SCALE = 1.0 / SCALE
_LIMIT = 2.0**63
_SMALLEST = np.int64(-(2**63))  # it has no positive counterpart

# A float of 1.5 · 2⁵² plus an integer below 2⁵¹ has that integer in its last bits.
_MIDDLE = 1.5 * 2.0**52
_MIDDLE_BITS = np.float64(_MIDDLE).view(np.int64)
_LOW_BITS = np.uint64(2**32 - 1)
_TWO_TO_52_BITS = np.float64(2.0**52).view(np.uint64)
_HIGH_ZERO = 2.0**84 + 2.0**63
_HIGH_ZERO_BITS = np.float64(_HIGH_ZERO).view(np.uint64)


@helper()
def small_float(integer):  # type: ignore[no-untyped-def]
    """The float of an integer whose size is below 2⁵¹."""
    return np.int64(integer + _MIDDLE_BITS).view(np.float64) - _MIDDLE


@helper()
def small_integer(number):  # type: ignore[no-untyped-def]
    """The integer nearest to a float whose size is below 2⁵¹."""
    return np.float64(number + _MIDDLE).view(np.int64) - _MIDDLE_BITS


@helper()
def as_float(integer):  # type: ignore[no-untyped-def]
    """The float nearest to any 64-bit integer: the high half exactly, and the low half added."""
    bits = np.uint64(integer)
    high = np.uint64((bits >> np.uint64(32)) ^ _HIGH_ZERO_BITS).view(np.float64)
    low = np.uint64((bits & _LOW_BITS) | _TWO_TO_52_BITS).view(np.float64)
    return (high - (_HIGH_ZERO + 2.0**52)) + low


@helper()
def nearest_integer(number):  # type: ignore[no-untyped-def]
    """The integer nearest to a float whose size is below 2⁶³, half-way to the even one."""
    high = number * 2.0**-32 + _MIDDLE
    low = number - (high - _MIDDLE) * 2.0**32
    whole = (np.float64(high).view(np.int64) - _MIDDLE_BITS) << np.int64(32)
    return whole + small_integer(low)


@kernel()
def increment(value, change):  # type: ignore[no-untyped-def]
    """Turn a float change (in units of the last bit) into an integer one.

    Returns:
        The integer, and whether ``value`` plus it stays in range (never so for a NaN).
    """
    fits = abs(change) < _LIMIT
    whole = nearest_integer(change if fits else 0.0)
    total = value + whole
    wrapped = ((value ^ total) & (whole ^ total)) < 0
    return whole, fits & (not wrapped) & (total != _SMALLEST)


@helper()
def in_units(value):  # type: ignore[no-untyped-def]
    """The float nearest to a fixed-point number."""
    return as_float(value) * _PER_SCALE


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
    bound: float
    whole: float
    rest: float
    runs_per_pair: float
    per_numerator: float
    per_bound: float


@kernel()
def make_exchange(numerator, bound):  # type: ignore[no-untyped-def]
    """The exchange of a multiplication by numerator/2¹⁶ with digits below ``bound``."""
    pairs = DENOMINATOR * bound
    whole = pairs // numerator
    rest = pairs - whole * numerator
    return Exchange(
        numerator,
        float(bound),
        float(whole),
        float(rest),
        numerator / pairs,
        1.0 / numerator,
        1.0 / bound,
    )


@kernel()
def grow(bounds, numerators):  # type: ignore[no-untyped-def]
    """The bounds (G,) of the groups' digits after a multiplication: B → ⌈2¹⁶ B / n⌉."""
    for g in range(bounds.size):
        bounds[g] = (DENOMINATOR * bounds[g] + numerators[g] - 1) // numerators[g]


@kernel()
def shrink(bounds, numerators):  # type: ignore[no-untyped-def]
    """The bounds before it again: ⌊B n / 2¹⁶⌋ undoes `grow`."""
    for g in range(bounds.size):
        bounds[g] = (bounds[g] * numerators[g]) >> DECAY_BITS


# Quotients are guessed a little low, so that a guess is right or one too small.


@helper()
def _run_start(run, exchange):  # type: ignore[no-untyped-def]
    """Where a run begins: ⌈run · 2¹⁶ B / n⌉.

    The fraction's numerator is below 2³² and its fractional part a multiple of 2⁻¹⁶ at least, so
    its float, less 2⁻²⁰, has the right ceiling.
    """
    return run * exchange.whole + np.ceil(run * exchange.rest * exchange.per_numerator - 2.0**-20)


@kernel()
def multiply_one(value, digits, exchange):  # type: ignore[no-untyped-def]
    """Algorithm 3 on one number: ``value`` times n/2¹⁶; returns the new value and digits."""
    remainder = small_float(value & np.int64(DENOMINATOR - 1))
    place = remainder * exchange.bound + digits
    guess = np.floor(place * exchange.runs_per_pair - 2.0**-20)
    run = guess if guess > 0.0 else 0.0
    start = _run_start(run, exchange)
    following = _run_start(run + 1.0, exchange)
    is_low = following <= place
    run = run + 1.0 if is_low else run
    start = following if is_low else start
    product = _times(value >> np.int64(DECAY_BITS), exchange.numerator)
    return product + small_integer(run), place - start


@kernel()
def divide_one(value, digits, exchange):  # type: ignore[no-untyped-def]
    """The exact inverse of `multiply_one`."""
    # the quotient's size is up to 2⁴⁷ and its float off by less than 1/8; rounding adds the half
    quotient = small_integer(as_float(value) * exchange.per_numerator - 0.625)
    run = small_float(value - _times(quotient, exchange.numerator))
    is_low = run >= exchange.numerator
    quotient += np.int64(is_low)
    run = run - exchange.numerator if is_low else run
    place = _run_start(run, exchange) + digits
    remainder = np.floor(place * exchange.per_bound - 0.125)
    digits = place - remainder * exchange.bound
    is_low = digits >= exchange.bound
    digits = digits - exchange.bound if is_low else digits
    remainder = remainder + 1.0 if is_low else remainder
    return (quotient << np.int64(DECAY_BITS)) + small_integer(remainder), digits


@helper()
def _times(integer, numerator):  # type: ignore[no-untyped-def]
    """An integer times one from 0 to 2¹⁶, in two products of halves."""
    few_bits = np.int64(numerator) & np.int64(2**32 - 1)
    return integer * few_bits


@kernel()
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


@kernel()
def divide(values, digits, spans, bounds, numerators):  # type: ignore[no-untyped-def]
    """Undo `multiply`; the bounds are those before the multiplication, as there."""
    for g in range(bounds.size):
        exchange = make_exchange(numerators[g], bounds[g])
        for i in range(spans[g, 0], spans[g, 1]):
            values[i], digits[i] = divide_one(values[i], digits[i], exchange)


@kernel()
def pack(digits, width, packed):  # type: ignore[no-untyped-def]
    """Write the low ``width`` bits of each number one after the other into zeroed bytes."""
    position = 0
    for number in digits:
        value = np.int64(number)
        left = width
        while left > 0:
            offset = position & 7
            taken = min(8 - offset, left)
            packed[position >> 3] |= np.uint8((value & ((1 << taken) - 1)) << offset)
            value >>= taken
            position += taken
            left -= taken


@kernel()
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
