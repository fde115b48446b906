"""The value at the horizon: a mixture of normal densities, reflected where values must end."""

import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats

_LOG_2PI = math.log(2 * math.pi)
_LEAST_ROOM = 2.0  # for surprises, in deviations of the noise


@dataclass(frozen=True, eq=False)
class Ending:
    """What the value at the horizon may be, on the scale that rises.

    Attributes:
        ends: (S,) of curves of the posterior.
        sigma: (S,) the noise of an observation.
        last: about the last value.
        bounds: of observations; noise is reflected there.
        drift: how far a curve may be from what its families say, as a part of the room above it.
        surprise: the share of chances that is anything from the last value up.
    """

    ends: Floats
    sigma: Floats
    last: float
    bounds: tuple[float, float]
    drift: float = 0.0
    surprise: float = 0.0

    @property
    def drifts(self) -> Floats:
        """(S,) the deviation of each end from what its families say."""
        return self.drift * np.maximum(1 - self.ends, 0)

    @property
    def deviations(self) -> Floats:
        """(S,) of an observation from its end: drift and noise."""
        return np.hypot(self.drifts, self.sigma)

    def surprises(self, chances: Floats) -> Floats:
        """Where surprising curves end, by chances that are uniform between 0 and 1."""
        low, high = self._room
        return low + (high - low) * chances

    def probability_above(self, y: float) -> float:
        """That the value is above y."""
        if y >= self.bounds[1]:
            return 0.0
        if y < self.bounds[0]:
            return 1.0
        below = _cumulative(_images(y, *self.bounds), self.ends, self.deviations)
        above = 1 - float(np.mean(below))
        if self.surprise:
            low, high = self._room
            may = np.clip((high - y) / (high - low), 0, 1)
            above = (1 - self.surprise) * above + self.surprise * float(may)
        return min(max(above, 0.0), 1.0)

    def log_density(self, y: float) -> float:
        """Of y; −∞ where it cannot be."""
        if not self.bounds[0] <= y <= self.bounds[1]:
            return -math.inf
        logs, deviations = [], self.deviations
        for image in _places(y, *self.bounds):
            z = (image - self.ends) / deviations
            logs.append(-0.5 * (z * z + _LOG_2PI) - np.log(deviations))
        every = np.concatenate(logs)
        top = float(every.max())
        density = top + math.log(float(np.exp(every - top).sum()) / len(self.ends))
        if not self.surprise:
            return density
        low, high = self._room
        uniform = 1 / (high - low) if low <= y <= high else 0.0
        return float(
            np.logaddexp(
                math.log1p(-self.surprise) + density,
                math.log(self.surprise * uniform) if uniform else -math.inf,
            )
        )

    @property
    def _room(self) -> tuple[float, float]:
        return min(self.last, 1 - _LEAST_ROOM * float(np.median(self.sigma))), 1.0


def reflected(y: Floats, low: float, high: float) -> Floats:
    """Values beyond a bound as far before it."""
    y = np.where(y > high, 2 * high - y, y) if math.isfinite(high) else y
    y = np.where(y < low, 2 * low - y, y) if math.isfinite(low) else y
    return np.clip(y, low, high)


def _places(y: float, low: float, high: float) -> list[float]:
    """Where noise would have to lead without bounds to be reflected to y."""
    found = [y]
    if math.isfinite(high):
        found.append(2 * high - y)
    if math.isfinite(low):
        found.append(2 * low - y)
    return found


def _images(y: float, low: float, high: float) -> list[tuple[float, float]]:
    """Stretches that are reflected into what is below y."""
    below = [(2 * low - y if math.isfinite(low) else -math.inf, y)]
    if math.isfinite(high):
        below.append((2 * high - y, math.inf if not math.isfinite(low) else 2 * high - low))
    return below


def _cumulative(stretches: list[tuple[float, float]], means: Floats, sigma: Floats) -> Floats:
    """(S,) the chance of all stretches together."""
    from scipy.special import ndtr

    total = np.zeros(len(means))
    for begin, end in stretches:
        total += ndtr((end - means) / sigma) - ndtr((begin - means) / sigma)
    return total
