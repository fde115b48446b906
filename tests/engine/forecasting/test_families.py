"""The eleven families compute what their formulas say."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.forecasting.families import FAMILIES
from engine.forecasting.least_squares import Alone

_FORMULAS: dict[str, Callable[..., float]] = {
    "vapor-pressure": lambda x, a, b, c: math.exp(a + b / x + c * math.log(x)),
    "pow3": lambda x, c, a, alpha: c - a * x**-alpha,
    "log-log-linear": lambda x, a, b: math.log(a * math.log(x) + b),
    "hill3": lambda x, theta, eta, kappa: theta * x**eta / (kappa**eta + x**eta),
    "log-power": lambda x, a, b, c: a / (1 + (x / math.e**b) ** c),
    "pow4": lambda x, c, a, b, alpha: c - (a * x + b) ** -alpha,
    "mmf": lambda x, alpha, beta, kappa, delta: alpha - (alpha - beta) / (1 + (kappa * x) ** delta),
    "exp4": lambda x, c, a, b, alpha: c - math.exp(-a * x**alpha + b),
    "janoschek": lambda x, a, beta, k, delta: a - (a - beta) * math.exp(-k * x**delta),
    "weibull": lambda x, alpha, beta, kappa, delta: (
        alpha - (alpha - beta) * math.exp(-((kappa * x) ** delta))
    ),
    "ilog2": lambda x, c, a: c - a / math.log(1 + x),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_computes_its_formula(name: str) -> None:
    x = np.array([1.0, 2.0, 7.0, 30.0, 100.0])
    parameters = np.array([*FAMILIES[name].start.values()]) * 1.1
    expected = [_FORMULAS[name](each, *parameters) for each in x]
    np.testing.assert_allclose(Alone(name).curve(parameters, x), expected, rtol=1e-12)


def test_each_family_has_its_own_number() -> None:
    assert sorted(family.number for family in FAMILIES.values()) == list(range(11))
