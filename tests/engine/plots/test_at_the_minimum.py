"""Plots of runs whose hypergradients are taken at the minimum of the training loss."""

import re

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment, override
from engine.hypergradients.result import drain
from engine.output.findings import findings
from engine.plots import axes_of, over
from engine.plots.at_the_minimum import distance, distance_at_the_minimum, spent
from engine.plots.catalogue import PLOTS
from engine.runs.best import best_of
from engine.runs.events import MetaIterationDone, RunStarted
from engine.runs.moments import Moment
from engine.runs.records import RunRecord
from engine.runs.replay import replay_key
from engine.runs.replicates import differentiate
from engine.tasks.catalogue import make_task

KEYS = ("distance_by_seconds", "inner_iterations", "tolerance")


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(events_of(override(load_experiment("hoag"), {"meta.iterations": "12"})))


def test_others_have_none_of_them() -> None:
    other = record_of(events_of(tiny({"meta.iterations": "1"})))
    assert all(PLOTS[key].plot(other) is None for key in KEYS)


def test_the_distance_is_from_what_came_out_in_the_end(record: RunRecord) -> None:
    assert record.finished is not None
    assert distance(record).best == record.finished.measures["validation_loss"]
    by_seconds = PLOTS["distance_by_seconds"].plot(record)
    (by_iterations,) = by_seconds.others
    assert by_iterations.key == "distance_by_iterations"
    assert axes_of(by_seconds) == ("seconds", "inner iterations")
    assert over(by_seconds, "inner iterations") is by_iterations
    np.testing.assert_array_equal(by_iterations.lines[0].x, spent(record).iterations)
    np.testing.assert_array_equal(by_seconds.lines[0].y, by_iterations.lines[0].y)
    np.testing.assert_array_equal(by_seconds.lines[0].x, spent(record).seconds)
    y = by_seconds.lines[0].y
    assert np.all(y > 0)
    assert y[-1] < 1e-3 * y[0]
    assert by_seconds.log_y
    assert "validation loss 0.1104, test 0.055" in by_seconds.caption
    assert re.search(r"to 0.01 % in [\d.e-]+ s;", by_seconds.caption)
    assert re.search(r"to 0.01 % in [\d,]+ inner iterations;", by_iterations.caption)
    assert len(by_iterations.caption) < 120, "two rows beside the choice of an axis"


def test_the_distance_is_that_of_each_iterate_itself_however_roughly_it_was_found(
    record: RunRecord,
) -> None:
    """Against the objective at the minimum of the training loss, found to 1e-10 at each iterate."""
    experiment = record.experiment
    task = make_task(experiment)
    exact = []
    for index, one in enumerate(record.meta_iterations):
        key = replay_key(experiment, index)
        steps = differentiate(task, experiment, key, one.hyperparameters, 1, tolerance=1e-10)
        exact.append(drain(steps).measures["validation_loss"])
    above, best = distance_at_the_minimum(record)
    off = np.abs(above - (np.array(exact) - best))
    late = slice(6, None)  # where tolerances are small
    assert np.all(off[late] < 1e-6)
    measured = np.array([one.measures["validation_loss"] for one in record.meta_iterations]) - exact
    assert np.abs(measured[late]).max() > 20 * off[late].max(), "as measured it jumps"


def test_the_iterate_that_is_returned_is_marked_and_named(record: RunRecord) -> None:
    best = best_of(record)
    plot = PLOTS["distance_by_seconds"].plot(record)
    for one, x in zip((plot, *plot.others), spent(record), strict=True):
        assert [mark.name for mark in one.marks] == ["★ returned"]
        assert one.marks[0].x == x[best]
    assert plot.caption.startswith(f"★ meta-iteration {best}: validation loss 0.1104")
    penalties = PLOTS["l2_penalties"].plot(record)
    assert [(mark.x, mark.name) for mark in penalties.marks] == [(best, "★ returned")]
    then = PLOTS["distance_by_seconds"].plot(record.at(Moment(3, 0)))
    assert [mark.name for mark in then.marks] == ["★ best so far"]


def test_inner_iterations_are_those_that_each_step_took(record: RunRecord) -> None:
    plot = PLOTS["inner_iterations"].plot(record)
    inner, linear = (line.y.tolist() for line in plot.lines)
    solutions = [one.solution for one in record.meta_iterations]
    assert inner == [one.iterations for one in solutions]
    assert linear == [one.rounds for one in solutions]
    assert spent(record).iterations[-1] == sum(inner) + sum(linear)


def test_the_tolerance_is_above_what_was_reached(record: RunRecord) -> None:
    plot = PLOTS["tolerance"].plot(record)
    asked, gradient, residual = (line.y for line in plot.lines)
    assert np.all(np.diff(asked) < 0)
    assert np.all(gradient <= asked)
    assert np.all(residual <= 1.01 * asked)
    assert plot.caption == "cubic: 0.1 → 5.8e-05"


def test_before_the_first_hypergradient_they_say_what_they_wait_for() -> None:
    started = next(e for e in events_of(load_experiment("hoag")) if isinstance(e, RunStarted))
    for key in KEYS:
        plot = PLOTS[key].plot(RunRecord(started))
        assert plot.is_empty
        assert plot.caption == "known after the first meta-iteration"


def test_the_best_that_is_marked_is_the_one_that_is_returned(record: RunRecord) -> None:
    best = best_of(record)
    chosen = record.finished.hyperparameters["l2_penalties"]
    assert best is not None
    np.testing.assert_array_equal(
        record.meta_iterations[best].hyperparameters["l2_penalties"], chosen
    )


def test_there_is_no_elementary_learning_curve_without_training(record: RunRecord) -> None:
    assert PLOTS["learning_curves"].plot(record) is None


def test_files_say_how_soon_it_was_near_the_best(record: RunRecord) -> None:
    found = findings(record)["at the minimum"]
    near, nearer = found["to 1 % after"], found["to 0.01 % after"]
    assert 0 < near["meta-iterations"] <= nearer["meta-iterations"] < 12
    assert 0 < near["seconds"] <= nearer["seconds"] <= found["seconds of the method"]
    assert found["log 2Nλ"] == pytest.approx(0.680577, abs=2e-2)
    done = [e for e in record.meta_iterations if isinstance(e, MetaIterationDone)]
    assert found["iterations of L-BFGS"] == sum(one.solution.iterations for one in done)
