"""Fixed-point numbers: 64-bit integers with 52 fractional bits, and decays as fractions n/2¹⁶."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Floats, Integers
from engine.kernels.fixed_point import DECAY_BITS, SCALE

LARGEST_VALUE: Final = 2048.0
"""Fixed-point numbers lie strictly between minus and plus this value."""

SMALLEST_DECAY: Final = 2.0**-DECAY_BITS
"""Decays are multiples of it; exact arithmetic cannot undo a multiplication by less."""

_STRETCH: Final = 2**16  # numbers that are compared at once, to need little room


def decay_numerators(decays: ArrayLike) -> Integers:
    """Round decays to the fractions n/2¹⁶ that the exact arithmetic multiplies by.

    Args:
        decays: any shape, each in (0, 1].

    Returns:
        The numerators n, of the same shape, from 1 to 65536.

    """
    rounded = np.rint(np.asarray(decays, dtype=np.float64) * 2**DECAY_BITS)
    numerators: Integers = np.clip(rounded, 1, 2**DECAY_BITS).astype(np.int64)
    return numerators


def round_decays(decays: ArrayLike) -> Floats:
    """The decays that training really uses: each, from 0 to 1, rounded to n/2¹⁶."""
    rounded: Floats = np.rint(np.asarray(decays, dtype=np.float64) * 2**DECAY_BITS)
    return rounded / float(2**DECAY_BITS)


def to_fixed(values: ArrayLike) -> Integers:
    """Convert floats to the nearest fixed-point numbers.

    Raises:
        OverflowError: a value is not finite or not strictly between ±2048.

    """
    floats = np.asarray(values, dtype=np.float64)
    if not np.all(np.abs(floats) < LARGEST_VALUE):
        raise OverflowError(f"fixed-point values must be finite and within ±{LARGEST_VALUE:g}")
    return np.rint(floats * SCALE).astype(np.int64)


def are_nearest(fixed: Integers, floats: Floats) -> bool:
    """Whether fixed-point numbers (P,) are the ones nearest to floats (P,).

    Raises:
        OverflowError: as `to_fixed`.

    """
    stretches = (slice(first, first + _STRETCH) for first in range(0, fixed.size, _STRETCH))
    return all(np.array_equal(fixed[some], to_fixed(floats[some])) for some in stretches)


def to_float(fixed: Integers) -> Floats:
    """Convert fixed point to the nearest floats."""
    return fixed / SCALE
