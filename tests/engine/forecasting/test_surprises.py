"""What a model holds possible besides its families: slow starters set off, and curves fall."""

import numpy as np

import engine
from engine.arrays import Floats
from engine.forecasting.models import FORECASTERS
from engine.forecasting.observations import observed_points
from engine.forecasting.scales import Quantity
from engine.forecasting.surprises import Surprise, surprises_of

_X = np.arange(1.0, 31.0)
_RISING = 0.9 - 0.5 / _X
_FALLING = _RISING - 0.006 * np.maximum(_X - 8, 0)


def _surprises(
    y: Floats, quantity: Quantity = "accuracy", bounds: tuple[float, float] = (0.0, 1.0)
) -> tuple[Surprise, ...]:
    model = FORECASTERS["three-families"]
    return surprises_of(model, observed_points(y), np.full(3, 0.01), quantity, bounds)


def test_slow_starters_surprise_more_often() -> None:
    (low,), (high,) = _surprises(_RISING - 0.35), _surprises(_RISING)
    assert low.share > high.share > 0
    assert low.end == high.end == 1
    assert abs(low.begin - 0.53) < 0.02
    endless = [_surprises(y, bounds=(-np.inf, np.inf))[0].share for y in (_RISING, _RISING - 0.35)]
    assert endless[0] == endless[1] < high.share


def test_what_has_begun_to_fall_may_fall_on_and_losses_may_anyway() -> None:
    rises, falls = _surprises(_FALLING)
    assert falls.end < falls.begin < rises.end
    assert abs(falls.begin - _FALLING[-3:].mean()) < 1e-12
    assert falls.end == falls.begin - 0.2
    assert len(_surprises(_RISING, "loss")) == 2
    assert _surprises(_RISING, "loss")[1].share < falls.share


def test_the_papers_model_is_not_surprised() -> None:
    model = FORECASTERS["domhan-eleven"]
    assert surprises_of(model, observed_points(_FALLING), np.ones(3), "loss", (0.0, 1.0)) == ()


def test_the_band_of_a_curve_that_falls_reaches_down_and_says_why() -> None:
    made, before = engine.forecast(_FALLING, 100), engine.forecast(_RISING, 100)
    assert made.remark.startswith("The curve gets worse")
    assert before.remark == ""
    assert made.band()[0][-1] < _FALLING[-1] - 0.1
    assert before.band()[0][-1] > _RISING[-1] - 0.05
