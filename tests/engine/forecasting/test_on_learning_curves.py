"""Forecasts of real learning curves, of the half that no model was chosen by."""

import numpy as np
import pytest

from bench.forecasts import by_model, make, races, score
from bench.learning_curves import COUNTS, EPOCHS, kept
from engine.forecasting.models import USUAL


def test_the_curves_that_are_kept_are_complete() -> None:
    curves = kept()
    assert len(curves) == sum(COUNTS.values())
    for curve in [*curves, *kept("loss")]:
        assert curve.values.shape == (EPOCHS,)
        assert np.isfinite(curve.values).all()
        assert curve.quantity == "loss" or (0 <= curve.values.min() <= curve.values.max() <= 1)


@pytest.mark.long
def test_the_usual_model_is_better_than_the_last_value_and_its_bands_hold() -> None:
    judged = [one for one in kept() if not one.is_for_choosing]
    made = make(by_model(USUAL), judged)
    ends = np.array([one.values[-1] for one in judged])
    for n in (10, 20, 30):
        found = score(made, n)
        last = np.array([one.values[n - 1] for one in judged])
        assert found.error < 0.85 * np.sqrt(np.mean((last - ends) ** 2))
        assert 0.7 <= found.inside <= 0.98
        assert found.median > 1.5
        assert found.mean > 1
    raced = races(made, 20)
    assert raced.wrong <= 0.1 * raced.winners
    assert raced.saved >= 0.2
