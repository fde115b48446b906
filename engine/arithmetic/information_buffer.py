"""The information buffer: the bits that multiplying by a decay would lose.

Algorithm 3 of Maclaurin, Duvenaud and Adams (2015). Multiplying an integer by γ = n/2¹⁶ < 1 loses
log₂(1/γ) bits. The information buffer keeps them: the remainder r that the division by 2¹⁶ drops
goes in as a digit in base 2¹⁶, and a digit m in base n comes out to fill the room that the
multiplication by n leaves. Undone in reverse order, every bit comes back.

Two things differ from the paper's own program. It keeps one arbitrarily long integer a parameter;
here each has one number, its *live digits*, below a *bound* that the whole group shares. (It is a
float, because vector instructions multiply those, and exact, because it stays below 2⁵².) Before
the bound could grow too large, the low 16 bits of all of them move to a stack (a *flush*). And the
paper takes m = buffer mod n, whose value has nothing to do with r, so the product is wrong in its
last 16 bits. Here the pairs (r, buffer) are laid out in the order of r and cut into n nearly equal
runs, m being the number of the run: the buffer's bound grows just the same, B → ⌈2¹⁶ B / n⌉, and
the product is right to its last bit.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arithmetic.stack import Stack
from engine.arrays import Floats, Integers
from engine.kernels import exact

_FLUSH_BITS = 16
LARGEST_BOUND: Final = 2**31
"""Of live digits before a multiplication: 2¹⁶ of them, as many pairs as it sorts, are below 2⁴⁸."""


class _Flush(NamedTuple):
    depth: int
    group: int
    bound: int


class InformationBuffer:
    """The bits that the decays of a parameter vector's groups have dropped so far (Algorithm 3).

    Args:
        spans: (G, 2) where each of the G groups begins and ends; together they are range(P).
        memory: bytes of flushed digits to keep in memory; what comes beyond goes to a temporary
            file. None: all of them.

    Attributes:
        spans: the same.
    """

    def __init__(self, spans: ArrayLike, memory: int | None = None) -> None:
        self.spans: Integers = np.array(spans, np.int64).reshape(-1, 2)
        self._size = int(self.spans.max(initial=0))
        self._sizes: list[int] = (self.spans[:, 1] - self.spans[:, 0]).tolist()
        self._digits = np.zeros(self._size)
        self._bounds = np.ones(len(self.spans), np.int64)
        self._depth = 0
        self._flushed: list[_Flush] = []
        self._flushed_digits = Stack(memory)
        self._packed: list[_Packed] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no multiplication is left to undo and every digit is back to zero."""
        return self._depth == 0 and not np.any(self._digits) and not self._flushed

    @property
    def live_bytes(self) -> int:
        """Bytes of the live digits as they are worked on; none while packed."""
        return self._digits.nbytes

    @property
    def packed_bytes(self) -> int:
        """Bytes that the buffer takes with its live digits packed to their bounds' width."""
        live = 0
        for size, bound in zip(self._sizes, self._bounds.tolist(), strict=True):
            live += (size * (bound - 1).bit_length() + 7) // 8
        return live + self._flushed_digits.nbytes

    @property
    def flushed_bytes(self) -> int:
        """Bytes of flushed digits, in memory or in a temporary file."""
        return self._flushed_digits.nbytes

    @property
    def file_bytes(self) -> int:
        """Bytes of the buffer that are in a temporary file."""
        return self._flushed_digits.file_bytes

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that the buffer holds at this moment, in memory or in its file."""
        packed = sum(packed.bits.nbytes for packed in self._packed or ())
        return packed + self.live_bytes + self._flushed_digits.nbytes

    @property
    def live(self) -> tuple[Floats, Integers]:
        """The live digits (P,), or none while packed; and their bounds (G,)."""
        return self._digits, self._bounds

    def multiply(self, values: Integers, numerators: Integers) -> None:
        """Multiply fixed-point ``values`` by numerators/2¹⁶ in place, keeping what is lost.

        Args:
            values: (P,).
            numerators: (G,) n, from 1 to 65536.
        """
        digits, bounds = self.before_multiply()
        exact.multiply(values, digits, self.spans, bounds, numerators)
        self.after_multiply(numerators)

    def divide(self, values: Integers, numerators: Integers) -> None:
        """Undo the last `multiply`, which must have had the same numerators."""
        digits, bounds = self.before_divide(numerators)
        exact.divide(values, digits, self.spans, bounds, numerators)
        self.after_divide()

    def before_multiply(self) -> tuple[Floats, Integers]:
        """Make room for one more digit.

        Raises:
            InputError: the buffer's file cannot be written.

        Returns:
            The live digits (P,) and their bounds (G,), for a kernel that then must multiply.
        """
        self.unpack()
        for group, bound in enumerate(self._bounds.tolist()):
            if bound > LARGEST_BOUND:
                self._flush(group)
        return self.live

    def after_multiply(self, numerators: Integers) -> None:
        """Tell the buffer that the digits have been multiplied."""
        exact.grow(self._bounds, numerators)
        self._depth += 1

    def multiplied(self, times: int) -> None:
        """Tell the buffer that the digits have been multiplied so often, and their bounds grown.

        `before_multiply` made room for the first time; before any of the others no bound was above
        `LARGEST_BOUND`.
        """
        self._depth += times

    @property
    def undoable(self) -> int:
        """How many multiplications can be undone before flushed digits have to come back."""
        return self._depth - (self._flushed[-1].depth if self._flushed else 0)

    def divided(self, times: int) -> None:
        """Tell the buffer that so many multiplications have been undone, and the bounds shrunk.

        They are at most as many as are `undoable`.
        """
        self._depth -= times
        self.after_divide()

    def before_divide(self, numerators: Integers) -> tuple[Floats, Integers]:
        """Find the bounds before the last multiplication.

        Returns:
            The live digits (P,) and those bounds (G,), for a kernel that then must divide.
        """
        if self._depth == 0:
            raise RuntimeError("the information buffer holds no multiplication to undo")
        self.unpack()
        exact.shrink(self._bounds, numerators)
        self._depth -= 1
        return self.live

    def after_divide(self) -> None:
        """Bring back what the multiplication now undone had flushed."""
        while self._flushed and self._flushed[-1].depth == self._depth:
            _, group, bound = self._flushed.pop()
            digits = self._digits_of(group)
            digits *= 2**_FLUSH_BITS
            digits += self._flushed_digits.pop()
            self._bounds[group] = bound

    def pack(self) -> None:
        """Squeeze live digits to the width of a group's largest, while training turns round."""
        if self._packed is None:
            self._packed = [_pack(self._digits_of(group)) for group in range(len(self.spans))]
            self._digits = np.zeros(0)

    def unpack(self) -> None:
        """Undo `pack`; nothing happens if the live digits are not packed."""
        if self._packed is not None:
            self._digits = np.zeros(self._size)
            for group, packed in enumerate(self._packed):
                exact.unpack(packed.bits, packed.width, self._digits_of(group))
            self._packed = None

    def _digits_of(self, group: int) -> Floats:
        begin, end = self.spans[group]
        return self._digits[begin:end]

    def _flush(self, group: int) -> None:
        digits, bound = self._digits_of(group), int(self._bounds[group])
        integers = digits.astype(np.int64)
        self._flushed_digits.push(integers.astype(np.uint16))
        self._flushed.append(_Flush(self._depth, group, bound))
        digits[:] = integers >> _FLUSH_BITS
        self._bounds[group] = ((bound - 1) >> _FLUSH_BITS) + 1


class _Packed(NamedTuple):
    width: int
    bits: NDArray[np.uint8]


def _pack(digits: Floats) -> _Packed:
    width = int(digits.max(initial=0.0)).bit_length()
    packed = np.zeros((digits.size * width + 7) // 8, np.uint8)
    exact.pack(digits, width, packed)
    return _Packed(width, packed)
