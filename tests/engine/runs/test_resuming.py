"""Runs that go on equal those that were never interrupted, to the bit."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from experiments_for_tests import events_of, record_of, sentence, tiny, tiny_with_everything_free
from recording_for_tests import assert_same_records, until

from engine.errors import InputError
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.runs import resuming
from engine.runs.changes import Changes
from engine.runs.events import MetaIterationDone, StopAdvised, TrainingProgress
from engine.runs.run import optimize

IMPLICIT = {
    "method": "implicit-cg",
    "hypergradient.minimise_to": "1e-6",
    "hyperparameters.learning_rates.free": "false",
    "hyperparameters.decays.free": "false",
    "hyperparameters.l2_penalties.initial": "0.01",
}
REAL_TIME = {
    "method": "forward",
    "meta.optimizer": "real-time",
    "training.iterations": "20",
    "meta.update_every": "4",
    "meta.random_runs": "1",
}
SORTS: Mapping[str, Mapping[str, str]] = {
    "gradient descent": {},
    "adam by exact reversal": {"meta.optimizer": "adam"},
    "adam by stored trajectory": {"meta.optimizer": "adam", "method": "stored-trajectory"},
    "rmsprop": {"meta.optimizer": "rmsprop"},
    "momentum, with several updates": {
        "meta.optimizer": "sgd",
        "meta.momentum": "0.5",
        "meta.updates": "2",
    },
    "averaged over seeds": {"meta.seeds": "2"},
    "one seed throughout": {"meta.new_seed": "false"},
    "a sweep": {"meta.optimizer": "sweep", "meta.step": "0.01"},
    "warm minima": IMPLICIT,
    "hoag": {**IMPLICIT, "meta.optimizer": "hoag"},
    "l-bfgs-b": {"meta.optimizer": "l-bfgs-b"},
    "random": {"meta.optimizer": "random"},
    "grid": {"meta.optimizer": "grid", "meta.iterations": "8"},
    "tpe": {"meta.optimizer": "tpe"},
    "tpe in batches": {"meta.optimizer": "tpe", "meta.trials_at_once": "3"},
    "cma-es": {"meta.optimizer": "cma-es"},
    "real time": REAL_TIME,
    "real time, adam": {**REAL_TIME, "meta.update_by": "adam", "meta.tangents": "kept"},
    "random, warm": {**IMPLICIT, "meta.optimizer": "random", "meta.trials_warm": "true"},
    "tpe, warm, over seeds": {
        **IMPLICIT,
        "meta.optimizer": "tpe",
        "meta.trials_warm": "true",
        "meta.seeds": "2",
    },
}
STOPPED: Mapping[str, Mapping[str, str]] = {
    "random": {"meta.optimizer": "random"},
    "random, three at once": {"meta.optimizer": "random", "meta.trials_at_once": "3"},
    "tpe": {"meta.optimizer": "tpe"},
    "by accuracy": {"meta.optimizer": "random", "stopping.judged_by": "accuracy"},
    "adam": {"meta.optimizer": "adam", "meta.iterations": "12"},
}


@pytest.fixture
def points_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resume points are told as often as can be, however large they are."""
    monkeypatch.setattr(resuming, "SECONDS_BETWEEN_POINTS", 0.0)


def experiment_of(sort: str) -> Experiment:
    return tiny({"meta.iterations": "5", **SORTS[sort]})


@pytest.mark.usefixtures("points_all_the_time")
@pytest.mark.parametrize("done", [1, 2, 4])
@pytest.mark.parametrize("sort", SORTS)
def test_a_run_that_goes_on_equals_one_that_was_never_interrupted(sort: str, done: int) -> None:
    experiment = experiment_of(sort)
    whole = events_of(experiment)
    if sum(isinstance(event, MetaIterationDone) for event in whole) <= done:
        pytest.skip("it is over by then")
    stopped = record_of(until(optimize(experiment), done))
    assert len(stopped.meta_iterations) == done
    assert stopped.resume_point is not None
    resumed = record_of(list(optimize(experiment, resume=stopped)))
    assert_same_records(resumed, record_of(whole), clocks=False)


def test_every_kind_of_hyperparameter_goes_on() -> None:
    experiment = tiny_with_everything_free({"meta.iterations": "4"})
    stopped = record_of(until(optimize(experiment), 2))
    resumed = record_of(list(optimize(experiment, resume=stopped)))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


def test_a_run_is_interrupted_again_and_again() -> None:
    experiment = tiny({"meta.iterations": "5"})
    record = record_of(until(optimize(experiment), 1))
    for done in (2, 3, 4):
        record = record_of(until(optimize(experiment, resume=record), done))
        assert len(record.meta_iterations) == done
    resumed = record_of(list(optimize(experiment, resume=record)))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


def test_what_was_under_way_begins_again() -> None:
    experiment, seen = tiny(), []
    events = optimize(experiment)
    for event in events:
        seen.append(event)
        if isinstance(event, TrainingProgress) and event.meta_iteration == 1:
            break
    events.close()
    resumed = record_of(list(optimize(experiment, resume=record_of(seen))))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


def test_a_run_that_ended_before_it_had_done_anything_begins() -> None:
    experiment = tiny()
    nothing = record_of(until(optimize(experiment), 1)[:-2])
    assert not nothing.meta_iterations
    resumed = record_of(list(optimize(experiment, resume=nothing)))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


CHANGES = (
    Change(1, {"meta.step": 0.2, "hyperparameters.decays.free": False}),
    Change(2, {"hyperparameters.initial_scales.free": True}),
    Change(3, {"meta.iterations": 5}),
    Change(4, {"hyperparameters.l2_penalties.free": False, "hyperparameters.decays.free": True}),
)


@pytest.mark.parametrize("done", [1, 2, 3, 4])
def test_changes_are_made_again_and_those_to_come_are_made(done: int) -> None:
    experiment = tiny({"meta.iterations": "6"})
    whole = record_of(list(optimize(experiment, changes=CHANGES)))
    stopped = record_of(until(optimize(experiment, changes=CHANGES), done))
    to_come = [change for change in CHANGES if change not in stopped.changes]
    assert len(to_come) == 4 - len(stopped.changes)
    resumed = record_of(list(optimize(experiment, changes=to_come, resume=stopped)))
    assert_same_records(resumed, whole, clocks=False)


def test_a_run_that_goes_on_takes_changes_from_others() -> None:
    experiment = tiny({"meta.iterations": "4"})
    stopped = record_of(until(optimize(experiment, changes=CHANGES[:1]), 2))
    changes = Changes(experiment, stopped.changes)
    events = []
    for event in optimize(experiment, changes=changes, resume=stopped):
        events.append(event)
        if isinstance(event, MetaIterationDone) and event.index == 2:
            changes.ask({"meta.step": 0.05})
    whole = [CHANGES[0], Change(3, {"meta.step": 0.05})]
    expected = record_of(list(optimize(experiment, changes=whole)))
    assert_same_records(record_of(events), expected, clocks=False)


STOPS: Mapping[str, str] = {
    "training.iterations": "24",
    "stopping.when": "automatic",
    "stopping.least": "4",
    "stopping.points": "12",
    "stopping.patience": "1",
    "stopping.threshold": "0.3",
}


@pytest.mark.parametrize("strategy", ["random", "adam"])
def test_it_makes_no_difference_who_goes_on(strategy: str) -> None:
    experiment = tiny({"meta.iterations": "6", "meta.optimizer": strategy, "meta.seeds": "2"})
    with ThreadPoolExecutor(2) as executor:
        stopped = record_of(until(optimize(experiment, executor=executor), 3))
    resumed = record_of(list(optimize(experiment, threads=1, resume=stopped)))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"meta.iterations": "4"}, "of this experiment"),
        ({}, "that is not over"),
    ],
)
def test_what_cannot_go_on_is_refused(changes: dict[str, str], told: str) -> None:
    over = record_of(events_of(tiny()))
    with pytest.raises(InputError, match=told) as error:
        next(optimize(tiny(changes), resume=over))
    assert sentence(error).startswith("resume: ")


@pytest.mark.parametrize("sort", ["real time", "random, warm"])
def test_what_came_after_a_point_is_done_again(sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = experiment_of(sort)
    times = iter([0.0, *([2.0] * 2), *([2.5] * 100)])
    monkeypatch.setattr(resuming, "time", SimpleNamespace(monotonic=lambda: next(times)))
    stopped = record_of(until(optimize(experiment), 3))
    monkeypatch.undo()
    point = stopped.resume_point
    assert point is not None
    assert point.meta_iterations < 3
    resumed = record_of(list(optimize(experiment, resume=stopped)))
    assert_same_records(resumed, record_of(events_of(experiment)), clocks=False)


@pytest.mark.parametrize("done", [2, 5, 7])
@pytest.mark.parametrize("sort", STOPPED)
def test_a_run_that_may_be_stopped_goes_on(sort: str, done: int) -> None:
    experiment = tiny({**STOPS, "meta.iterations": "8", **STOPPED[sort]})
    whole = events_of(experiment)
    stopped = record_of(until(optimize(experiment), done))
    resumed = record_of(list(optimize(experiment, resume=stopped)))
    assert_same_records(resumed, record_of(whole), clocks=False)
    if sort != "adam":
        assert any(one.prediction is not None for one in resumed.meta_iterations)


@pytest.mark.parametrize("strategy", ["random", "tpe"])
def test_what_a_person_decided_is_decided_again(strategy: str) -> None:
    asks = {"stopping.when": "ask", "meta.iterations": "7", "meta.optimizer": strategy}
    asked = tiny({**STOPS, **asks})
    changes, seen = Changes(asked), []
    for event in optimize(asked, changes=changes):
        seen.append(event)
        if isinstance(event, StopAdvised) and event.stops:
            changes.stop(event.meta_iteration)
    whole = record_of(seen)
    first = whole.changes[0].meta_iteration
    assert whole.meta_iterations[first].prediction is not None
    for done in (first + 1,) if strategy == "tpe" else (first, first + 1):
        stopped = record_of(until(iter(seen), done))
        assert bool(stopped.changes) == (done > first)
        to_come = [change for change in whole.changes if change not in stopped.changes]
        resumed = record_of(list(optimize(asked, changes=to_come, resume=stopped)))
        assert_same_records(resumed, whole, clocks=False)


def test_other_data_are_refused() -> None:
    experiment = tiny()
    stopped = record_of(until(optimize(experiment), 1))
    stopped.initial = stopped.initial.replace(decays=stopped.initial["decays"] / 2)
    with pytest.raises(InputError, match="found others"):
        list(optimize(experiment, resume=stopped))
