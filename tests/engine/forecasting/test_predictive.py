"""The value at the horizon is one probability: density, chances and draws agree."""

import numpy as np
import pytest

from engine.forecasting.futures import futures
from engine.forecasting.predictive import Ending, reflected
from engine.forecasting.surprises import Surprise
from engine.randomness import generator

_BOUNDS = [(0.0, 1.0), (-np.inf, 1.0), (-np.inf, np.inf)]


_SURPRISES = (Surprise(0.2, 0.55, 1.0), Surprise(0.1, 0.55, 0.3))


def _ending(bounds: tuple[float, float], surprises: tuple[Surprise, ...] = _SURPRISES) -> Ending:
    random = generator(4)
    ends, sigma = random.uniform(0.6, 1, 50), random.uniform(0.01, 0.2, 50)
    return Ending(ends, sigma, bounds, drift=0.2, surprises=surprises)


@pytest.mark.parametrize("bounds", _BOUNDS)
@pytest.mark.parametrize("surprises", [(), _SURPRISES[:1], _SURPRISES])
def test_the_density_integrates_to_the_chances(
    bounds: tuple[float, float], surprises: tuple[Surprise, ...]
) -> None:
    ending = _ending(bounds, surprises)
    low, high = max(bounds[0], -1.5), min(bounds[1], 3.0)
    y = np.linspace(low, high, 4001)
    density = np.exp([ending.log_density(each) for each in y])
    below = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(y))])
    assert below[-1] == pytest.approx(1, abs=2e-3)
    for place in range(0, 4001, 400):
        assert ending.probability_above(y[place]) == pytest.approx(1 - below[place], abs=3e-3)


def test_nothing_lies_beyond_the_bounds() -> None:
    ending = _ending((0.0, 1.0))
    assert ending.log_density(1.01) == -np.inf
    assert ending.probability_above(1.0) == 0
    assert ending.probability_above(-0.01) == 1


def test_reflected_noise_has_the_density_that_is_told() -> None:
    ending = _ending((0.0, 1.0), ())
    random = generator(5)
    which = random.integers(50, size=200_000)
    noisy = ending.ends[which] + ending.deviations[which] * random.standard_normal(len(which))
    drawn = reflected(noisy, 0.0, 1.0)
    for y in (0.5, 0.8, 0.95, 0.99):
        assert np.mean(drawn > y) == pytest.approx(ending.probability_above(y), abs=0.005)


@pytest.mark.parametrize("surprise", _SURPRISES)
def test_surprising_curves_end_where_their_chances_say(surprise: Surprise) -> None:
    ends = surprise.places(generator(6).random(100_000))
    for y in np.linspace(0.25, 1.05, 9):
        assert np.mean(ends > y) == pytest.approx(surprise.above(y), abs=0.006)


def test_futures_end_as_the_chances_say() -> None:
    ending = _ending((0.0, 1.0))
    drawn = np.tile(ending.ends[:, None], (400, 2))
    several = Ending(drawn[:, 1], np.tile(ending.sigma, 400), (0.0, 1.0), 0.2, _SURPRISES)
    curves, observed = futures(drawn, np.array([0.0, 1.0]), several, generator(7))
    assert np.mean(curves[:, -1] < 0.5) > 0.01, "some get worse"
    for y in (0.3, 0.45, 0.6, 0.8, 0.95):  # a surprise's own noise is small beside its stretch
        assert np.mean(observed[:, -1] > y) == pytest.approx(ending.probability_above(y), abs=0.03)
