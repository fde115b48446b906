"""Trials that are stopped before their end, because they will not win."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import FIXED, record_of, run, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.stopping import STOPPED_BY_HAND, Stopping
from engine.runs import trials
from engine.runs.best import best_of
from engine.runs.changes import Changes
from engine.runs.events import Event, MetaIterationDone, SettingsChanged, StopAdvised
from engine.runs.held_against import places
from engine.runs.records import RunRecord
from engine.runs.run import optimize

WORTH_STOPPING = {
    **FIXED,
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.learning_rates.initial": "0.02",
    "meta.optimizer": "random",
    "meta.iterations": "7",
    "training.iterations": "40",
    "stopping.points": "10",
    "stopping.least": "4",
    "stopping.threshold": "0.2",
}
needs_optuna = pytest.mark.skipif(util.find_spec("optuna") is None, reason="needs optuna")


def searching(when: str, **changes: str) -> Experiment:
    return tiny({**WORTH_STOPPING, "stopping.when": when, **changes})


def numbers(record: RunRecord) -> list[Any]:
    """What is told of each trial, but for seconds."""
    told = []
    for one in record.meta_iterations:
        assert one.cost is not None
        cost = one.cost.gradients, one.cost.judgements
        judged = None if one.judged is None else one.judged.tolist()
        told.append((repr(one.objective), one.prediction, judged, cost))
    return told


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(run(searching("automatic")))


def test_what_will_not_win_is_stopped_and_predicted(record: RunRecord) -> None:
    stopped = [one for one in record.meta_iterations if one.prediction is not None]
    assert 2 <= len(stopped) < 7
    for one in stopped:
        found = one.prediction
        assert found is not None
        assert found.iteration < found.horizon == 40
        assert found.quantity == "validation loss"
        assert found.probability < 0.2
        assert np.isnan(one.objective)
        assert np.isnan(one.measures["validation_loss"])
        assert np.isfinite(one.learning_curve).sum() == found.iteration
        assert one.cost is not None
        assert one.cost.gradients == found.iteration
        earlier = record.meta_iterations[: one.index]
        assert found.best == np.nanmin([before.objective for before in earlier])


def test_what_was_stopped_is_never_the_best(record: RunRecord) -> None:
    best = best_of(record)
    assert best is not None
    assert record.meta_iterations[best].prediction is None
    assert record.finished is not None
    chosen = record.finished.hyperparameters["learning_rates"]
    np.testing.assert_array_equal(
        chosen, record.meta_iterations[best].hyperparameters["learning_rates"]
    )


def test_its_curve_is_measured_on_the_validation_part_and_counted(record: RunRecord) -> None:
    first = record.meta_iterations[0]
    assert first.judged is not None
    assert first.judged_at is not None
    np.testing.assert_array_equal(first.judged_at, np.arange(4, 41, 4))
    assert first.judged[-1] == first.objective
    assert first.cost is not None
    # irises: 30 of them are validation examples, 90 train at once; a loss is a third of a gradient
    assert first.cost.judgements == pytest.approx(10 * 30 / 90 / 3)


def test_trials_that_end_come_to_the_same_to_the_bit(record: RunRecord) -> None:
    off = record_of(run(searching("off")))
    ended = 0
    for with_it, without in zip(record.meta_iterations, off.meta_iterations, strict=True):
        assert without.prediction is without.judged is None
        if with_it.prediction is None:
            assert with_it.objective == without.objective
            assert with_it.measures == without.measures
            np.testing.assert_array_equal(with_it.learning_curve, without.learning_curve)
            ended += 1
    assert ended


@pytest.mark.parametrize(
    ("seeds", "at_once"),
    [
        ("1", "1"),
        ("2", "3"),
        pytest.param("1", "3", marks=pytest.mark.long),
        pytest.param("2", "1", marks=pytest.mark.long),
    ],
)
def test_who_does_the_trials_changes_nothing(
    seeds: str, at_once: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"meta.seeds": seeds, "meta.trials_at_once": at_once}
    experiment = searching("automatic", **told)
    expected = numbers(record_of(list(optimize(experiment, threads=1))))
    assert any(prediction for _, prediction, _, _ in expected)
    with ThreadPoolExecutor(3) as executor:
        assert numbers(record_of(list(optimize(experiment, executor=executor)))) == expected
    monkeypatch.setattr(trials, "is_worth_threads", lambda task: True)
    assert numbers(record_of(list(optimize(experiment, threads=3)))) == expected


def test_the_seeds_of_a_hopeless_trial_are_not_trained() -> None:
    record = record_of(run(searching("automatic", **{"meta.seeds": "3"})))
    whole = 3 * record.iterations
    gradients = [one.cost.gradients for one in record.meta_iterations if one.cost]
    assert max(gradients) == whole
    assert min(gradients) < record.iterations
    for one in record.meta_iterations:
        assert one.prediction is not None or np.isfinite(one.objective)


def test_nothing_is_held_against_trials_of_the_same_batch() -> None:
    record = record_of(run(searching("automatic", **{"meta.trials_at_once": "4"})))
    assert all(one.prediction is None for one in record.meta_iterations[:4])
    best = min(one.objective for one in record.meta_iterations[:4])
    held = {one.prediction.best for one in record.meta_iterations[4:] if one.prediction}
    assert held == {best}


def test_accuracies_judge_where_that_is_wanted() -> None:
    record = record_of(run(searching("automatic", **{"stopping.judged_by": "accuracy"})))
    for one in record.meta_iterations:
        assert one.judged is not None
        if one.prediction is None:
            assert one.judged[-1] == one.measures["validation_accuracy"]
        else:
            assert one.prediction.quantity == "validation accuracy"
            assert 0 <= one.prediction.value <= 1


@needs_optuna
@pytest.mark.parametrize("sampler", ["tpe", "cma-es"])
def test_samplers_go_on_with_what_was_stopped(sampler: str) -> None:
    more = {"meta.optimizer": sampler, "meta.iterations": "14"}
    both = {**more, "hyperparameters.decays.free": "true"}
    record = record_of(run(searching("automatic", **both)))
    assert sum(one.prediction is not None for one in record.meta_iterations) >= 2
    assert record.finished is not None
    assert record.finished.outcome == "completed"


def asked(
    experiment: Experiment, answer: Callable[[Changes, Event], None]
) -> tuple[RunRecord, list[Event]]:
    """A run in which somebody answers."""
    changes, events = Changes(experiment), []
    for event in optimize(experiment, changes=changes):
        events.append(event)
        answer(changes, event)
    return record_of(events), events


def test_when_asking_the_run_goes_on_as_if_nobody_was_there() -> None:
    record, events = asked(searching("ask"), lambda changes, event: None)
    off = record_of(run(searching("off")))
    objectives = [[one.objective for one in each.meta_iterations] for each in (record, off)]
    assert objectives[0] == objectives[1]
    advised = [event for event in events if isinstance(event, StopAdvised)]
    assert advised
    by_trial: dict[int, list[bool]] = {}
    for event in advised:
        by_trial.setdefault(event.meta_iteration, []).append(event.stops)
    for told in by_trial.values():  # never twice the same in a row
        assert told == [place % 2 == 0 for place in range(len(told))]


def test_a_trial_that_a_person_stops_is_stopped_again_in_the_same_place() -> None:
    def stop(changes: Changes, event: Event) -> None:
        if isinstance(event, StopAdvised) and event.stops:
            changes.stop(event.meta_iteration)

    long = {"training.iterations": "400", "stopping.points": "20", "meta.iterations": "5"}
    experiment = searching("ask", **long)
    record, events = asked(experiment, stop)
    stopped = [one.index for one in record.meta_iterations if one.prediction]
    assert stopped
    told = [event for event in events if isinstance(event, SettingsChanged)]
    assert [event.change.meta_iteration for event in told] == stopped
    assert len(told[-1].experiment.stopping.by_hand) == len(stopped)
    assert STOPPED_BY_HAND in told[0].change.settings
    again = record_of(list(optimize(experiment, changes=record.changes)))
    assert numbers(again) == numbers(record)


def test_an_answer_for_a_trial_that_is_over_stops_nothing() -> None:
    def too_late(changes: Changes, event: Event) -> None:
        if isinstance(event, MetaIterationDone):
            changes.stop(event.index)

    record, _ = asked(searching("ask"), too_late)
    assert not any(one.prediction for one in record.meta_iterations)


@pytest.mark.parametrize(("points", "iterations"), [(50, 40), (10, 40), (7, 100), (3, 1000)])
def test_places_are_evenly_spaced_and_end_with_training(points: int, iterations: int) -> None:
    found = places(Stopping(points=points), iterations)
    assert len(found) == min(points, iterations)
    assert found[-1] == iterations
    apart = np.diff(found, prepend=0)
    assert apart.min() >= 1
    assert apart.max() - apart.min() <= 1
