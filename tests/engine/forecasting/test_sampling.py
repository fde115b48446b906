"""The sampler finds the posterior: a Gaussian, one integrated on a grid, and a far start."""

from dataclasses import replace

import numpy as np
import pytest

from engine.arrays import Floats
from engine.forecasting.mixtures import curves, mixture_of, noise, observed
from engine.forecasting.models import FORECASTERS, Forecaster, Prior
from engine.forecasting.observations import Points, observed_points
from engine.forecasting.sampling import posterior
from engine.kernels.curves import Mixture, Observed, judge_places, move_ensemble
from engine.randomness import generator

_ILOG2 = Forecaster(
    "ilog2 alone",
    "",
    "",
    {"ilog2": {"c": Prior(0.0, 1.0), "a": Prior(0.0, 1.0)}},
    weight=Prior(0.0, 1.0),
    noise=Prior(mean=-3.0, deviation=0.5, of_logarithm=True),
    limits=(0.0, 0.0, 1.0),
    walkers=100,
    burnt=400,
    steps=1000,
)


def _drawn(model: Forecaster, points: Points, horizon: int, seed: int = 0) -> Floats:
    steps = posterior(model, points, horizon, generator(seed))
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            thetas: Floats = stop.value
            return thetas


@pytest.mark.parametrize("leaps", [0.0, 0.8])
def test_the_ensemble_samples_a_gaussian_whatever_its_scales(leaps: float) -> None:
    means, deviations = np.array([3.0, 400.0, 9.0, 2.0]), np.array([1e-3, 20.0, 1.0, 1e-2])
    infinite = np.full(4, np.inf)
    mixture = Mixture(
        np.array([10]),
        np.array([0, 2]),
        np.arange(4),
        np.full(4, -1),
        np.ones(4),
        np.stack([-infinite, infinite, means, deviations, np.zeros(4)]),
        np.array([-np.inf, -np.inf, np.inf]),
    )
    nothing = np.zeros(0)
    places = np.array([[1.0, 2.0], [0.0, np.log(2)], np.log([2.0, 3.0])])
    nowhere = Observed(places, nothing, nothing, nothing)
    random = generator(1)
    densities = np.empty(100)
    walkers = means + deviations * random.uniform(-1, 3, (100, 4))
    judge_places(walkers, mixture, nowhere, densities)
    kept = []
    for _ in range(300):
        move_ensemble(walkers, densities, mixture, nowhere, leaps, random.random((10, 100, 5)))
        kept.append(walkers.copy())
    drawn = np.concatenate(kept[50:])
    np.testing.assert_allclose((drawn.mean(0) - means) / deviations, 0, atol=0.05)
    np.testing.assert_allclose(drawn.std(0) / deviations, 1, atol=0.05)
    within = np.abs(drawn - means) < 1.645 * deviations
    np.testing.assert_allclose(within.mean(0), 0.9, atol=0.02)
    np.testing.assert_allclose(np.corrcoef(drawn.T), np.eye(4), atol=0.06)


def test_the_posterior_of_one_family_is_the_one_integrated_on_a_grid() -> None:
    x = np.arange(1.0, 9.0)
    y = 0.8 - 0.3 / np.log1p(x) + 0.03 * generator(2).standard_normal(8)
    c, a, log_sigma = np.meshgrid(
        np.linspace(0.55, 1, 120),
        np.linspace(0, 0.8, 120),
        np.linspace(-5, -1.5, 60),
        indexing="ij",
    )
    squares = sum((each - (c - a / np.log1p(at))) ** 2 for at, each in zip(x, y, strict=True))
    log_density = -0.5 * squares / np.exp(2 * log_sigma) - 8 * log_sigma
    log_density -= 0.5 * ((log_sigma + 3) / 0.5) ** 2
    ends = c - a / np.log(101)
    log_density[(c - a / np.log(2) < 0) | (ends > 1)] = -np.inf
    chance = np.exp(log_density - log_density.max())
    chance /= chance.sum()
    mean = float((chance * ends).sum())
    deviation = float(np.sqrt((chance * (ends - mean) ** 2).sum()))

    thetas = _drawn(_ILOG2, observed_points(y), 100)
    mixture = mixture_of(_ILOG2, 100)
    found = curves(mixture, thetas, np.array([100.0]))[:, 0]
    assert abs(found.mean() - mean) < 0.1 * deviation
    assert abs(found.std() / deviation - 1) < 0.1
    expected = float((chance * log_sigma).sum())
    assert abs(np.log(noise(mixture, thetas)).mean() - expected) < 0.05


def test_a_density_of_the_usual_model_is_what_its_priors_and_its_noise_say() -> None:
    model = replace(FORECASTERS["three-families"], recency=1.0, worth=1.0)
    y = np.array([0.3, 0.5, 0.55])
    thetas = _drawn(model, observed_points(y), 10)[:5]
    mixture = mixture_of(model, 10)
    densities = np.empty(5)
    judge_places(thetas, mixture, observed(model, observed_points(y), 10), densities)
    for theta, density in zip(thetas, densities, strict=True):
        _, _, mean, deviation, _ = mixture.priors
        normal = np.isfinite(deviation)
        z = (theta - mean)[normal] / deviation[normal]
        expected = float((-0.5 * z**2 - np.log(deviation[normal]) - 0.5 * np.log(2 * np.pi)).sum())
        sigma = noise(mixture, theta[None])[0]
        away = (y - curves(mixture, theta[None], np.array([1.0, 2.0, 3.0]))[0]) / sigma
        expected += float((-0.5 * away**2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)).sum())
        assert abs(density - expected) < 1e-9


def test_many_points_say_what_the_same_ones_say_one_by_one() -> None:
    x = np.arange(1.0, 201.0)
    y = 0.8 - 0.3 / np.log1p(x) + 0.03 * generator(3).standard_normal(200)
    each = Points(x, y, np.ones(200), np.zeros(200))
    ends = []
    for points in (each, observed_points(y)):
        thetas = _drawn(replace(_ILOG2, steps=400), points, 400)
        found = curves(mixture_of(_ILOG2, 400), thetas, np.array([400.0]))
        ends.append((found.mean(), found.std()))
    assert abs(ends[0][0] - ends[1][0]) < 0.2 * ends[0][1]
    assert abs(ends[1][1] / ends[0][1] - 1) < 0.15
