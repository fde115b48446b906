"""Plots of a search without hypergradients."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import FIXED, record_of, run, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.plots import Plot, axes_of, over, plots
from engine.runs.best import best_of
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

RATES = {"hyperparameters.learning_rates.free": "true"}
BOTH = {**RATES, "hyperparameters.decays.free": "true"}


def searching(free: dict[str, str], **changes: str) -> Experiment:
    meta = {"meta.optimizer": "random", "meta.iterations": "12"}
    return tiny({**FIXED, **free, **meta, **changes})


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(run(searching(BOTH)))


def found(record: RunRecord, key: str) -> Any:
    return next((plot for plot in plots(record) if plot.key == key), None)


def test_trials_stand_in_order_with_the_best_so_far_and_its_test_loss(record: RunRecord) -> None:
    plot = found(record, "trials")
    each, best, test = plot.lines
    done = record.meta_iterations
    np.testing.assert_array_equal(each.x, np.arange(1, 13))
    np.testing.assert_array_equal(each.y, [one.objective for one in done])
    np.testing.assert_array_equal(best.y, np.minimum.accumulate(each.y))
    at = int(np.argmin(each.y))
    assert test.y[-1] == done[at].measures.test
    assert f"in trial {at + 1}" in plot.caption


def test_what_only_hypergradients_have_is_not_there(record: RunRecord) -> None:
    keys = {plot.key for plot in plots(record)}
    assert {"trials", "trials_by_place", "learning_curves"} <= keys
    assert not keys & {"losses", "hypergradient", "memory", "growing"}


def test_several_hyperparameters_stand_side_by_side(record: RunRecord) -> None:
    plot = found(record, "trials_by_place")
    assert plot.x_names == ("α", "γ")
    every, best_ones, best = plot.lines
    done = record.meta_iterations
    moved = np.log([one.hyperparameters["learning_rates"][0, 0] for one in done])
    moved -= np.log(record.initial["learning_rates"][0, 0])
    assert every.low[0] == pytest.approx(moved.min())
    assert every.high[0] == pytest.approx(moved.max())
    at = int(np.argmin([one.objective for one in done]))
    assert best.y[0] == pytest.approx(moved[at])
    assert np.all((best_ones.low <= best.y) & (best.y <= best_ones.high))


def test_a_single_one_is_drawn_against_the_objective() -> None:
    record = record_of(run(searching(RATES, **{"meta.optimizer": "grid"})))
    plot = found(record, "trials_by_place")
    assert isinstance(plot, Plot)
    assert plot.x_label == "ln α"
    points, best = plot.lines
    assert len(points.x) == 12
    assert best.y[0] == points.y.min()
    assert plot.x_range[0] <= points.x.min() < points.x.max() <= plot.x_range[1]


def test_many_are_drawn_kind_by_kind() -> None:
    fine = {"hyperparameters.learning_rates.granularity": "iteration"}
    record = record_of(run(searching({**BOTH, **fine})))
    assert found(record, "trials_by_place").x_names == ("α", "γ")


def test_values_over_trials_are_those_of_the_best_so_far(record: RunRecord) -> None:
    [line] = found(record, "decays").lines
    best = int(np.argmin([one.objective for one in record.meta_iterations]))
    expected = record.meta_iterations[best].hyperparameters["decays"][0, 0]
    assert line.y[-1] == expected


def test_no_arrows_lead_from_one_trial_to_the_next() -> None:
    fine = {"hyperparameters.learning_rates.granularity": "iteration"}
    record = record_of(run(searching({**RATES, **fine})))
    for at in (record, record.at(Moment(3, 8))):
        plot = found(at, "learning_rates")
        assert all(line.arrows is None for line in plot.lines)
    assert "strong: best so far" in found(record, "learning_rates").caption
    assert "strong: trial 4" in found(record.at(Moment(3, 8)), "learning_rates").caption


def test_gaps_are_counted() -> None:
    wild = {
        "hyperparameters.l2_penalties.free": "true",
        "hyperparameters.l2_penalties.initial": "3000.0",
        "meta.trials_spread": "9.0",
        "meta.iterations": "25",
    }
    record = record_of(run(searching(wild)))
    gaps = int(np.isnan(found(record, "trials").lines[0].y).sum())
    assert gaps
    assert f"{gaps} diverged" in found(record, "trials").caption


def test_the_trial_that_the_timeline_marks_is_the_one_that_the_caption_names() -> None:
    """The final model may have a lower loss than any trial: it is trained once more."""
    record = record_of(run(searching(RATES)))
    best = int(np.argmin([one.objective for one in record.meta_iterations]))
    assert record.finished is not None
    assert record.finished.measures is not None
    lower = Measures({**record.finished.measures, "validation_loss": 0.0})
    record.finished = record.end = replace(record.finished, measures=lower)
    assert best_of(record) == best
    assert f"in trial {best + 1}" in found(record, "trials").caption


def test_trials_may_be_drawn_over_the_time_that_they_took(record: RunRecord) -> None:
    plot = found(record, "trials")
    assert axes_of(plot) == ("trials", "seconds")
    taken = np.cumsum([one.seconds for one in record.meta_iterations])
    np.testing.assert_array_equal(over(plot, "seconds").lines[0].x, taken)
