"""A run whose hyperparameters move within one training run, from its experiment to its record."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import (
    arrays_in,
    done,
    events_of,
    finished,
    numbers_of,
    of_kind,
    record_of,
    run,
    sentence,
)
from real_data import real_digits_path

from engine.errors import InputError
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override, to_toml
from engine.experiments.problems import validate
from engine.hypergradients.forward import Forward
from engine.hypergradients.result import drain
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.runs.events import MetaIterationStarted, RunStarted, SeedsProgress
from engine.runs.layouts import make_layout
from engine.runs.moments import Moment
from engine.runs.one_run_replay import OneRunReplay
from engine.runs.real_time import make_run
from engine.runs.replay import replay_key
from engine.runs.replicates import by_hyperparameters, training_problem
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task

T, EVERY = 23, 4


def tiny(**meta: Any) -> Experiment:
    usual = {
        "optimizer": "real-time",
        "update_every": EVERY,
        "objective_batch": 10,
        "random_runs": 3,
    }
    return validate(
        {
            "name": "tiny",
            "data": {"source": "moons", "train": 40, "validation": 30, "test": 20},
            "model": {"hidden": [4]},
            "training": {"iterations": T, "batch_size": 8},
            "hyperparameters": {
                "learning_rates": {"initial": 0.2, "free": True, "domain": "log"},
                "decays": {
                    "initial": 0.5,
                    "free": True,
                    "granularity": "group",
                    "domain": "logit",
                },
                "l2_penalties": {"initial": 0.001, "free": True, "domain": "log"},
            },
            "meta": {**usual, **meta},
        }
    )


TINY = tiny()


def test_each_update_is_a_meta_iteration_and_together_they_are_one_training_run() -> None:
    updates = done(events_of(TINY))
    assert [one.index for one in updates] == list(range(6))
    assert [len(one.learning_curve) for one in updates] == [4, 4, 4, 4, 4, 3]
    assert all(one.hyperparameters["learning_rates"].shape == (EVERY, 4) for one in updates)
    for before, after in pairwise(updates):
        for kind, values in before.next_hyperparameters.items():
            np.testing.assert_array_equal(values, after.hyperparameters[kind])
    assert {one.reversed_exactly for one in updates} == {None}
    assert len(of_kind(events_of(TINY), MetaIterationStarted)) == 6
    assert not any(array.flags.writeable for one in updates for array in arrays_in(one))
    end = finished(events_of(TINY))
    assert end.message == "Completed 6 updates."
    assert end.measures == updates[-1].measures
    assert end.hyperparameters["learning_rates"].shape == (T, 4)
    record = record_of(events_of(TINY))
    assert (record.planned, len(record.learning_curve), len(record.buffer_curve)) == (6, T, T + 1)


def test_the_first_update_follows_the_hypergradient_of_a_run_that_ends_there() -> None:
    experiment = tiny(objective_batch=None)
    first = done(events_of(experiment))[0]
    short = override(experiment, {"training.iterations": str(EVERY)})
    task = make_task(short)
    layout = make_layout(short, task)
    start = layout.initial_vector()
    problem, noise = training_problem(task, short, (0, 0, 0), layout.values(start))
    for method in (Forward(), StoredTrajectory()):
        found = by_hyperparameters(problem, drain(method.run(problem)), noise, layout.values(start))
        pulled = layout.pull_back(start, found)
        np.testing.assert_allclose(first.hypergradient_norm, np.linalg.norm(pulled), rtol=1e-10)
        again = layout.pull_back(start, first.hypergradient)
        np.testing.assert_allclose(again, pulled, rtol=1e-9, atol=1e-13)


def test_it_is_judged_now_and_then_and_at_the_end() -> None:
    experiment = override(TINY, {"training.iterations": "120", "meta.update_every": "1"})
    judged = [one.measures["validation_loss"] is not None for one in done(events_of(experiment))]
    assert judged == [False, False, True] * 40


@pytest.mark.parametrize("threads", [1, 2])
def test_equal_seeds_give_equal_runs(threads: int) -> None:
    assert numbers_of(list(optimize(TINY, threads=threads))) == numbers_of(events_of(TINY))


def test_other_seeds_are_other_runs_with_other_minibatches() -> None:
    one, other = (done(events_of(tiny(seed=seed)))[0].learning_curve for seed in (0, 1))
    assert np.all(one != other)


def test_what_it_is_compared_with_begins_alike_and_is_counted() -> None:
    budget = finished(events_of(tiny(seeds=2))).budget
    assert budget is not None
    # Training, six hyperparameters, and an objective of 10 examples for six updates of 23 · 8.
    assert budget.evaluations == pytest.approx(1 + 6 + 10 * 6 / (8 * T))
    assert (len(budget.seeds), budget.drawn, budget.affordable) == (2, 3, 3)
    still = finished(run(tiny(step=1e-300, update_by="sgd", seeds=2))).budget
    assert still is not None
    np.testing.assert_array_equal(still.moved("validation_loss"), budget.stayed("validation_loss"))


def test_an_executor_gives_the_same_comparison() -> None:
    with ThreadPoolExecutor(2) as executor:
        events = list(optimize(tiny(seeds=2), executor=executor))
    assert finished(events).budget == finished(events_of(tiny(seeds=2))).budget
    assert of_kind(events, SeedsProgress)


def test_without_random_runs_nothing_is_compared() -> None:
    assert finished(events_of(tiny(random_runs=0))).budget is None


def test_divergence_tells_the_iteration_and_keeps_what_was_done() -> None:
    experiment = tiny(update_by="sgd", momentum=0.0, step=1e9, tangents="reset")
    events = run(override(experiment, {"hyperparameters.l2_penalties.free": "false"}))
    end = finished(events)
    assert end.outcome == "diverged"
    assert end.divergence is not None
    assert end.divergence.meta_iteration >= 1
    assert len(done(events)) == end.divergence.meta_iteration


def test_a_moment_shows_the_run_as_far_as_it_was() -> None:
    record = record_of(events_of(TINY))
    then = record.at(Moment(2, 3))
    assert record.iteration_at(Moment(2, 3)) == 11
    assert then.learning_curve == record.learning_curve[:11]
    assert len(then.meta_iterations) == 3
    assert record.last_moment(5) == Moment(5, 3)


def test_a_replay_has_the_bits_of_the_run_wherever_it_goes() -> None:
    record, task = record_of(events_of(TINY)), make_task(TINY)
    replay = OneRunReplay(
        task, TINY, replay_key(TINY, 0), lambda unit: record.meta_iterations[unit].hyperparameters
    )
    live = make_run(task, TINY, (0, 0, 0), make_layout(TINY, task))
    states = [live.w.copy(), *(live.w.copy() for _ in live.train())]
    for iteration in (T, 3, 12, 11, 0, 22):
        replay.seek(iteration)
        np.testing.assert_array_equal(replay.w, states[iteration])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"method": "exact-reversal"}, "method: expected forward, because real time carries"),
        (
            {"hyperparameters.initial_scales.free": "true"},
            "hyperparameters.initial_scales.free: expected false, because real time moves nothing",
        ),
        (
            {"hyperparameters.decays.granularity": "iteration"},
            "hyperparameters.decays.granularity: expected one or group, because real time",
        ),
        ({"hypergradient.megabytes": "1.0"}, "hypergradient.megabytes: expected none"),
        ({"meta.new_seed": "true"}, "meta.new_seed: expected false"),
        ({"meta.update_every": "0"}, "meta.update_every: expected a whole number from 1 to"),
        ({"meta.tangents": "lost"}, "meta.tangents: expected 'kept', 'reset' or 'last step'"),
        ({"meta.update_by": "sweep"}, "meta.update_by: expected 'adam', 'rmsprop' or 'sgd'"),
    ],
)
def test_what_it_cannot_do_is_refused_in_a_sentence(change: dict[str, str], expected: str) -> None:
    with pytest.raises(InputError) as error:
        override(TINY, change)
    assert sentence(error).startswith(expected)


def test_no_setting_changes_within_one_training_run() -> None:
    with pytest.raises(InputError, match="because this is one training run"):
        next(optimize(TINY, changes=[Change(1, {"meta.step": 0.1})]))


def test_its_method_need_not_be_named_and_is_written() -> None:
    assert TINY.method == "forward"
    assert 'method = "forward"' in to_toml(TINY)


def test_the_surface_which_has_no_examples_can_be_walked_in_real_time() -> None:
    surface = override(
        load_experiment("toy"),
        {"meta.optimizer": "real-time", "method": "forward", "meta.random_runs": "2"}
        | {f"hyperparameters.{kind}.granularity": "one" for kind in ("learning_rates", "decays")}
        | {"hyperparameters.initial_scales.free": "false"},
    )
    assert finished(run(surface)).outcome == "completed"


@pytest.mark.long
def test_on_real_digits_it_beats_the_start_and_three_random_runs_with_every_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RETROGRADE_DATA", str(real_digits_path().parent))
    budget = finished(run(load_experiment("real-time"))).budget
    assert budget is not None
    moved = budget.moved("validation_loss")
    assert len(moved) == 5
    assert np.all(moved <= 0.275)
    assert np.all(budget.stayed("validation_loss") > 0.31)
    assert np.all(moved <= budget.best_of(3, "validation_loss"))


def test_an_objective_that_is_measured_whole_takes_no_batch() -> None:
    surface = override(
        load_experiment("toy"),
        {
            "meta.optimizer": "real-time",
            "method": "forward",
            "meta.objective_batch": "10",
            "hyperparameters.learning_rates.granularity": "one",
            "hyperparameters.decays.granularity": "one",
        },
    )
    with pytest.raises(InputError, match=r"^meta.objective_batch: expected none, because"):
        next(event for event in optimize(surface) if isinstance(event, RunStarted))
