"""The value at the horizon: a mixture of normal densities, reflected where values must end."""

import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.forecasting.surprises import Surprise, log_of

_LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True, eq=False)
class Ending:
    """What the value at the horizon may be, on the scale that rises.

    Attributes:
        ends: (S,) of curves of the posterior.
        sigma: (S,) the noise of an observation.
        bounds: of observations; noise is reflected there.
        drift: how far a curve may be from what its families say, as a part of the room above it.
        surprises: what curves may do besides.
    """

    ends: Floats
    sigma: Floats
    bounds: tuple[float, float]
    drift: float = 0.0
    surprises: tuple[Surprise, ...] = ()

    @property
    def drifts(self) -> Floats:
        """(S,) the deviation of each end from what its families say."""
        return self.drift * np.maximum(1 - self.ends, 0)

    @property
    def deviations(self) -> Floats:
        """(S,) of an observation from its end: drift and noise."""
        return np.hypot(self.drifts, self.sigma)

    @property
    def expected(self) -> float:
        """The share of chances that are no surprise."""
        return 1 - sum(each.share for each in self.surprises)

    def probability_above(self, y: float) -> float:
        """That the value is above y."""
        if y >= self.bounds[1]:
            return 0.0
        if y < self.bounds[0]:
            return 1.0
        below = _cumulative(_images(y, *self.bounds), self.ends, self.deviations)
        above = 1 - float(np.mean(below))
        if self.surprises:
            surprising = sum(each.share * each.above(y) for each in self.surprises)
            above = self.expected * above + surprising
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
        if not self.surprises:
            return density
        surprising = sum(each.share * each.density(y) for each in self.surprises)
        return float(np.logaddexp(math.log(self.expected) + density, log_of(surprising)))


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
