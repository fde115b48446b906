"""A vector in exact arithmetic that tests add to and multiply, and undo."""

import numpy as np

from engine.arithmetic.fixed_point import to_fixed, to_float
from engine.arithmetic.information_buffer import InformationBuffer
from engine.kernels.exact import increment
from engine.kernels.fixed_point import SCALE


class FixedVector:
    """Fixed-point numbers with an information buffer of their own.

    `subtract` undoes `add`, and `divide` undoes `multiply`. Sums are made as a training step makes
    them.
    """

    def __init__(self, values) -> None:
        self.bits = to_fixed(values)
        self.buffer = InformationBuffer([(0, self.bits.size)])

    def to_float(self):
        return to_float(self.bits)

    def add(self, changes, sign=1.0) -> None:
        """Raises OverflowError where a sum would leave the range."""
        with np.errstate(over="ignore"):  # what overflows is out of range
            in_units = np.asarray(changes) * SCALE
        for index, change in enumerate(in_units):
            whole, fits = increment(self.bits[index], sign * change)
            if not fits:
                raise OverflowError(f"element {index}")
            self.bits[index] += whole

    def subtract(self, changes) -> None:
        self.add(changes, -1.0)

    def multiply(self, numerator: int) -> None:
        self.buffer.multiply(self.bits, np.array([numerator]))

    def divide(self, numerator: int) -> None:
        self.buffer.divide(self.bits, np.array([numerator]))
