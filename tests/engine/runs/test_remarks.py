from contextlib import closing
from dataclasses import replace

import pytest
from experiments_for_tests import FIXED, done, events_of, finished, of_kind, record_of, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.measures import Measures
from engine.runs.budget import Budget, SeedOutcome
from engine.runs.events import Event, MetaIterationDone, RunStarted
from engine.runs.records import RunRecord
from engine.runs.remarks import remarks
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task


def without_effect() -> Experiment:
    """Momentum decays are free, and with learning rates of zero nothing moves."""
    return tiny(
        {
            "hyperparameters.learning_rates.free": "false",
            "hyperparameters.learning_rates.initial": "0",
            "hyperparameters.decays.free": "true",
        }
    )


def test_a_hypergradient_that_stays_zero_is_remarked_on() -> None:
    [remark] = remarks(record_of(events_of(without_effect())))
    assert remark.startswith("The hypergradient has been zero since meta-iteration 0: ")
    assert "validation loss" in remark


def test_that_nothing_is_free_is_remarked_on_and_no_step_blamed() -> None:
    fixed = {f"hyperparameters.{kind}.free": "false" for kind in tiny().free}
    [remark] = remarks(record_of(events_of(tiny(fixed))))
    assert remark.startswith("Nothing is free")
    sampled = override(tiny(fixed), {"meta.optimizer": "none", "meta.iterations": "2"})
    assert not [*remarks(record_of(events_of(sampled)))]


def test_that_the_only_update_comes_too_late_is_remarked_on() -> None:
    late = override(
        load_experiment("real-time"),
        {"training.iterations": "20", "meta.update_every": "1000", "meta.random_runs": "0"},
    )
    record = record_of(events_of(late))
    [remark] = remarks(record)
    assert "too late to change it: update every 2 iterations" in remark
    assert record.finished is not None
    assert record.finished.message == "Completed 1 update."


def test_what_several_seeds_say_alike_is_said_once() -> None:
    told = tuple(f"Training ended at {share} of it: doubtful." for share in (0.15, "1e-3", 2))
    events = [
        replace(event, remarks=told) if isinstance(event, MetaIterationDone) else event
        for event in events_of(tiny())
    ]
    assert [*remarks(record_of(events))] == [told[0]]


def test_nothing_is_remarked_while_there_is_something_to_learn_or_of_a_sweep() -> None:
    assert not [*remarks(record_of(events_of(tiny())))]
    sweep = override(load_experiment("chaos"), {"meta.iterations": "2", "training.iterations": "3"})
    assert not [*remarks(record_of(events_of(sweep)))]


def test_a_minibatch_larger_than_the_data_is_told_with_what_is_used() -> None:
    task = make_task(tiny({"training.batch_size": "100000"}))
    count = len(task.split.train.targets)
    [note] = task.data.notes
    assert note == (
        f"A minibatch of 100,000 would be more than the {count:,} examples to train on; every "
        "iteration uses all of them."
    )
    assert not make_task(tiny({"training.batch_size": str(count)})).data.notes


def zero_with_losses(*losses: float) -> list[Event]:
    """A run whose hypergradients are all zero, and which has these validation losses."""
    events = events_of(without_effect())
    first = done(events)[0]
    return [
        *of_kind(events, RunStarted),
        *(
            replace(first, index=index, measures=first.measures.replace(validation_loss=loss))
            for index, loss in enumerate(losses)
        ),
    ]


def test_of_a_loss_far_above_its_best_it_is_not_said_that_nothing_is_left_to_learn() -> None:
    [remark] = remarks(record_of(zero_with_losses(0.9, 0.5, 0.92, 0.92)))
    assert "left to learn" not in remark
    assert remark.endswith(
        "which is 0.92, although it was 0.5 in meta-iteration 1: try a smaller step."
    )
    [remark] = remarks(record_of(zero_with_losses(0.9, 0.5, 0.501, 0.501)))
    assert remark.endswith("and nothing is left to learn.")


def test_of_a_run_that_diverged_nothing_of_the_kind_is_said() -> None:
    end = finished(events_of(without_effect()))
    diverged = replace(end, outcome="diverged", measures=None)
    assert not [*remarks(record_of([*zero_with_losses(0.9, 0.92, 0.92), diverged]))]


def on_the_same_budget(real_time: float, *drawn: float) -> RunRecord:
    """A run in real time that ended at a loss, and random runs at others, of two equal seeds."""
    experiment = tiny({"meta.optimizer": "real-time", "method": "forward", "meta.random_runs": "0"})
    *events, last = events_of(experiment)
    measures = finished([*events, last]).measures
    assert measures is not None

    def at(loss: float) -> Measures:
        return measures.replace(validation_loss=loss)

    seed = SeedOutcome(at(real_time), at(0.9), tuple(map(at, drawn)))
    return record_of([*events, replace(last, budget=Budget(2.5, (seed, seed)))])


def test_it_is_said_where_random_search_does_better_than_real_time() -> None:
    [remark] = remarks(on_the_same_budget(0.5, 0.2, 0.4, 0.6))
    assert remark == (
        "Random search does better on the same gradient evaluations (seed by seed, in 2 of 2): the "
        "best of 2 random runs is expected at a validation loss of 0.267, real time ends at 0.5."
    )
    assert not [*remarks(on_the_same_budget(0.2, 0.2, 0.4, 0.6))]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, "1,000"),
        ({"hyperparameters.l2_penalties.free": "true"}, "1,001"),
        ({"meta.optimizer": "random"}, None),
        ({"meta.trials_by": "kind"}, None),
        ({"training.iterations": "300"}, None),
    ],
)
def test_a_sampler_of_very_many_values_is_slow_and_that_is_said_before_the_first_trial(
    changes: dict[str, str], count: str | None
) -> None:
    pytest.importorskip("optuna")
    many = {
        **FIXED,
        "training.iterations": "500",
        "hyperparameters.learning_rates.free": "true",
        "hyperparameters.learning_rates.granularity": "iteration and group",
        "meta.optimizer": "tpe",
    }
    with closing(optimize(tiny({**many, **changes}))) as events:
        started = next(event for event in events if isinstance(event, RunStarted))
        told = [*remarks(RunRecord(started))]
    assert [*told] == ([one for one in told if f"each proposal of {count} values" in one])
    assert bool(told) == (count is not None)
