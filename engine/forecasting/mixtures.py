"""A model of learning curves and what was observed, as the compiled sampler takes them."""

import math

import numpy as np

from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.models import Forecaster, Prior
from engine.forecasting.observations import Points
from engine.kernels.curves import Mixture, Observed, fill_curves


def mixture_of(model: Forecaster, horizon: int) -> Mixture:
    """The families of a model, and its priors, of curves that end at a horizon."""
    priors, starts = list[Prior](), [0]
    for name, told in model.families.items():
        priors += [told.get(parameter, Prior()) for parameter in FAMILIES[name].start]
        starts.append(len(priors))
    priors += [model.weight] * len(model.families) + [model.noise]
    table = [
        (p.low, p.high, p.mean - p.per_horizon * math.log(horizon), p.deviation, p.of_logarithm)
        for p in priors
    ]
    return Mixture(
        np.array([FAMILIES[name].number for name in model.families]),
        np.array(starts),
        np.ascontiguousarray(np.array(table, float).T),
        np.array(model.limits),
    )


def observed(model: Forecaster, points: Points, horizon: int) -> Observed:
    """What a model makes of points, of a curve that ends at a horizon."""
    n = len(points.x)
    recency = model.worth * model.recency ** (np.arange(1, n + 1) / n)
    return Observed(
        places(np.concatenate([points.x, [min(model.begins, horizon), horizon]])),
        points.y,
        points.counts * recency,
        points.scatters * recency,
    )


def places(x: Floats) -> Floats:
    """(3, m) epochs as kernels take them."""
    return np.stack([x, np.log(x), np.log1p(x)])


def curves(mixture: Mixture, thetas: Floats, x: Floats) -> Floats:
    """(S, m) the curves of (S, D) places of the posterior, at (m,) epochs."""
    filled = np.empty((len(thetas), len(x)))
    fill_curves(thetas, mixture, places(x), filled)
    return filled


def weights(mixture: Mixture, thetas: Floats) -> Floats:
    """(S, K) how much of each curve is which family's."""
    start = mixture.starts[-1]
    given = thetas[:, start : start + len(mixture.families)]
    shares: Floats = given / given.sum(1, keepdims=True)
    return shares


def noise(mixture: Mixture, thetas: Floats) -> Floats:
    """(S,) σ."""
    last = thetas[:, -1]
    return np.exp(last) if mixture.priors[-1, -1] else last
