"""A curve of a run that goes on, as far as it is: what a prediction of its end starts from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.arrays import Floats

Quantity: TypeAlias = Literal["accuracy", "loss"]

MOST_PLACES: Final = 100
"""Of a curve that is predicted; each is the mean over a stretch where there would be more."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve that goes on.

    Attributes:
        of: what it is a curve of: the very same object for as long as the same curve grows.
        line: the name of the line of the plot that it goes on from.
        count: in how many of its places it is measured so far, the first ones.
        places: (horizon,) where on the x axis each place stands, rising.
        reached: up to where on the x axis something is measured.
        end: what its last place is called, as in "meta-iteration 50".
        quantity: a "loss", less of which is better, or an "accuracy".
        measured: gives the (count,) values; NaN where one is not known.
    """

    of: object
    line: str
    count: int
    places: Floats
    reached: float
    end: str
    quantity: Quantity
    measured: Callable[[], Floats]

    @property
    def horizon(self) -> int:
        """In how many places it will be measured."""
        return len(self.places)

    @property
    def best(self) -> float:
        """The best of what is measured; NaN where nothing is."""
        values = self.measured()
        known = values[np.isfinite(values)]
        if not known.size:
            return float("nan")
        return float(known.min() if self.quantity == "loss" else known.max())

    def is_earlier(self, later: "Curve") -> bool:
        """Whether the other is the same curve, now or later on, to the same end."""
        same = self.of is later.of and self.line == later.line
        return same and self.horizon == later.horizon and self.count <= later.count
