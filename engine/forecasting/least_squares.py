"""Where the faithful sampler starts: each family fitted to the curve by itself (Domhan et al.)."""

import warnings
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.mixtures import mixture_of, places, recency_of
from engine.forecasting.models import Forecaster, Prior
from engine.forecasting.observations import Points
from engine.kernels.curves import Mixture, fill_curves

_LEAST_NOISE = 1e-4
_MOST = 2000  # evaluations


def start_of(model: Forecaster, points: Points, horizon: int) -> tuple[Forecaster, Floats]:
    """Which families take part, and where their walkers start.

    As in the program that was published with the paper, a family takes part if its fit goes on to
    a possible value at the horizon. If none does, those take part, from their usual values, that
    are possible there.

    Returns:
        The model with the families that take part; and (D,) the fit of each, equal weights, and
        the deviation from that.
    """
    weighs = recency_of(model, len(points.x))
    alone = {name: Alone(name) for name in model.families}
    fits = {name: one.fit(points, weighs) for name, one in alone.items()}
    usual = {name: np.array([*FAMILIES[name].start.values()]) for name in alone}
    edges = np.array([float(min(model.begins, horizon)), float(horizon)])
    found = _possible(model, alone, fits, edges) or _possible(model, alone, usual, edges)
    curves = [alone[name].curve(parameters, points.x) for name, parameters in found.items()]
    sigma = max(float(np.std(points.y - np.mean(curves, axis=0))), _LEAST_NOISE)
    taking_part = replace(model, families={name: model.families[name] for name in found})
    return taking_part, np.concatenate([*found.values(), [1.0] * len(found), [sigma]])


def _possible(
    model: Forecaster, alone: Mapping[str, "Alone"], parameters: Mapping[str, Floats], edges: Floats
) -> dict[str, Floats]:
    """The parameters of the families that end at a possible value, no lower than they begin."""
    _, least, most = model.limits
    found = {}
    for name, values in parameters.items():
        begins, ends = alone[name].curve(values, edges)
        if begins <= ends and least <= ends <= most:  # neither is NaN
            found[name] = values
    return found


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

    def fit(self, points: Points, weighs: Floats | None = None) -> Floats:
        """The parameters with the least squares; the usual ones if that leads nowhere.

        Args:
            points: what was observed.
            weighs: (n,) how much each point counts; None: all the same.
        """
        from scipy.optimize import least_squares

        start = np.array([*self._family.start.values()])
        root = np.sqrt(points.counts if weighs is None else points.counts * weighs)

        def residuals(parameters: Floats) -> Floats:
            away = root * (self.curve(parameters, points.x) - points.y)
            return np.nan_to_num(away, nan=1e3, posinf=1e3, neginf=-1e3)

        method = "lm" if len(points.x) >= len(start) else "trf"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: Floats = least_squares(residuals, start, method=method, max_nfev=_MOST).x
        return found if np.isfinite(self.curve(found, points.x)).all() else start
