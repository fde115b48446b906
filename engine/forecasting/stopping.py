"""When to stop what a learning curve is of (Domhan, Springenberg and Hutter 2015, section 3.2)."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from engine.arrays import Floats


class Judged(Protocol):
    """What a rule asks of a forecast."""

    @property
    def points(self) -> int:
        """How many values of the curve it was made from."""

    @property
    def mean(self) -> Floats:
        """Of the curve; the last one is at the horizon."""

    @property
    def std(self) -> Floats:
        """Its deviation."""

    def probability_better(self, best: float) -> float:
        """That the value at the horizon is better than another."""


class Verdict(NamedTuple):
    """What a rule says of a curve.

    Attributes:
        stop: whether to stop.
        probability: that the value at the horizon is better than the best; 1 without a best.
        predicted: the mean of the value at the horizon.
        std: its standard deviation.
    """

    stop: bool
    probability: float
    predicted: float
    std: float


class Rule(NamedTuple):
    """Stops what has been unlikely to beat the best for a while.

    Attributes:
        threshold: probabilities below it count as unlikely.
        patience: forecasts in a row that have to say so.
        least: points of the curve, before which nothing is stopped.
    """

    threshold: float = 0.05
    patience: int = 2
    least: int = 10

    def verdict(self, forecasts: Sequence[Judged], best: float | None) -> Verdict:
        """Judge a curve by its forecasts so far, at least one, of which the last is the newest."""
        last = forecasts[-1]
        mean, std = float(last.mean[-1]), float(last.std[-1])
        if best is None:
            return Verdict(False, 1.0, mean, std)
        recent = [one.probability_better(best) for one in forecasts[-self.patience :]]
        is_long = len(recent) == self.patience and last.points >= self.least
        stop = is_long and all(chance < self.threshold for chance in recent)
        return Verdict(stop, recent[-1], mean, std)
