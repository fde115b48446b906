"""What forecasts are compared with: the last value, and the least-squares fit of one family."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm

from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.least_squares import Alone
from engine.forecasting.observations import observed_points

_LEAST: Final = 1e-3
_RECENT: Final = 10


@dataclass(frozen=True)
class Normal:
    """A forecast of the value at the horizon alone: a normal density.

    Attributes:
        end: its mean.
        deviation: its standard deviation.
    """

    end: float
    deviation: float

    def ends(self, level: float = 0.9) -> tuple[float, float]:
        """Of the band."""
        reach = norm.ppf((1 + level) / 2) * self.deviation
        return self.end - reach, self.end + reach

    def probability_above(self, best: float) -> float:
        """That the value is above another."""
        return float(norm.sf(best, self.end, self.deviation))

    def log_density(self, value: float) -> float:
        """Of a value."""
        return float(norm.logpdf(value, self.end, self.deviation))


def last_value(curve: Floats, horizon: int) -> Normal:
    """The curve stays where it is, with as much noise as there is from one epoch to the next."""
    steps = np.diff(curve[-_RECENT:])
    return Normal(float(curve[-1]), max(float(np.std(steps)), _LEAST))


def least_squares(curve: Floats, horizon: int) -> Normal:
    """The family with the best BIC, its uncertainty by the Jacobian (Laplace)."""
    points = observed_points(curve)
    n = len(points.x)
    best, found = np.inf, last_value(curve, horizon)
    ends = np.array([float(horizon)])
    for name in FAMILIES:
        alone = Alone(name)
        parameters = alone.fit(points)
        away = alone.curve(parameters, points.x) - points.y
        variance = max(float(np.mean(away**2)), _LEAST**2)
        bic = n * np.log(variance) + len(parameters) * np.log(n)
        end = float(alone.curve(parameters, ends)[0])
        if not np.isfinite(end) or bic >= best or len(parameters) >= n:
            continue
        jacobian, at_end = np.empty((n, len(parameters))), np.empty(len(parameters))
        for i in range(len(parameters)):
            step = 1e-5 * max(abs(parameters[i]), 1e-3)
            moved = parameters.copy()
            moved[i] += step
            jacobian[:, i] = (
                alone.curve(moved, points.x) - alone.curve(parameters, points.x)
            ) / step
            at_end[i] = (alone.curve(moved, ends)[0] - end) / step
        if not (np.isfinite(jacobian).all() and np.isfinite(at_end).all()):
            continue
        spread = at_end @ np.linalg.pinv(jacobian.T @ jacobian, hermitian=True) @ at_end
        noise = variance * n / (n - len(parameters))
        best = bic
        total = float(np.sqrt(noise * (1 + max(spread, 0.0))))
        found = Normal(min(max(end, 0.0), 1.0), min(total, 1.0))
    return found
