"""A meta-optimization that ends because it will hardly improve any more."""

from functools import cache

import numpy as np
import pytest
from experiments_for_tests import numbers_of, record_of, run

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.plots import plots
from engine.runs.changes import Changes
from engine.runs.events import Event, MetaIterationDone, SettingsChanged, StopAdvised
from engine.runs.records import RunRecord
from engine.runs.run import optimize


def descending(when: str, **changes: str) -> Experiment:
    """HOAG on breast cancer, which has found its penalty after a few meta-iterations."""
    meta = {"meta.iterations": "30", "stopping.when": when}
    return override(load_experiment("hoag"), {**meta, **changes})


@cache
def automatic() -> RunRecord:
    return record_of(run(descending("automatic")))


def test_it_ends_as_completed_and_is_judged_and_says_why() -> None:
    record = automatic()
    finished, done = record.finished, record.meta_iterations
    assert finished is not None
    assert finished.outcome == "completed"
    assert len(done) < 30
    assert finished.measures is not None
    found = finished.prediction
    assert found is not None
    assert found.iteration == len(done)
    assert found.horizon == 30
    assert found.probability < 0.05
    assert finished.message == (f"Stopped after {len(done)} of 30 meta-iterations: {found.chance}.")


def test_what_it_would_have_come_to_is_no_better() -> None:
    record, off = automatic(), record_of(run(descending("off")))
    whole = [one.objective for one in off.meta_iterations]
    least = min(one.objective for one in record.meta_iterations)
    assert [one.objective for one in record.meta_iterations] == whole[: len(record.meta_iterations)]
    assert record.finished is not None
    assert record.finished.prediction is not None
    assert min(whole) >= record.finished.prediction.best - 1e-12
    assert least == pytest.approx(min(whole), rel=0.01)


def test_a_run_that_falls_in_a_straight_line_goes_on() -> None:
    experiment = override(
        load_experiment("one-number"), {"meta.iterations": "40", "stopping.when": "automatic"}
    )
    record = record_of(run(experiment))
    assert len(record.meta_iterations) == 40
    assert record.finished is not None
    assert record.finished.prediction is None


def test_off_nothing_changes() -> None:
    plain = override(load_experiment("hoag"), {"meta.iterations": "4"})
    other = override(plain, {"stopping.threshold": "0.5", "stopping.least": "3"})
    assert numbers_of(run(plain)) == numbers_of(run(other))


def test_a_person_may_end_it_and_the_same_run_can_be_made_again() -> None:
    experiment = descending("ask", **{"stopping.least": "6"})
    changes, events, asked = Changes(experiment), list[Event](), None
    for event in optimize(experiment, changes=changes):
        events.append(event)
        if isinstance(event, StopAdvised) and event.stops and asked is None:
            asked = event.meta_iteration
            changes.stop()
    record = record_of(events)
    assert asked is not None
    assert len(record.meta_iterations) == asked + 1
    assert record.finished is not None
    assert record.finished.message.startswith(f"Stopped by hand after {asked + 1} of 30")
    [told] = [event for event in events if isinstance(event, SettingsChanged)]
    assert told.change.settings == {"stopping.by_hand": (str(asked + 1),)}
    again = list(optimize(experiment, changes=record.changes))
    assert numbers_of(again) == numbers_of(events)
    losses = next(plot for plot in plots(record) if plot.key == "losses")
    assert "settings" not in losses.caption, "an answer is no setting"
    assert "stopped by hand" not in losses.caption


def test_a_question_without_an_answer_changes_nothing() -> None:
    with_it = [one for one in run(descending("ask")) if isinstance(one, MetaIterationDone)]
    without = [one for one in run(descending("off")) if isinstance(one, MetaIterationDone)]
    assert [one.objective for one in with_it] == [one.objective for one in without]
    assert not np.isnan([one.objective for one in with_it]).any()
