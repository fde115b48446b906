"""Exact arithmetic: fixed-point vectors and the information buffer.

Algorithm 3 of Maclaurin, Duvenaud and Adams (2015). Multiplying an integer by γ = n/2¹⁶ < 1 loses
log₂(1/γ) bits. The information buffer keeps them: what the division by 2¹⁶ drops is pushed into the
buffer as a digit in base 2¹⁶, and what the multiplication by n has room for is popped from it as a
digit in base n. Undone in reverse order, every bit comes back.

The paper keeps one arbitrarily long integer a parameter. Here each parameter has a 64-bit number,
its *live digits*; whenever one of a group's numbers might outgrow its 64 bits, the low halves of
all of them are moved to a stack in one go (a *flush*), and come back when the step that caused
the flush has been undone.
"""

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

FRACTION_BITS = 52
"""Fractional bits of a fixed-point number; with 64 bits in all it ranges over ±2048."""

DECAY_BITS = 16
"""A decay γ is a fraction n/2¹⁶."""

LARGEST_VALUE = 2048.0
"""Fixed-point numbers lie strictly between minus and plus this value."""

SCALE = float(2**FRACTION_BITS)
"""The fixed-point number of 1.0."""

_LIMIT = 2.0**63
_LOW_DIGIT = 2**DECAY_BITS - 1
_ROOM = 64 - DECAY_BITS  # live digits below 2**_ROOM can take one more push
_FLUSH_BITS = 32

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


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
    """The decays that training really uses: each rounded to n/2¹⁶."""
    return decay_numerators(decays) / float(2**DECAY_BITS)


def to_fixed(values: ArrayLike) -> Integers:
    """Convert floats to the nearest fixed-point numbers.

    Raises:
        OverflowError: a value is not finite or not strictly between ±2048.

    """
    floats = np.asarray(values, dtype=np.float64)
    if not np.all(np.abs(floats) < LARGEST_VALUE):
        raise OverflowError(f"fixed-point values must be finite and within ±{LARGEST_VALUE:g}")
    return np.rint(floats * SCALE).astype(np.int64)


def to_float(fixed: Integers) -> Floats:
    """Convert fixed point to the nearest floats."""
    return fixed / SCALE


@njit(nogil=True, cache=True)
def increment(value, change):  # type: ignore[no-untyped-def]
    """Turn a float change (in units of the last bit) into an integer one.

    Returns:
        The integer, and whether ``value`` plus it stays in range (never so for a NaN).

    """
    fits = abs(change) < _LIMIT and abs(np.float64(value) + change) < _LIMIT
    return (np.int64(np.rint(change)) if fits else np.int64(0)), fits


@njit(nogil=True, cache=True, error_model="numpy")
def multiply_one(value, digits, numerator):  # type: ignore[no-untyped-def]
    """Algorithm 3 on one number: ``value`` times n/2¹⁶; returns the new value and digits."""
    digits = (digits << np.uint64(DECAY_BITS)) | np.uint64(value & _LOW_DIGIT)
    base = np.uint64(numerator)
    rest = digits // base
    popped = digits - rest * base
    return (value >> DECAY_BITS) * numerator + np.int64(popped), rest


@njit(nogil=True, cache=True, error_model="numpy")
def divide_one(value, digits, numerator):  # type: ignore[no-untyped-def]
    """The exact inverse of `multiply_one`."""
    quotient = value // numerator
    digits = digits * np.uint64(numerator) + np.uint64(value - quotient * numerator)
    value = (quotient << DECAY_BITS) | np.int64(digits & np.uint64(_LOW_DIGIT))
    return value, digits >> np.uint64(DECAY_BITS)


@njit(nogil=True, cache=True)
def _multiply(values, digits, numerator):  # type: ignore[no-untyped-def]
    largest = np.uint64(0)
    for i in range(values.size):
        values[i], digits[i] = multiply_one(values[i], digits[i], numerator)
        largest = max(largest, digits[i])
    return largest


@njit(nogil=True, cache=True)
def _divide(values, digits, numerator):  # type: ignore[no-untyped-def]
    largest = np.uint64(0)
    for i in range(values.size):
        values[i], digits[i] = divide_one(values[i], digits[i], numerator)
        largest = max(largest, digits[i])
    return largest


@njit(nogil=True, cache=True)
def _add(values, changes, sign):  # type: ignore[no-untyped-def]
    for i in range(values.size):
        change, fits = increment(values[i], sign * (changes[i] * SCALE))
        if not fits:
            return i
        values[i] += change
    return -1


@njit(nogil=True, cache=True)
def _pack(digits, width, packed):  # type: ignore[no-untyped-def]
    position = 0
    for i in range(digits.size):
        value = digits[i]
        left = width
        while left > 0:
            offset = position & 7
            taken = min(8 - offset, left)
            low = value & np.uint64((1 << taken) - 1)
            packed[position >> 3] |= np.uint8(low << np.uint64(offset))
            value >>= np.uint64(taken)
            position += taken
            left -= taken


@njit(nogil=True, cache=True)
def _unpack(packed, width, digits):  # type: ignore[no-untyped-def]
    position = 0
    for i in range(digits.size):
        value = np.uint64(0)
        done = 0
        while done < width:
            offset = position & 7
            taken = min(8 - offset, width - done)
            low = (np.int64(packed[position >> 3]) >> offset) & ((1 << taken) - 1)
            value |= np.uint64(low) << np.uint64(done)
            position += taken
            done += taken
        digits[i] = value


class InformationBuffer:
    """The bits that the decays of one parameter group have dropped so far (Algorithm 3).

    Args:
        size: number of parameters in the group; may be zero.

    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._digits = np.zeros(size, np.uint64)
        self._largest = 0
        self._depth = 0
        self._flushed: list[tuple[int, NDArray[np.uint32]]] = []
        self._packed: NDArray[np.uint8] | None = None

    @property
    def depth(self) -> int:
        """Number of multiplications that have not been undone."""
        return self._depth

    @property
    def is_empty(self) -> bool:
        """Whether no multiplication is left to undo and every digit is back to zero."""
        return self._depth == 0 and self._largest == 0 and not self._flushed

    @property
    def live_bytes(self) -> int:
        """Bytes of the live digits as they are worked on; none while packed."""
        return self._digits.nbytes

    @property
    def packed_bytes(self) -> int:
        """Bytes that the buffer takes with its live digits packed to their largest one's width."""
        live = (self._size * self._width + 7) // 8
        return live + sum(chunk.nbytes for _, chunk in self._flushed)

    @property
    def _width(self) -> int:
        return self._largest.bit_length()

    def multiply(self, values: Integers, numerator: int) -> None:
        """Multiply fixed-point ``values`` by numerator/2¹⁶ in place, keeping what is lost."""
        digits = self.before_multiply()
        self.after_multiply(int(_multiply(values, digits, numerator)))

    def divide(self, values: Integers, numerator: int) -> None:
        """Undo the last `multiply`, which must have had the same numerator."""
        digits = self.before_divide()
        self.after_divide(int(_divide(values, digits, numerator)))

    def before_multiply(self) -> NDArray[np.uint64]:
        """Make room for one more push; returns the live digits for a kernel to multiply with."""
        self.unpack()
        if self._largest >> _ROOM:
            self._flushed.append((self._depth, self._digits.astype(np.uint32)))
            self._digits >>= np.uint64(_FLUSH_BITS)
        self._depth += 1
        return self._digits

    def after_multiply(self, largest: int) -> None:
        """Take note of the largest live digits that the kernel left."""
        self._largest = largest

    def before_divide(self) -> NDArray[np.uint64]:
        """The live digits for a kernel to divide with."""
        if self._depth == 0:
            raise RuntimeError("the information buffer holds no multiplication to undo")
        self.unpack()
        return self._digits

    def after_divide(self, largest: int) -> None:
        """Bring back what the step now undone had flushed."""
        self._depth -= 1
        self._largest = largest
        if self._flushed and self._flushed[-1][0] == self._depth:
            _, chunk = self._flushed.pop()
            self._digits <<= np.uint64(_FLUSH_BITS)
            self._digits |= chunk
            self._largest = int(self._digits.max(initial=0))

    def pack(self) -> None:
        """Squeeze the live digits to the bit: what is kept while training turns round."""
        if self._packed is None:
            self._packed = np.zeros((self._size * self._width + 7) // 8, np.uint8)
            _pack(self._digits, self._width, self._packed)
            self._digits = np.zeros(0, np.uint64)

    def unpack(self) -> None:
        """Undo `pack`; nothing happens if the live digits are not packed."""
        if self._packed is not None:
            self._digits = np.zeros(self._size, np.uint64)
            _unpack(self._packed, self._width, self._digits)
            self._packed = None

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that the buffer holds at this moment."""
        packed = 0 if self._packed is None else self._packed.nbytes
        return packed + self.live_bytes + sum(chunk.nbytes for _, chunk in self._flushed)


class FixedPoint:
    """A vector of fixed-point numbers, with an information buffer of its own.

    Every operation has an exact inverse: `subtract` undoes `add`, and `divide` undoes `multiply`.

    Args:
        values: floats strictly between ±2048, any shape of one dimension.

    Raises:
        OverflowError: a value is out of range.

    """

    def __init__(self, values: ArrayLike) -> None:
        self.bits = to_fixed(values)
        self.buffer = InformationBuffer(self.bits.size)

    def to_float(self) -> Floats:
        """The nearest floats."""
        return to_float(self.bits)

    def add(self, changes: Floats) -> None:
        """Add floats, each rounded to the nearest fixed-point number.

        Raises:
            OverflowError: a sum would leave ±2048 or is not a number; numbers before it are
                already changed.

        """
        self._change(changes, 1.0)

    def subtract(self, changes: Floats) -> None:
        """Undo `add` of the same floats."""
        self._change(changes, -1.0)

    def multiply(self, numerator: int) -> None:
        """Multiply by numerator/2¹⁶, from 1/65536 to 1."""
        self.buffer.multiply(self.bits, numerator)

    def divide(self, numerator: int) -> None:
        """Undo `multiply` by the same numerator."""
        self.buffer.divide(self.bits, numerator)

    def _change(self, changes: Floats, sign: float) -> None:
        failed = _add(self.bits, np.asarray(changes, np.float64), sign)
        if failed >= 0:
            raise OverflowError(f"element {failed} would leave ±{LARGEST_VALUE:g}")
