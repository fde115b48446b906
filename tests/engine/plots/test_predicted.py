"""Curves that go on, and what is predicted of them."""

from dataclasses import replace

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.experiments.problems import validate
from engine.plots import (
    PLOTS,
    SMOOTHINGS,
    Curve,
    CurvePrediction,
    Line,
    Plot,
    over,
    smoothed,
    table,
)
from engine.plots.predicted import PREDICTED, predict, with_prediction
from engine.runs.events import (
    MetaIterationDone,
    MetaIterationStarted,
    RunFinished,
    RunStarted,
    TrainingProgress,
)
from engine.runs.predictions import chance_in_words
from engine.runs.records import RunRecord

REAL_TIME = validate(
    {
        "name": "tiny",
        "data": {"source": "moons", "train": 40, "validation": 30, "test": 20},
        "model": {"hidden": [4]},
        "training": {"iterations": 23, "batch_size": 8},
        "hyperparameters": {"learning_rates": {"initial": 0.2, "free": True, "domain": "log"}},
        "meta": {"optimizer": "real-time", "update_every": 4, "random_runs": 0},
    }
)


def curve_of(key: str, record: RunRecord) -> Curve | None:
    goes_on = PLOTS[key].goes_on
    assert goes_on is not None
    return goes_on(record)


def in_training(iterations: int, losses: np.ndarray) -> RunRecord:
    """A run whose first training is so far."""
    experiment = tiny({"training.iterations": str(iterations)})
    started = next(event for event in events_of(tiny()) if isinstance(event, RunStarted))
    record = RunRecord(replace(started, experiment=experiment))
    record.add(MetaIterationStarted(0, record.initial, np.zeros(iterations + 1)))
    record.add(TrainingProgress(0, 0, len(losses), losses, np.zeros(len(losses), np.int64)))
    return record


def halfway(experiment: Experiment, done: int) -> RunRecord:
    """The run when so many of its meta-iterations are done."""
    events = events_of(experiment)
    ends = [n for n, event in enumerate(events) if isinstance(event, MetaIterationDone)]
    return record_of(events[: ends[done - 1] + 1])


def known(values: np.ndarray, horizon: int, **changes: object) -> Curve:
    made = Curve(
        values,
        "validation",
        len(values),
        np.arange(float(horizon)),
        len(values) - 1.0,
        f"meta-iteration {horizon - 1}",
        "loss",
        lambda: values,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def plot_of(curve: Curve) -> Plot:
    values = curve.measured()
    line = Line("validation", np.arange(float(len(values))), values, 1)
    return Plot("losses", "Losses", "meta-iteration", "loss", (line,), (0, curve.horizon - 1))


def prediction_of(curve: Curve) -> CurvePrediction:
    ramp = np.linspace(1.0, 0.5, curve.horizon)
    return CurvePrediction(
        curve,
        "three-families",
        ramp,
        ramp - 0.1,
        ramp + 0.3,
        lambda best: 1 - best,
        {"pow3": 1.0},
        {},
    )


def test_a_learning_curve_is_predicted_while_it_trains_by_iterations() -> None:
    losses = np.linspace(2.0, 1.0, 8)
    record = in_training(20, losses)
    curve = curve_of("learning_curves", record)
    assert curve is not None
    assert (curve.count, curve.horizon, curve.reached) == (8, 20, 7)
    assert curve.end == "iteration 19"
    np.testing.assert_array_equal(curve.places, np.arange(20.0))
    np.testing.assert_array_equal(curve.measured(), losses / record.data.summed)


@settings(max_examples=25)
@given(some.integers(101, 1000), some.floats(0.01, 0.99))
def test_a_long_one_by_means_over_at_most_100_equal_stretches(whole: int, share: float) -> None:
    done = max(1, int(share * whole))
    losses = np.random.default_rng(whole).uniform(size=done)
    record = in_training(whole, losses)
    curve = curve_of("learning_curves", record)
    assert curve is not None
    assert curve.horizon <= 100
    stretch = -(-whole // 100)
    assert curve.count == done // stretch
    means = [
        losses[n * stretch : (n + 1) * stretch].mean() / record.data.summed
        for n in range(curve.count)
    ]
    np.testing.assert_allclose(curve.measured(), means)
    assert np.all(np.diff(curve.places) > 0)
    assert np.all(curve.places == np.round(curve.places))
    assert curve.places[-1] <= whole - 1


def test_more_of_it_is_the_same_curve_and_another_training_is_not() -> None:
    record = in_training(20, np.ones(5))
    before = curve_of("learning_curves", record)
    record.add(TrainingProgress(0, 0, 9, np.ones(4), np.zeros(4, np.int64)))
    later = curve_of("learning_curves", record)
    assert before is not None
    assert later is not None
    assert before.is_earlier(later)
    assert not later.is_earlier(before)
    record.add(TrainingProgress(1, 0, 6, np.ones(6), np.zeros(6, np.int64)))
    again = curve_of("learning_curves", record)
    assert again is not None
    assert not before.is_earlier(again)


def test_a_learning_curve_that_is_complete_goes_on_no_more() -> None:
    assert curve_of("learning_curves", in_training(20, np.ones(20))) is None
    record = in_training(20, np.ones(5))
    end = next(event for event in events_of(tiny()) if isinstance(event, RunFinished))
    record.add(end)
    assert curve_of("learning_curves", record) is None, "the run is over"


def test_the_meta_learning_curve_goes_on_to_where_the_run_will_arrive() -> None:
    curve = curve_of("losses", halfway(tiny(), 2))
    assert curve is not None
    assert curve.line == tiny().meta.objective
    assert (curve.count, curve.horizon, curve.reached) == (2, 4, 1)
    assert curve.end == "meta-iteration 3"
    expected = [done.measures[f"{curve.line}_loss"] for done in halfway(tiny(), 2).meta_iterations]
    np.testing.assert_array_equal(curve.measured(), expected)
    assert curve_of("losses", record_of(events_of(tiny()))) is None, "the run is over"


@pytest.mark.parametrize("strategy", ["none", "sweep", "random"])
def test_what_is_no_learning_is_not_predicted(strategy: str) -> None:
    changes = {"meta.optimizer": strategy}
    assert curve_of("losses", halfway(override(tiny(), changes), 2)) is None


def test_in_real_time_the_objective_goes_on_from_update_to_update() -> None:
    record = halfway(REAL_TIME, 3)
    curve = curve_of("real_time_losses", record)
    assert curve is not None
    assert (curve.line, curve.count, curve.horizon) == ("validation", 3, 6)
    np.testing.assert_array_equal(curve.places, [4, 8, 12, 16, 20, 23])
    assert (curve.reached, curve.end) == (12, "iteration 23")
    assert curve_of("learning_curves", record) is None
    assert curve_of("losses", record) is None


def test_a_prediction_says_how_likely_the_best_is_beaten() -> None:
    values = 0.2 + 0.8 * np.exp(-np.arange(25) / 8)
    made = predict(known(values, 60), "three-families")
    assert made is not None
    assert made.better(0.0) == 0.0
    assert made.better(values.max()) > 0.9
    told = made.told(values.min())
    assert told.endswith(f"likely to beat {values.min():.3g} by meta-iteration 59")
    assert made.mean.shape == made.low.shape == made.high.shape == (60,)
    assert np.all(made.low[25:] <= made.high[25:])
    assert sum(made.families.values()) == pytest.approx(1)
    assert set(made.family_curves) == set(made.families)


@pytest.mark.parametrize("values", [np.ones(2), np.full(12, np.nan)])
def test_of_what_says_nothing_there_is_no_prediction(values: np.ndarray) -> None:
    assert predict(known(values, 60), "three-families") is None


def test_a_prediction_that_nobody_wants_any_more_is_given_up() -> None:
    asked = []

    def is_wanted() -> bool:
        asked.append(1)
        return len(asked) < 2

    assert (
        predict(known(np.linspace(1, 0.5, 20), 60), "three-families", is_wanted=is_wanted) is None
    )
    assert len(asked) == 2


def test_the_rest_is_drawn_dashed_in_the_colour_of_its_line_and_within_a_band() -> None:
    curve = known(np.linspace(1, 0.8, 12), 30)
    plot, prediction = plot_of(curve), prediction_of(curve)
    made = with_prediction(plot, curve, prediction)
    *measured, rest = made.lines
    assert measured == [*plot.lines]
    assert (rest.name, rest.dash, rest.colour) == (PREDICTED, "dashed", 1)
    assert rest.predicted == "20 % likely to beat 0.8 by meta-iteration 29"
    np.testing.assert_array_equal(rest.x, np.arange(12.0, 30.0))
    np.testing.assert_array_equal(rest.y, prediction.mean[12:])
    assert rest.band is not None
    np.testing.assert_array_equal(rest.band[0], prediction.low[12:])
    np.testing.assert_array_equal(rest.band[1], prediction.high[12:])


def test_nothing_is_predicted_where_it_is_measured_by_now() -> None:
    early = known(np.linspace(1, 0.8, 12), 30)
    later = replace(early, count=20, reached=19.0, measured=lambda: np.linspace(1, 0.5, 20))
    rest = with_prediction(plot_of(early), later, prediction_of(early)).lines[-1]
    np.testing.assert_array_equal(rest.x, np.arange(20.0, 30.0))
    assert rest.predicted == "50 % likely to beat 0.5 by meta-iteration 29", "the best by now"
    complete = replace(early, count=30, reached=29.0)
    plot = plot_of(early)
    assert with_prediction(plot, complete, prediction_of(early)) is plot


def test_over_time_it_goes_on_as_fast_as_before_to_the_end_of_the_axis() -> None:
    record = halfway(tiny(), 2)
    curve, plot = curve_of("losses", record), PLOTS["losses"].plot(record)
    assert curve is not None
    assert isinstance(plot, Plot)
    made = with_prediction(plot, curve, prediction_of(curve))
    rest, by_time = made.lines[-1], over(made, "seconds")
    assert by_time.along is None
    timed = by_time.lines[-1]
    np.testing.assert_array_equal(timed.y, rest.y)
    assert timed.predicted == rest.predicted
    measured = next(line for line in by_time.lines if line.name == curve.line)
    end = by_time.x_range[1]
    halfway_there = (measured.x[-1] + end) / 2
    np.testing.assert_allclose(timed.x, [halfway_there, end])


def test_a_plot_without_the_line_stays_as_it_is() -> None:
    curve = known(np.ones(12), 30, line="test")
    plot = plot_of(curve)
    assert with_prediction(plot, curve, prediction_of(curve)) is plot


def test_what_is_predicted_is_not_smoothed() -> None:
    curve = known(np.linspace(1, 0.8, 12), 30)
    plot = replace(plot_of(curve), along="meta-iterations")
    made = smoothed(with_prediction(plot, curve, prediction_of(curve)), SMOOTHINGS["strong"])
    rest = next(line for line in made.lines if line.name == PREDICTED)
    np.testing.assert_array_equal(rest.y, prediction_of(curve).mean[12:])
    assert not rest.smoothed
    assert rest.band is not None


def test_the_table_tells_it_apart() -> None:
    curve = known(np.linspace(1, 0.8, 12), 30)
    header, rows = table(with_prediction(plot_of(curve), curve, prediction_of(curve)))
    assert header[1:] == ["validation", "predicted", "predicted, low", "predicted, high"]
    assert len(rows) == 30
    assert np.isnan(rows[11][2])
    assert np.isnan(rows[12][1])


def test_nothing_uncertain_is_called_certain() -> None:
    words = [chance_in_words(chance) for chance in (0.0, 0.004, 0.006, 0.884, 0.994, 0.996, 1.0)]
    assert words == ["under 1 %"] * 2 + ["1 %", "88 %", "99 %"] + ["over 99 %"] * 2
