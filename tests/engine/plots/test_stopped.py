"""Plots of what was stopped early: predictions are rings, and never look measured."""

from typing import Any

import numpy as np
import pytest
from experiments_for_tests import FIXED, record_of, run, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.figures.figure import render
from engine.plots import Plot, plots, table
from engine.plots.strategy_plots import strategy_plots
from engine.plots.strategy_words import cells_of
from engine.runs.compare_strategies import compare_strategies
from engine.runs.records import RunRecord
from engine.runs.strategies_compared import StrategiesRecord, StrategiesStarted


def searching(**changes: str) -> Experiment:
    told = {
        **FIXED,
        "hyperparameters.learning_rates.free": "true",
        "hyperparameters.learning_rates.initial": "0.02",
        "meta.optimizer": "random",
        "meta.iterations": "7",
        "training.iterations": "40",
        "stopping.points": "10",
        "stopping.least": "4",
        "stopping.threshold": "0.2",
        "stopping.when": "automatic",
    }
    return tiny({**told, **changes})


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(run(searching()))


def found(record: RunRecord, key: str) -> Any:
    return next(plot for plot in plots(record) if plot.key == key)


@pytest.mark.parametrize("key", ["trials", "trials_by_place", "trial_curves"])
def test_what_was_predicted_is_rings_with_bars(record: RunRecord, key: str) -> None:
    plot = found(record, key)
    [rings] = [line for line in plot.lines if line.dash == "rings"]
    stopped = [one.prediction for one in record.meta_iterations if one.prediction]
    assert rings.name == "predicted"
    np.testing.assert_array_equal(rings.y, [one.value for one in stopped])
    for low, value, high in zip(rings.low, rings.y, rings.high, strict=True):
        assert low <= value <= high
    others = np.concatenate([line.y for line in plot.lines if line is not rings])
    assert not np.isin(rings.y, others).any()


def test_the_table_has_every_prediction_in_a_column_of_its_own(record: RunRecord) -> None:
    for key in ("trials", "trial_curves"):
        header, rows = table(found(record, key))
        place = header.index("predicted")
        told = [row[place] for row in rows if isinstance(row[place], float)]
        stopped = [one.prediction.value for one in record.meta_iterations if one.prediction]
        np.testing.assert_allclose(sorted(x for x in told if not np.isnan(x)), sorted(stopped))


def test_curves_of_stopped_trials_are_grey_and_end_where_they_were_stopped(
    record: RunRecord,
) -> None:
    plot = found(record, "trial_curves")
    by_name = {line.name: line for line in plot.lines}
    for one in record.meta_iterations:
        if one.prediction is not None:
            line = by_name[f"trial {one.index + 1}, stopped"]
            assert line.colour == "reference"
            assert line.x[-1] == one.prediction.iteration
    [best] = [name for name in by_name if name.startswith("best, trial ")]
    assert by_name[best].x[-1] == record.iterations


def test_each_ring_says_of_which_trial_it_is(record: RunRecord) -> None:
    [rings] = [line for line in found(record, "trial_curves").lines if line.dash == "rings"]
    stopped = [one for one in record.meta_iterations if one.prediction]
    assert rings.each == tuple(f"trial {one.index + 1}" for one in stopped)


def test_figures_draw_rings_hollow(record: RunRecord) -> None:
    svg = render(found(record, "trials"), "svg").decode()
    assert "fill: none; stroke: #de6498" in svg.lower()


def test_a_search_that_stops_nothing_has_no_curves() -> None:
    record = record_of(run(searching(**{"stopping.when": "off"})))
    assert "trial_curves" not in {plot.key for plot in plots(record)}
    assert "predicted" not in {line.name for line in found(record, "trials").lines}


@pytest.fixture(scope="module")
def compared() -> StrategiesRecord:
    experiment = override(
        searching(),
        {"stopping.when": "off", "stopping.judged_by": "accuracy", "stopping.threshold": "0.3"},
    )
    rivals = ["random", "random:stopping=automatic", "adam:step=0.5"]
    record: StrategiesRecord | None = None
    for event in compare_strategies(experiment, rivals, seeds=2, budget=12):
        if isinstance(event, StrategiesStarted):
            record = StrategiesRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def test_strategies_are_compared_with_stopping_and_without(compared: StrategiesRecord) -> None:
    whole, saved, _ = compared.rivals
    assert [one.name for one in (whole, saved)] == ["Random search", "Random search, stopped early"]
    for without, with_it in zip(compared.of(whole), compared.of(saved), strict=True):
        assert with_it.runs[-1] < without.runs[-1]
        assert with_it.validation[-1] <= without.validation[-1]
    assert cells_of(compared, saved)[-1].endswith(" of 24 stopped")
    assert "stopped" not in cells_of(compared, whole)[-1]


def test_the_best_validation_accuracy_and_the_stopped_curves_have_plots(
    compared: StrategiesRecord,
) -> None:
    by_key = {plot.key: plot for plot in strategy_plots(compared)}
    best = by_key["validation_by_runs"]
    assert isinstance(best, Plot)
    assert len(best.lines) == 3
    for line in best.lines:
        known = line.y[np.isfinite(line.y)]
        assert np.all(np.diff(known) >= 0)
    curves = by_key["stopped_curves"]
    ends = [line for line in curves.lines if line.name.endswith(", predicted")]
    assert ends
    [rings] = [line for line in curves.lines if line.dash == "rings"]
    assert rings.low is not None
    assert rings.high is not None
    assert np.all((rings.low <= rings.y) & (rings.y <= rings.high))
    for line in ends:
        assert line.colour == "reference"
        assert line.x[-1] == 40
        assert line.y[-1] in rings.y
