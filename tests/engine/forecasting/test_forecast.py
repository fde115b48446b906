"""Forecasts of learning curves: what holds of any of them, and what cannot be forecast."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.forecast import forecasting
from engine.forecasting.models import FORECASTERS
from engine.forecasting.scales import scale_of
from engine.randomness import generator

RISING = np.array([0.31, 0.45, 0.52, 0.58, 0.6, 0.63, 0.64, 0.66, 0.66, 0.67])


@pytest.mark.parametrize("model", FORECASTERS)
def test_a_forecast_has_every_epoch_to_the_horizon_and_weights_that_sum_to_1(model: str) -> None:
    made = engine.forecast(RISING, 40, model=model)
    low, high = made.band()
    for several in (made.mean, made.std, made.total_std, low, high):
        assert several.shape == (40,)
        assert np.isfinite(several[made.cut :]).all()
    assert made.cut <= 1, "the paper's program begins where a curve has risen"
    assert np.all((low <= high)[made.cut :])
    assert np.all((made.std <= made.total_std)[made.cut :])
    assert set(made.families) <= set(FORECASTERS[model].families)
    assert sum(made.families.values()) == pytest.approx(1)
    assert low[-1] < made.mean[-1] < high[-1]
    assert made.remark == ""


def test_equal_seeds_give_equal_forecasts_and_others_other_ones() -> None:
    first, again, other = (engine.forecast(RISING, 40, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.mean, again.mean)
    np.testing.assert_array_equal(first.band(0.5), again.band(0.5))
    assert first.probability_above(0.7) == again.probability_above(0.7)
    assert not np.array_equal(first.mean, other.mean)
    assert abs(first.mean[-1] - other.mean[-1]) < 0.3 * first.total_std[-1]


def test_bands_nest_by_their_level() -> None:
    made = engine.forecast(RISING, 40)
    levels = (0.01, 0.3, 0.5, 0.9, 0.95, 0.99, 0.999)
    bands = [made.band(level) for level in levels]
    for (low, high), (lower, higher) in pairwise(bands):
        assert np.all(lower <= low)
        assert np.all(high <= higher)
    with pytest.raises(InputError, match=r"level: expected a number between 0 and 1, found 1\.5"):
        made.band(1.5)


def test_the_band_holds_what_the_chances_say() -> None:
    made = engine.forecast(RISING, 100)
    low, high = made.band(0.8)
    assert made.probability_above(high[-1]) == pytest.approx(0.1, abs=0.03)
    assert made.probability_above(low[-1]) == pytest.approx(0.9, abs=0.03)
    assert made.probability_better(low[-1]) == made.probability_above(low[-1])
    y = np.linspace(0, 1, 2001)
    density = np.exp([made.log_density(each) for each in y])
    assert np.trapezoid(density, y) == pytest.approx(1, abs=0.01)


def test_a_loss_is_an_accuracy_seen_in_a_mirror() -> None:
    highest = 2.5
    losses = highest * (1 - (RISING - RISING[0]))  # its scale ends at its highest value and at 0
    accuracy = engine.forecast(RISING - RISING[0], 40)
    loss = engine.forecast(losses, 40, quantity="loss")
    np.testing.assert_allclose(loss.mean, highest * (1 - accuracy.mean), rtol=1e-9)
    np.testing.assert_allclose(loss.std, highest * accuracy.std, rtol=1e-6)
    better = loss.probability_better(1.5)
    assert better == 1 - loss.probability_above(1.5)
    assert better == pytest.approx(accuracy.probability_above(0.4), abs=1e-3)
    expected = accuracy.log_density(0.4) - np.log(highest)
    assert loss.log_density(1.5) == pytest.approx(expected, abs=1e-3)


def test_losses_below_zero_have_no_end() -> None:
    made = engine.forecast(-RISING, 40, quantity="loss")
    low, high = made.band()
    assert low[-1] < made.mean[-1] < high[-1] < 0
    assert np.isfinite(made.log_density(-1.2))


def test_a_flat_beginning_is_left_out_and_told() -> None:
    made = engine.forecast(np.concatenate([np.full(6, 0.1), RISING]), 40)
    assert made.cut == 5
    assert np.isnan(made.mean[:5]).all()
    assert np.isfinite(made.mean[5:]).all()
    assert np.isnan(made.band()[0][:5]).all()


def test_what_was_not_measured_may_be_left_out() -> None:
    gaps = RISING.copy()
    gaps[[2, 5]] = np.nan
    made, whole = engine.forecast(gaps, 40), engine.forecast(RISING, 40)
    assert abs(made.mean[-1] - whole.mean[-1]) < whole.total_std[-1]


def test_a_far_horizon_costs_no_more() -> None:
    made = engine.forecast(RISING, 30_000)
    low, high = made.band()
    assert made.mean.shape == low.shape == (30_000,)
    assert np.all(low <= high)
    assert made.mean[-1] > made.mean[9]


@given(
    st.lists(st.one_of(st.floats(-1e12, 1e12), st.just(float("nan"))), min_size=0, max_size=12),
    st.integers(0, 30),
    st.sampled_from(["accuracy", "loss"]),
)
@settings(max_examples=12)
def test_any_curve_gives_a_forecast_or_one_sentence(
    curve: list[float], horizon: int, quantity: str
) -> None:
    try:
        made = engine.forecast(np.array(curve), horizon, quantity=quantity)  # type: ignore[arg-type]
    except InputError as error:
        sentence = str(error)
    else:
        sentence = "a forecast."
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")
    if sentence != "a forecast.":
        return
    low, high = made.band()
    assert np.all((low <= high)[made.cut :])
    assert np.isfinite(made.mean[made.cut :]).all()
    assert 0 <= made.probability_better(float(np.nanmean(curve))) <= 1


@pytest.mark.parametrize(
    ("curve", "horizon", "said"),
    [
        ([], 5, "curve: expected numbers, found none."),
        ([np.nan, np.inf, -np.inf], 5, "curve: expected numbers, found none that is finite."),
        ([0.1, 0.2], 5, "curve: expected at least 3 values to forecast from, found two."),
        ([0.1, 0.2, 0.3], 2, "horizon: expected a whole number from 3 (the curve's length) to"),
        ([0.1, 0.2, 0.3], 4.5, "horizon: expected a whole number from 3"),
        ([0.1, 0.2, 1.3], 5, "curve: expected accuracies between 0 and 1, found 1.3."),
        ([[0.1, 0.2, 0.3]], 5, "curve: expected one row of numbers, found shape (1, 3)."),
        (["a", "b", "c"], 5, "curve: expected numbers, found something else."),
    ],
)
def test_what_cannot_be_forecast_is_answered_in_one_sentence(
    curve: list[float], horizon: int, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        engine.forecast(curve, horizon)  # type: ignore[arg-type]
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("model", "arima", "model: expected one of three-families and domhan-eleven, found"),
        ("quantity", "money", "quantity: expected accuracy or loss, found 'money'."),
    ],
)
def test_a_model_or_quantity_that_is_none_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        engine.forecast(RISING, 20, **{name: value})  # type: ignore[arg-type]
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (np.array([0.2, 0.3, 0.35]), "3 values say little"),
        (np.full(12, 0.4), "All values are equal"),
        (np.linspace(0.8, 0.3, 12), "The curve gets worse"),
    ],
)
def test_curves_that_say_little_are_remarked_on_and_have_wide_bands(
    curve: Floats, said: str
) -> None:
    made = engine.forecast(curve, 100)
    assert made.remark.startswith(said)
    low, high = made.band()
    assert high[-1] - low[-1] > 0.05


@pytest.mark.parametrize(
    "curve",
    [
        np.linspace(0.9, 0.1, 12),
        np.zeros(5),
        np.array([0.5, 1.0, 0.0, 1.0]),
        np.array([0.1] * 9 + [0.2, 0.1]),
    ],
)
def test_the_papers_model_finds_a_start_for_any_curve(curve: Floats) -> None:
    made = engine.forecast(curve, 30, model="domhan-eleven")
    assert np.isfinite(made.mean[made.cut :]).all()


def test_a_forecast_can_be_given_up_between_its_steps() -> None:
    steps = forecasting(RISING, 40)
    next(steps)
    steps.close()


def test_scales_map_there_and_back() -> None:
    values = generator(8).random(9) * 5
    for scale in (scale_of(values, "loss"), scale_of(values / 5, "accuracy")):
        np.testing.assert_allclose(scale.back(scale.to_scale(values)), values)
    y = scale_of(values, "loss").to_scale(values)
    assert y.min() == 0
    assert y.max() <= 1
