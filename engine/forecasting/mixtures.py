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
    priors, starts = [*model.shared.values()], [0]
    places = {name: number for number, name in enumerate(model.shared)}
    ties = list[tuple[int, int, float]]()
    for name, told in model.families.items():
        family = FAMILIES[name]
        for parameter in family.start:
            if model.shared and parameter in family.anchored:
                of, scale = family.anchored[parameter]
                first, _, second = of.partition(" − ")
                ties.append((places[first], places.get(second, -1), scale))
            else:
                ties.append((len(priors), -1, 1.0))
                priors.append(told.get(parameter, Prior()))
        starts.append(len(ties))
    for prior in [model.weight] * len(model.families) + [model.noise]:
        ties.append((len(priors), -1, 1.0))
        priors.append(prior)
    sources, minus, scales = zip(*ties, strict=True)
    table = [
        (p.low, p.high, p.mean - p.per_horizon * math.log(horizon), p.deviation, p.of_logarithm)
        for p in priors
    ]
    return Mixture(
        np.array([FAMILIES[name].number for name in model.families]),
        np.array(starts),
        np.array(sources),
        np.array(minus),
        np.array(scales),
        np.ascontiguousarray(np.array(table, float).T),
        np.array(model.limits),
        model.apart,
    )


def observed(model: Forecaster, points: Points, horizon: int) -> Observed:
    """What a model makes of points, of a curve that ends at a horizon."""
    recency = model.worth * recency_of(model, len(points.x))
    every = places(np.concatenate([points.x, [min(model.begins, horizon), horizon]]))
    return Observed(
        every,
        np.ascontiguousarray(every[:, -2:]),
        points.y,
        points.counts * recency,
        points.scatters * recency,
    )


def recency_of(model: Forecaster, n: int) -> Floats:
    """(n,) what each of so many points weighs."""
    weighs: Floats = model.recency ** (np.arange(1, n + 1) / n)
    return weighs


def places(x: Floats) -> Floats:
    """(3, m) epochs as kernels take them."""
    return np.stack([x, np.log(x), np.log1p(x)])


def curves(mixture: Mixture, thetas: Floats, x: Floats) -> Floats:
    """(S, m) the curves of (S, D) places of the posterior, at (m,) epochs."""
    filled = np.empty((len(thetas), len(x)))
    fill_curves(thetas, mixture, places(x), filled)
    return filled


def weights_of(mixture: Mixture) -> slice:
    """Where in θ the weights are: before its last entry, σ."""
    last = mixture.priors.shape[1] - 1
    return slice(last - len(mixture.families), last)


def weights(mixture: Mixture, thetas: Floats) -> Floats:
    """(S, K) how much of each curve is which family's."""
    given = thetas[:, weights_of(mixture)]
    shares: Floats = given / given.sum(1, keepdims=True)
    return shares


def noise(mixture: Mixture, thetas: Floats) -> Floats:
    """(S,) σ."""
    last = thetas[:, -1]
    return np.exp(last) if mixture.priors[-1, -1] else last
