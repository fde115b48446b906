"""The sampler finds the posterior: a Gaussian, one integrated on a grid, and a far start."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import leastsq
from scipy.stats import norm

import engine
from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.least_squares import start_of
from engine.forecasting.mixtures import curves, mixture_of, noise, observed
from engine.forecasting.models import FORECASTERS, Forecaster, Prior
from engine.forecasting.observations import Points, observed_points
from engine.forecasting.sampling import Drawn, posterior
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
            drawn: Drawn = stop.value
            return drawn.thetas


def _usual(model: Forecaster) -> Floats:
    """Usual values of the parameters, equal weights, and a σ of 0.1."""
    values = [value for name in model.families for value in FAMILIES[name].start.values()]
    return np.array([*values, *[1.0] * len(model.families), 0.1])


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
    nowhere = Observed(places, places, nothing, nothing, nothing)
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


def test_no_family_of_the_papers_model_may_fall_by_itself() -> None:
    model = FORECASTERS["domhan-eleven"]
    points = observed_points(np.array([0.3, 0.5, 0.55]))
    usual = _usual(model)
    names = [name for name, family in FAMILIES.items() for _ in family.start]
    c = names.index("pow3")
    mixture, seen = mixture_of(model, 10), observed(model, points, 10)
    densities = np.empty(3)
    falling, far = usual.copy(), usual.copy()
    falling[c + 1] = -0.2  # c − a x^−α with a < 0
    far[c] = 101.0
    for start in (falling, far):
        start[len(names) + 1 : len(names) + 11] = 100.0  # the others, so that the mixture may
        whole = curves(mixture, start[None], np.array([2.0, 10.0]))[0]
        assert whole[0] < whole[1] < 100
    judge_places(np.stack([usual, falling, far]), mixture, seen, densities)
    assert np.isfinite(densities[0])
    assert np.all(densities[1:] == -np.inf)
    judge_places(np.stack([usual, falling, far]), mixture._replace(apart=False), seen, densities)
    assert np.isfinite(densities).all()


def test_a_density_of_the_papers_model_is_what_is_in_the_paper() -> None:
    model = FORECASTERS["domhan-eleven"]
    y = np.array([0.3, 0.5, 0.55, 0.6])
    theta = _usual(model)
    weights, sigma = theta[-12:-1], theta[-1]
    weights += np.arange(11.0)
    density = np.empty(1)
    judge_places(
        theta[None], mixture_of(model, 10), observed(model, observed_points(y), 10), density
    )
    x = np.arange(1.0, 5.0)
    f = {
        "vapor-pressure": np.exp(-0.622028 - 0.470050 / x + 0.042322 * np.log(x)),
        "pow3": 0.84 - 0.52 * x**-0.01,
        "log-log-linear": np.log(np.log(x) + 1),
        "hill3": 0.772320 * x**0.586449 / (2.460843**0.586449 + x**0.586449),
        "log-power": 0.77 / (1 + (x / np.exp(2.98)) ** -0.51),
        "pow4": 0.8 - (200 * x) ** -0.1,
        "mmf": 0.7 - 0.6 / (1 + (0.01 * x) ** 5),
        "exp4": 0.7 - np.exp(-0.8 * x**0.3 - 0.8),
        "janoschek": 0.73 - 0.66 * np.exp(-0.355 * x**0.46),
        "weibull": 0.7 - 0.6 * np.exp(-0.01 * x),
        "ilog2": 0.78 - 0.43 / np.log(1 + x),
    }
    mixed = weights @ np.array([f[name] for name in model.families]) / weights.sum()
    logs = norm.logpdf(y, mixed, sigma)
    assert density[0] == pytest.approx(float(10 ** (x / 4) @ logs), rel=1e-12)


@pytest.mark.parametrize("seed", [1, 2])
def test_families_whose_fit_cannot_go_on_take_no_part(seed: int) -> None:
    x = np.arange(1.0, 13.0)
    y = 0.6 - 0.25 / np.log1p(x) - 0.004 * x + 0.005 * generator(seed).standard_normal(12)
    model = FORECASTERS["domhan-eleven"]
    taking_part, start = start_of(model, observed_points(y), 100)
    root = np.sqrt(10 ** (np.arange(1, 13) / 12))
    by = lambda p: root * (p[0] - p[1] / np.log1p(x) - y)  # noqa: E731
    c, a = leastsq(by, [0.78, 0.43])[0]
    assert ("ilog2" in taking_part.families) == (a >= 0)
    assert 0 < len(taking_part.families) < 11, "some would go on falling"
    mixture = mixture_of(taking_part, 100)
    density = np.empty(1)
    judge_places(start[None], mixture, observed(taking_part, observed_points(y), 100), density)
    assert np.isfinite(density[0])
    made = engine.forecast(y, 100, model=model.name)
    assert set(made.families) == set(made.family_curves) == set(taking_part.families)
    if "ilog2" in taking_part.families:
        place = [n for n in taking_part.families for _ in FAMILIES[n].start].index("ilog2")
        np.testing.assert_allclose(start[place : place + 2], [c, a], rtol=1e-4)


def test_where_no_family_can_go_on_all_take_part() -> None:
    model, points = FORECASTERS["domhan-eleven"], observed_points(np.linspace(0.9, 0.1, 12))
    taking_part, start = start_of(model, points, 100)
    assert taking_part.families == model.families
    np.testing.assert_array_equal(start[:3], [*FAMILIES["vapor-pressure"].start.values()])


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
