"""What families of learning curves do not say: that a curve sets off late, or gets worse."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.forecasting.models import Forecaster
from engine.forecasting.observations import Points, lost_lately
from engine.forecasting.scales import Quantity

_THINS_OUT: Final = 1.3
"""The chance of going beyond y is the share of the stretch beyond y to this power."""

_LAST: Final = 3  # points whose mean is about where the curve is
_LEAST_ROOM: Final = 2.0  # to set off into, in deviations of the noise
_DEPTH: Final = 0.2
"""How far a curve falls at most; or twice what it has lost already, if that is more."""


@dataclass(frozen=True)
class Surprise:
    """A curve ends somewhere on a stretch, the less likely the farther along it.

    Attributes:
        share: of all chances.
        begin: of the stretch, about where the curve is.
        end: of the stretch: above, for a curve that sets off, or below, for one that gets worse.
    """

    share: float
    begin: float
    end: float

    def places(self, chances: Floats) -> Floats:
        """Where curves end, by chances that are uniform between 0 and 1."""
        left = np.asarray(chances) ** (1 / _THINS_OUT)
        return self.end + (self.begin - self.end) * left

    def above(self, y: float) -> float:
        """The chance of an end above y."""
        beyond = float(self._left(y) ** _THINS_OUT)
        return beyond if self.end > self.begin else 1 - beyond

    def density(self, y: float) -> float:
        """Of an end at y."""
        low, high = sorted((self.begin, self.end))
        if not low <= y <= high:
            return 0.0
        thinned = float(self._left(y) ** (_THINS_OUT - 1))
        return _THINS_OUT * thinned / (high - low)

    def _left(self, y: float) -> float:
        """Which part of the stretch is still ahead at y."""
        return min(max((self.end - y) / (self.end - self.begin), 0.0), 1.0)


def surprises_of(
    model: Forecaster,
    points: Points,
    sigma: Floats,
    quantity: Quantity,
    bounds: tuple[float, float],
) -> tuple[Surprise, ...]:
    """What a model holds possible besides its families.

    Args:
        model: what curves are like.
        points: what was observed, on the scale that rises to 1.
        sigma: (S,) the noise of an observation.
        quantity: what the curve is of: a loss may rise again where a network overfits.
        bounds: of observations. Without an upper one, how much room there is above says nothing.
    """
    return tuple(_surprises(model, points, sigma, quantity, bounds))


def _surprises(
    model: Forecaster,
    points: Points,
    sigma: Floats,
    quantity: Quantity,
    bounds: tuple[float, float],
) -> Iterator[Surprise]:
    last, lost = float(np.mean(points.y[-_LAST:])), lost_lately(points.y)
    room = min(max(1 - last, 0.0), 1.0) if math.isfinite(bounds[1]) else 0.0
    share = model.surprise + model.late * room
    if share:
        yield Surprise(share, min(last, 1 - _LEAST_ROOM * float(np.median(sigma))), 1.0)
    falls = model.falling if lost else model.overfits if quantity == "loss" else 0.0
    end = max(last - max(_DEPTH, 2 * lost), bounds[0])
    if falls and end < last:
        yield Surprise(falls, last, end)


def log_of(share: float) -> float:
    """ln, and −∞ of nothing."""
    return math.log(share) if share > 0 else -math.inf
