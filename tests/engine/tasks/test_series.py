"""Walk-forward regression of a series, whose weights on the past are learned (Bengio 2000)."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished, record_of, run, sentence
from hypothesis import given, settings
from hypothesis import strategies as st
from series_for_tests import series, series_task

from engine.data.datasets import load_dataset
from engine.errors import InputError
from engine.experiments.experiment import Series
from engine.experiments.files import load_experiment, override, parse_experiment, to_toml
from engine.experiments.tasks import models_of
from engine.hyperparameters.past_weights import weights_at, window
from engine.hyperparameters.values import Hyperparameters
from engine.output.findings import findings
from engine.runs.checks import check
from engine.tasks.catalogue import make_task
from engine.tasks.series import BEST_WINDOW, EVEN, SeriesTask, inputs_of

FORMS = ("exponential", "soft window")


def with_past(*values: float) -> Hyperparameters:
    return Hyperparameters({"past_weights": np.array(values)})


# What is fitted and forecast


def test_a_regression_on_nothing_but_a_level_forecasts_the_weighted_mean_of_the_past() -> None:
    """Exponential smoothing, whose weights do not go on for ever."""
    task, memory = series_task(), 3.0
    predicted = task.walk.predictions(task.solved(with_past(memory)))
    targets = task.walk.targets
    for place, forecast in enumerate(predicted):
        past = targets[: len(targets) - len(predicted) + place]
        weights = np.exp(-np.arange(len(past), 0, -1) / memory)
        assert forecast == pytest.approx(np.average(past, weights=weights), rel=1e-12)


def test_no_forecast_depends_on_what_comes_after_it() -> None:
    task = series_task({"series.lags": "2", "series.trend": "true", "series.season": "3"})
    before = task.walk.predictions(task.solved(with_past(9.0)))
    changed = load_dataset("nile").targets.copy()
    at = 20 + 5  # the sixth forecast's own value, and all after it
    changed[at:] += 400.0
    settings_, train = task.settings, 20
    targets = (changed[:32] - task.mean) / task.scale
    moved = SeriesTask(
        task.dataset,
        settings_,
        type(task.walk)(
            inputs_of(targets, settings_, train),
            targets[settings_.lags :],
            task.walk.forecasts,
            task.walk.judged,
            task.walk.groups,
        ),
        task.validation,
        task.mean,
        task.scale,
    )
    after = moved.walk.predictions(moved.solved(with_past(9.0)))
    np.testing.assert_array_equal(after[:6], before[:6])
    assert after[6] != before[6]


@pytest.mark.parametrize("season", [2, 3, 4, 7, 12])
def test_lags_trend_and_season_are_inputs_that_do_not_repeat_each_other(season: int) -> None:
    named = Series(lags=2, trend=True, season=season)
    targets = np.random.default_rng(0).normal(size=80)
    inputs = inputs_of(targets, named, train=40)
    assert inputs.shape == (78, len(named.coefficients))
    assert np.linalg.matrix_rank(inputs) == inputs.shape[1]
    np.testing.assert_array_equal(inputs[:, 0], targets[1:-1])
    np.testing.assert_array_equal(inputs[:, 1], targets[:-2])
    waves = inputs[:, 3:-1]
    np.testing.assert_allclose(waves[season:], waves[:-season], atol=1e-10)


def test_a_trend_and_a_season_are_forecast_without_error() -> None:
    steps = np.arange(60)
    line = 3.0 + 0.5 * steps + np.tile([4.0, -1.0, -3.0], 20)
    named = Series(trend=True, season=3)
    targets = (line - line[:30].mean()) / line[:30].std()
    coefficients = np.linalg.lstsq(inputs_of(targets, named, 30)[:30], targets[:30], rcond=None)[0]
    np.testing.assert_allclose(inputs_of(targets, named, 30) @ coefficients, targets, atol=1e-10)


@settings(deadline=None, max_examples=40)
@given(
    form=st.sampled_from([1, 2]),
    memory=st.floats(0.1, 1e6),
    softness=st.floats(0.1, 1e6),
)
def test_old_examples_never_count_more(form: int, memory: float, softness: float) -> None:
    own = np.array([memory, softness][:form])
    weights = weights_at(own, np.arange(1.0, 50.0))
    assert np.all(np.diff(weights) <= 0)
    assert np.all((weights >= 0) & (weights <= 1))
    shares, slopes = series_task().walk.shares(own)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert np.isfinite(slopes).all()


def test_a_window_with_hard_edges_counts_so_many_examples_alike() -> None:
    shares, _ = series_task().walk.shares(window(4))
    expected = np.zeros(32)
    expected[16:20] = 0.25
    np.testing.assert_allclose(shares[0], expected, atol=1e-12)


# What is learned


@pytest.mark.parametrize("form", FORMS)
def test_every_method_finds_their_hypergradient(form: str) -> None:
    free = {"hyperparameters.l2_penalties.initial": "0.01"}
    trained = {**free, "series.weights": form, "series.lags": "1", "method": "exact-reversal"}
    checks = [
        one
        for one in check(series({**trained, "hyperparameters.l2_penalties.free": "true"}))
        if one.kind in ("weights on the past", "L2 penalties")
    ]
    assert len(checks) >= 8
    assert [one for one in checks if not one.passed] == []


def test_training_is_reversed_exactly_where_it_is_to_be() -> None:
    events = events_of(series({"method": "exact-reversal"}))
    assert all(step.reversed_exactly for step in done(events))


def test_the_nile_is_forecast_better_than_with_even_weights_or_the_best_window() -> None:
    """In the flow's own unit squared, 19,200 falls to 14,400: a test part that nothing chose by."""
    experiment = load_experiment("weights-on-the-past")
    last = finished(run(experiment))
    assert last.measures is not None
    learned, even, best = last.measures, last.baselines[EVEN], last.baselines[BEST_WINDOW]
    assert learned["validation_loss"] < best["validation_loss"] < even["validation_loss"]
    assert learned["test_loss"] < best["test_loss"] < even["test_loss"]
    task = make_task(experiment)
    assert isinstance(task, SeriesTask)
    own = task.scale**2
    assert own * even["test_loss"] == pytest.approx(19_200, rel=0.01)
    assert own * learned["test_loss"] == pytest.approx(14_400, rel=0.01)
    assert 2.5 < last.hyperparameters["past_weights"][0] < 3.5


@pytest.mark.parametrize("penalty", [0.0, 0.05])
def test_the_best_window_is_the_best_of_all_that_are_tried_one_by_one(penalty: float) -> None:
    task = series_task({"series.lags": "1"})

    def with_window(length: int) -> Hyperparameters:
        values = {"past_weights": window(length), "l2_penalties": np.array([penalty])}
        return Hyperparameters(values)

    errors = {
        length: task.oracle((), with_window(length)).objective_value(
            task.solved(with_window(length))
        )
        for length in range(3, 31)
    }
    assert task.best_window(with_window(5)) == min(errors, key=lambda length: errors[length])


def test_where_the_past_is_fixed_and_whole_all_of_it_counts_alike() -> None:
    changes = {"hyperparameters.past_weights.free": "false", "method": "exact-reversal"}
    long = {"hyperparameters.past_weights.initial": "1e6"}
    rates = {"hyperparameters.learning_rates.free": "true"}
    record = record_of(events_of(series({**changes, **long, **rates})))
    assert "past_weights" not in record.initial
    assert record.finished is not None
    assert record.finished.baselines == {}


def test_what_is_found_is_told_in_numbers() -> None:
    found = findings(record_of(events_of(series())))["weights on the past"]
    assert found["memory"] == pytest.approx(
        float(finished(events_of(series())).hyperparameters["past_weights"][0])
    )
    assert found["errors"].keys() == {EVEN, BEST_WINDOW, "learned"}


# What is refused


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"data.train": "3", "series.lags": "4"},
            "series.lags: expected at most 1, because 4 lags",
        ),
        ({"series.season": "30"}, "series.season: expected at most 20, because a season of 30"),
        ({"data.validation": "0"}, "data.validation: expected at least one value"),
        ({"data.test": "90"}, "data.train + data.validation + data.test: expected at most 100"),
    ],
)
def test_a_series_that_is_too_short_is_refused(changes: Mapping[str, str], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        make_task(series(changes))
    assert sentence(refused).startswith(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"model.kind": "linear regression", "hyperparameters.past_weights.free": "false"},
            "model.kind: expected walk-forward regression",
        ),
        ({"data.source": "diabetes"}, "model.kind: expected kernel ridge or linear regression"),
        ({"meta.objective": "training"}, "meta.objective: expected validation, because"),
    ],
)
def test_only_a_series_is_forecast_step_by_step(changes: Mapping[str, str], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        make_task(series(changes))
    assert sentence(refused).startswith(expected)
    assert models_of("series") == ("walk-forward regression",)


def test_other_methods_than_implicit_cholesky_say_what_they_cannot_do() -> None:
    with pytest.raises(InputError) as refused:
        series({"hyperparameters.learning_rates.free": "true"})
    assert sentence(refused).startswith("method: expected one of exact-reversal")


def test_a_series_that_has_no_single_best_fit_is_told_so(tmp_path: Path) -> None:
    """Of a series that stands still, the last value says as much as the level."""
    path = tmp_path / "still.csv"
    path.write_text("year,y\n" + "".join(f"{1900 + place},2.5\n" for place in range(40)))
    last = finished(run(series({"data.file": str(path), "data.order": "year", "series.lags": "1"})))
    assert last.outcome == "diverged"
    assert last.divergence is not None
    assert "The Hessian is not positive definite" in last.divergence.sentence


# Files


def test_an_experiment_is_the_same_after_it_was_written() -> None:
    experiment = series({"series.lags": "2", "series.season": "4", "series.weights": "soft window"})
    text = to_toml(experiment)
    assert "[series]" in text
    assert parse_experiment(text, "again") == experiment
    assert "[series]" not in to_toml(load_experiment("moons"))


def test_more_forecasts_than_there_is_memory_for_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("t,y\n" + "".join(f"{place},{place % 7}.5\n" for place in range(3000)))
    parts = {"data.train": "200", "data.validation": "2000", "data.test": "800"}
    with pytest.raises(InputError) as refused:
        make_task(series({"data.file": str(path), "data.order": "t", **parts}))
    assert sentence(refused).startswith("data.validation + data.test: expected fewer forecasts")


def test_any_table_with_a_date_is_a_series(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    days = [f"2021-{month:02}-01" for month in range(1, 13)] + [
        f"2022-{month:02}-01" for month in range(1, 13)
    ]
    rows = [f"{day},north,{100 + 10 * (place % 4)}" for place, day in enumerate(days)]
    path.write_text("month,shop,sold\n" + "\n".join(rows))
    changes = {"data.file": str(path), "data.order": "month", "series.season": "4"}
    parts = {"data.train": "12", "data.validation": "6", "data.test": "6"}
    experiment = override(load_experiment("weights-on-the-past"), {**changes, **parts})
    last = finished(run(override(experiment, {"meta.iterations": "2"})))
    assert last.measures is not None
    assert last.measures["test_loss"] < 1e-20, "every season is like the last"
