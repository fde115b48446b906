"""Plots of a series and its forecasts, of weights by age, and of what kernel ridge fits."""

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, run, tiny
from series_for_tests import kernel_ridge, kernel_task, series, series_task

from engine.experiments.files import load_experiment, override
from engine.figures.figure import render
from engine.plots.base import Line, Mark, Plot
from engine.plots.scenes import every_plot, scenes
from engine.plots.stage import Stage
from engine.runs.moments import Moment
from engine.runs.records import RunRecord
from engine.tasks.series import BEST_WINDOW, EVEN

OF_SERIES = {"forecasts", "forecast_errors", "weights_by_age", "past_weights"}
UNTRAINED = {"learning_curves", "memory", "learning_rates"}


def shown(record: RunRecord) -> dict[str, Plot]:
    return {plot.key: plot for plot in every_plot(record) if isinstance(plot, Plot)}


def test_a_series_has_its_plots_and_nothing_of_a_training_that_never_was() -> None:
    every = shown(record_of(events_of(series())))
    assert set(every) >= OF_SERIES
    assert not UNTRAINED & set(every)
    for key in OF_SERIES:
        assert render(every[key], "svg").startswith(b"<?xml")
    assert not OF_SERIES & set(shown(record_of(events_of(tiny()))))


def test_where_a_series_is_trained_its_training_is_shown() -> None:
    every = shown(record_of(events_of(series({"method": "exact-reversal"}))))
    assert set(every) >= OF_SERIES | UNTRAINED


def test_forecasts_are_those_that_the_measures_were_taken_of() -> None:
    record, task = record_of(events_of(series())), series_task()
    plot = shown(record)["forecasts"]
    values, forecast, even = plot.lines
    assert values.y.tolist() == task.dataset.targets[:32].tolist()
    assert forecast.x.tolist() == list(range(1891, 1903))
    errors = ((forecast.y - values.y[20:]) / task.scale) ** 2
    measures = record.meta_iterations[-1].measures
    assert errors[:8].mean() == pytest.approx(measures["validation_loss"])
    assert errors[8:].mean() == pytest.approx(measures["test_loss"])
    np.testing.assert_allclose(even.y[0], values.y[:20].mean())
    assert [mark.name for mark in plot.marks] == ["validation", "test"]
    assert plot.x_in_words(1891.0) == "1891"


def test_errors_stand_beside_those_of_even_weights_and_of_the_best_window() -> None:
    record = record_of(events_of(series()))
    lines = {line.name: line for line in shown(record)["forecast_errors"].lines}
    assert record.finished is not None
    assert len(lines["learned, validation"].x) == 5, "the last is the final judgement"
    for name in (EVEN, BEST_WINDOW):
        for part in ("validation", "test"):
            expected = record.finished.baselines[name][f"{part}_loss"]
            assert lines[f"{name}, {part}"].y == pytest.approx([expected] * 2)


def test_the_weight_by_age_is_shown_as_it_was_at_each_moment() -> None:
    record = record_of(events_of(series()))
    first, current = shown(record)["weights_by_age"].lines
    assert first.x[-1] == 31
    assert first.y[0] == pytest.approx(np.exp(-1 / 30))
    memory = record.current["past_weights"][0]
    np.testing.assert_allclose(current.y, np.exp(-current.x / memory))


def test_a_fitted_curve_goes_on_from_the_first_one() -> None:
    record, task = record_of(events_of(kernel_ridge())), kernel_task()
    lines = {line.name: line for line in shown(record)["fitted_curve"].lines}
    assert set(lines) == {"training", "validation", "first", "fitted curve"}
    assert np.any(lines["first"].y != lines["fitted curve"].y)
    near = np.interp(
        task.split.train.inputs[:, 0], lines["fitted curve"].x, lines["fitted curve"].y
    )
    misses = (near - lines["training"].y) / task.split.target_scale
    measured = record.meta_iterations[-1].measures["training_loss"]
    assert np.mean(misses**2) == pytest.approx(measured, rel=0.02)
    start = scenes(Stage(record.started_from), record, Moment(0, 10))
    assert {line.name for plot in start if isinstance(plot, Plot) for line in plot.lines} == {
        "training",
        "validation",
        "fitted curve",
    }


def test_several_inputs_have_residuals_instead() -> None:
    changes = {"data.source": "diabetes", "data.train": "60"}
    record = record_of(events_of(kernel_ridge(changes)))
    every = shown(record)
    assert "fitted_curve" not in every
    lines = {line.name: line for line in every["residuals"].lines}
    scale = kernel_task(changes).split.target_scale
    measured = record.meta_iterations[-1].measures["validation_loss"]
    assert np.mean((lines["validation"].y / scale) ** 2) == pytest.approx(measured)


def test_the_names_of_parts_stand_within_them() -> None:
    experiment = load_experiment("weights-on-the-past")
    record = record_of(run(override(experiment, {"meta.iterations": "1"})))
    plot = shown(record)["forecasts"]
    assert isinstance(plot, Plot)
    assert all(plot.names_after(mark) for mark in plot.marks)


@pytest.mark.parametrize(("begins", "after"), [(60.0, [True, True]), (70.0, [False, True])])
def test_names_of_parts_do_not_cover_each_other(begins: float, after: list[bool]) -> None:
    """With the usual parts of a file, too, of which the last is a fifth."""
    marks = tuple(
        Mark(x, name, is_part=True) for x, name in ((begins, "validation"), (80.0, "test"))
    )
    x = np.arange(101.0)
    plot = Plot("forecasts", "", "", "", (Line("series", x, x),), (0.0, 100.0), marks=marks)
    assert [plot.names_after(mark) for mark in marks] == after
