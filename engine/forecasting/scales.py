"""Curves on the scale that families of learning curves live on: rising, between 0 and 1."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from engine.arrays import Floats

Quantity: TypeAlias = Literal["accuracy", "loss"]


@dataclass(frozen=True)
class Scale:
    """y = (value − from) / (to − from); of a loss, what is less is more.

    Attributes:
        zero: the value that y = 0 stands for.
        one: the value that y = 1 stands for.
        bounds: of y, whatever is observed.
    """

    zero: float
    one: float
    bounds: tuple[float, float]

    @property
    def rises(self) -> bool:
        """Whether larger values are better."""
        return self.one > self.zero

    @property
    def size(self) -> float:
        """How many units of the curve's own y goes through."""
        return abs(self.one - self.zero)

    def to_scale(self, values: Floats) -> Floats:
        """Values of a curve as y."""
        return (np.asarray(values, float) - self.zero) / (self.one - self.zero)

    def back(self, y: Floats) -> Floats:
        """The y of `to_scale` as values."""
        return self.zero + (self.one - self.zero) * np.asarray(y, float)


def scale_of(values: Floats, quantity: Quantity) -> Scale:
    """The scale of a curve.

    An accuracy is on it as it stands. A loss of 0 or more becomes 1 − loss / highest, so that 1 is
    a loss of 0. One that falls below 0 has no such end: it is given as much room below the lowest
    value as there is between the highest and the lowest.

    Args:
        values: (n,) finite.
        quantity: what they are.
    """
    if quantity == "accuracy":
        return Scale(0.0, 1.0, (0.0, 1.0))
    high, low = float(values.max()), float(values.min())
    if low >= 0 and high > 0:
        return Scale(high, 0.0, (-np.inf, 1.0))
    spread = (high - low) or abs(high) or 1.0
    return Scale(high, low - spread, (-np.inf, np.inf))
