"""Where the faithful sampler starts: each family fitted to the curve by itself (Domhan et al.)."""

import warnings

import numpy as np

from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.mixtures import mixture_of, places
from engine.forecasting.models import Forecaster, Prior
from engine.forecasting.observations import Points
from engine.kernels.curves import Mixture, fill_curves

_LEAST_NOISE = 1e-4
_POOR = 1e-3  # a weight of a family that does not end within the limits


def start_of(model: Forecaster, points: Points, horizon: int) -> Floats:
    """(D,) the least-squares fit of every family, equal weights, and the deviation from that.

    A family whose fit does not go on to a possible value at the horizon begins with hardly any
    weight, and at its usual values.
    """
    parameters, weights, fitted = list[Floats](), list[float](), list[Floats]()
    for name in model.families:
        alone = Alone(name)
        found = alone.fit(points)
        ends = alone.curve(found, np.array([float(model.begins), float(horizon)]))
        is_possible = bool(np.isfinite(ends).all()) and ends[0] <= ends[1] and 0 <= ends[1] <= 1
        parameters.append(found)
        weights.append(1.0 if is_possible else _POOR)
        fitted.append(alone.curve(found, points.x))
    shares = np.array(weights) / sum(weights)
    away = points.y - np.nan_to_num(shares @ np.array(fitted))
    sigma = max(float(np.sqrt(np.mean(away**2))), _LEAST_NOISE)
    return np.concatenate([*parameters, weights, [sigma]])


def usual_start(model: Forecaster, points: Points) -> Floats:
    """(D,) the usual values of every family, which rise, and equal weights."""
    values = [value for name in model.families for value in FAMILIES[name].start.values()]
    sigma = max(float(np.std(points.y)), _LEAST_NOISE)
    return np.array([*values, *[1.0] * len(model.families), sigma])


class Alone:
    """A family by itself."""

    def __init__(self, name: str) -> None:
        self._family = FAMILIES[name]
        one = Forecaster(
            "", "", "", {name: {}}, weight=Prior(), noise=Prior(), limits=(0.0, 0.0, 1.0)
        )
        self._mixture: Mixture = mixture_of(one, 1)

    def curve(self, parameters: Floats, x: Floats) -> Floats:
        """(m,) at (m,) epochs."""
        filled = np.empty((1, len(x)))
        theta = np.concatenate([parameters, [1.0, 1.0]])
        fill_curves(theta[None], self._mixture, places(x), filled)
        alone: Floats = filled[0]
        return alone

    def fit(self, points: Points) -> Floats:
        """The parameters with the least squares; the usual ones if that leads nowhere."""
        from scipy.optimize import least_squares

        start = np.array([*self._family.start.values()])
        root = np.sqrt(points.counts)

        def residuals(parameters: Floats) -> Floats:
            away = root * (self.curve(parameters, points.x) - points.y)
            return np.nan_to_num(away, nan=1e3, posinf=1e3, neginf=-1e3)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: Floats = least_squares(residuals, start, max_nfev=400).x
        return found if np.isfinite(self.curve(found, points.x)).all() else start
