"""How fixed-point numbers and decays are laid out: constants, which need no compiler."""

FRACTION_BITS = 52
"""Fractional bits of a fixed-point number; with 64 bits in all it ranges over ±2048."""

DECAY_BITS = 16
"""A decay γ is a fraction n/2¹⁶."""

SCALE = float(2**FRACTION_BITS)
"""The fixed-point number of 1.0."""

DENOMINATOR = 2**DECAY_BITS
"""What the n of a decay is divided by."""
