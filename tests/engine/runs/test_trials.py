"""Runs that search without hypergradients."""

from concurrent.futures import Executor, ThreadPoolExecutor
from importlib import util
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.strategies import STRATEGIES
from engine.runs import trials
from engine.runs.changes import Changes
from engine.runs.events import MetaIterationDone, MetaIterationStarted, RunFinished, RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize

TRYING = [name for name, one in STRATEGIES.items() if one.tries and not one.missing]
FREE = {
    **FIXED,
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.decays.free": "true",
    "meta.iterations": "9",
}


def searching(strategy: str, **changes: str) -> Experiment:
    return tiny({**FREE, "meta.optimizer": strategy, **changes})


def penalties(initial: str) -> dict[str, str]:
    """Training diverges where they are large."""
    return {
        "hyperparameters.decays.free": "false",
        "hyperparameters.l2_penalties.free": "true",
        "hyperparameters.l2_penalties.initial": initial,
    }


def record_of(experiment: Experiment, executor: Executor | None = None, **told: Any) -> RunRecord:
    record = None
    for event in optimize(experiment, executor=executor, **told):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def numbers(record: RunRecord) -> list[tuple[float, Any]]:
    return [(one.objective, one.hyperparameters["decays"][0, 0]) for one in record.meta_iterations]


@pytest.mark.parametrize("name", TRYING)
def test_the_best_trial_is_the_result_and_is_judged(name: str) -> None:
    record = record_of(searching(name))
    done, finished = record.meta_iterations, record.finished
    assert finished is not None
    assert finished.outcome == "completed"
    best = min(done, key=lambda one: one.objective)
    assert len(done) == 9
    for kind, values in finished.hyperparameters.items():
        np.testing.assert_array_equal(values, best.hyperparameters[kind])
    assert finished.measures is not None
    assert finished.measures["validation_loss"] == best.measures["validation_loss"]
    least = np.minimum.accumulate([one.objective for one in done])
    so_far = [next(o for o in done if o.objective == value) for value in least]
    for one, best_then in zip(done, so_far, strict=True):
        np.testing.assert_array_equal(
            one.next_hyperparameters["decays"], best_then.hyperparameters["decays"]
        )


def test_the_first_trial_is_the_first_meta_iteration_to_the_bit() -> None:
    by_descent = record_of(searching("adam", **{"meta.iterations": "1"})).meta_iterations[0]
    tried = record_of(searching("random", **{"meta.iterations": "1"})).meta_iterations[0]
    assert tried.measures == by_descent.measures
    np.testing.assert_array_equal(tried.learning_curve, by_descent.learning_curve)
    assert tried.objective == by_descent.objective


def test_a_trial_only_trains() -> None:
    record = record_of(searching("random", **{"meta.seeds": "2"}))
    for one in record.meta_iterations:
        assert one.cost is not None
        assert one.cost.gradients == 2 * record.iterations
        assert one.cost.products == one.cost.tangents == 0
        assert one.reversed_exactly is None
    assert record.steps == record.iterations


@pytest.mark.parametrize("name", TRYING)
@pytest.mark.parametrize("seeds", ["1", "2"])
def test_who_does_the_trials_changes_no_number(
    name: str, seeds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = searching(name, **{"meta.seeds": seeds, "meta.trials_at_once": "4"})
    expected = numbers(record_of(experiment, threads=1))
    with ThreadPoolExecutor(3) as executor:
        assert numbers(record_of(experiment, executor)) == expected
    monkeypatch.setattr(trials, "is_worth_threads", lambda task: True)
    assert numbers(record_of(experiment, threads=3)) == expected


def test_of_samplers_the_number_at_once_changes_what_is_proposed() -> None:
    pytest.importorskip("optuna")
    one = numbers(record_of(searching("tpe", **{"meta.iterations": "20"})))
    several = numbers(
        record_of(searching("tpe", **{"meta.iterations": "20", "meta.trials_at_once": "5"}))
    )
    assert one != several


@pytest.mark.parametrize("name", TRYING)
def test_where_training_diverges_there_is_a_gap_and_the_search_goes_on(name: str) -> None:
    wild = {**penalties("3000.0"), "meta.trials_spread": "9.0", "meta.iterations": "30"}
    record = record_of(searching(name, **wild))
    losses = [one.objective for one in record.meta_iterations]
    assert 0 < np.isnan(losses).sum() < len(losses)
    gap = record.meta_iterations[int(np.flatnonzero(np.isnan(losses))[0])]
    assert np.isnan(gap.measures["validation_loss"])
    assert record.finished is not None
    assert record.finished.outcome == "completed"


def test_where_all_diverge_it_is_said() -> None:
    wild = {**penalties("1000000.0"), "meta.trials_spread": "0.01"}
    record = record_of(searching("random", **wild))
    assert record.finished is not None
    assert record.finished.outcome == "diverged"
    assert record.finished.message.startswith("Training diverged in every trial.")


def test_more_trials_may_be_asked_for_while_they_go_on_but_not_of_a_grid() -> None:
    experiment = searching("random")
    changes = Changes(experiment)
    record = None
    for event in optimize(experiment, changes=changes):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
        if isinstance(event, MetaIterationStarted) and event.meta_iteration == 4:
            changes.ask({"meta.iterations": 12})
    assert record is not None
    assert len(record.meta_iterations) == 12
    grid = Changes(searching("grid"))
    with pytest.raises(InputError, match="points of the grid"):
        grid.ask({"meta.iterations": 12})


def test_a_grid_ends_when_it_has_no_more_points() -> None:
    experiment = searching("grid", **{"meta.iterations": "12"})
    started = next(one for one in optimize(experiment) if isinstance(one, RunStarted))
    assert RunRecord(started).planned == 9, "which is known from the beginning"
    record = record_of(experiment)
    assert len(record.meta_iterations) == 9
    assert record.finished is not None
    assert record.finished.message == "Completed 9 trials."


def test_fresh_seeds_are_fresh_in_each_trial() -> None:
    events = [
        one
        for one in optimize(searching("random", **{"meta.new_seed": "true"}))
        if isinstance(one, MetaIterationDone | RunFinished)
    ]
    again = searching("random", **{"meta.new_seed": "true", "meta.seed": "1"})
    others = [one for one in optimize(again) if isinstance(one, MetaIterationDone)]
    first = [one.learning_curve[0] for one in events if isinstance(one, MetaIterationDone)]
    assert len(set(first)) == len(first)
    assert others[0].objective != events[0].objective  # type: ignore[union-attr]


@pytest.mark.parametrize("minimise_to", ["", "1e-6"])
def test_no_derivatives_are_asked_of_the_method(minimise_to: str) -> None:
    experiment = searching(
        "random",
        **{
            "method": "implicit-cg",
            "hypergradient.minimise_to": minimise_to,
            "hyperparameters.l2_penalties.free": "true",
            "hyperparameters.l2_penalties.initial": "0.01",
            "meta.penalty": "0.1",
        },
    )
    record = record_of(experiment)
    for one in record.meta_iterations:
        added = 0.1 * float(np.sum(one.hyperparameters["l2_penalties"] ** 2))
        assert one.objective == pytest.approx(one.measures["validation_loss"] + added)
        assert one.cost is not None
        assert one.cost.products == 0
        assert one.cost.gradients > 0


def test_what_is_not_installed_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    find = util.find_spec
    monkeypatch.setattr(
        "engine.experiments.strategies.find_spec",
        lambda name: None if name in ("optuna", "cmaes") else find(name),
    )
    with pytest.raises(InputError) as raised:
        searching("cma-es")
    assert raised.value.field == "meta.optimizer"
    assert raised.value.sentence == (
        "expected another strategy, because CMA-ES needs Optuna and cmaes: "
        "pip install 'retrograde[search]'."
    )


@pytest.mark.parametrize(
    "name",
    ["toy", "pixel-penalties", "learned-data", "weight-sharing", "task-interactions", "real-time"],
)
def test_any_experiment_can_be_searched(name: str) -> None:
    few = {"training.iterations": "4", "meta.iterations": "2", "meta.optimizer": "random"}
    experiment = override(load_experiment(name, stand_in=True), {**few, "meta.seeds": "1"})
    record = record_of(experiment)
    assert record.finished is not None
    assert record.finished.outcome == "completed"
    first, second = record.meta_iterations
    assert first.objective != second.objective


def at_minima(strategy: str, **changes: str) -> Experiment:
    """Trials that go to the minimum of a logistic regression's training loss."""
    few = {"meta.iterations": "25", "hypergradient.minimise_to": "1e-7", "method": "implicit-cg"}
    experiment = load_experiment("hoag", stand_in=True)
    return override(experiment, {**few, "meta.optimizer": strategy, **changes})


def taken(record: RunRecord) -> int:
    return sum(one.cost.gradients for one in record.meta_iterations if one.cost is not None)


@pytest.mark.parametrize("strategy", ["grid", "random"])
def test_warm_trials_arrive_where_cold_ones_do_in_fewer_evaluations(strategy: str) -> None:
    cold = record_of(at_minima(strategy))
    warm = record_of(at_minima(strategy, **{"meta.trials_warm": "true"}))

    def losses(record: RunRecord) -> list[tuple[float, float]]:
        return sorted(
            (float(one.hyperparameters["l2_penalties"][0]), one.objective)
            for one in record.meta_iterations
        )

    np.testing.assert_allclose(losses(warm), losses(cold), rtol=1e-5)
    assert taken(warm) < 0.95 * taken(cold)


def test_a_warm_grid_goes_along_its_axis_from_the_strongest_penalty() -> None:
    record = record_of(at_minima("grid", **{"meta.trials_warm": "true"}))
    penalties_tried = [one.hyperparameters["l2_penalties"][0] for one in record.meta_iterations]
    assert penalties_tried == sorted(penalties_tried, reverse=True)


@pytest.mark.parametrize("name", [name for name in TRYING if name != "cma-es"])
@pytest.mark.parametrize("seeds", ["1", "2"])
def test_who_does_warm_trials_changes_no_number(
    name: str, seeds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"meta.trials_warm": "true", "meta.seeds": seeds, "meta.trials_at_once": "3"}
    experiment = at_minima(name, **told)
    alone = record_of(experiment, threads=1)
    expected = [one.objective for one in alone.meta_iterations]
    with ThreadPoolExecutor(3) as executor:
        by_three = record_of(experiment, executor)
    assert [one.objective for one in by_three.meta_iterations] == expected
    assert taken(by_three) == taken(alone)
    monkeypatch.setattr(trials, "is_worth_threads", lambda task: True)
    in_threads = record_of(experiment, threads=3)
    assert [one.objective for one in in_threads.meta_iterations] == expected
    assert taken(in_threads) == taken(alone)


def test_the_best_warm_trial_is_judged_from_where_it_started() -> None:
    warm = {"meta.trials_warm": "true", "hypergradient.minimise_to": "1e-2"}
    record = record_of(at_minima("grid", **warm))
    best = min(record.meta_iterations, key=lambda one: one.objective)
    assert record.finished is not None
    assert record.finished.measures is not None
    assert record.finished.measures["validation_loss"] == best.measures["validation_loss"]


def test_trials_that_train_cannot_start_warm() -> None:
    with pytest.raises(InputError) as raised:
        at_minima("grid", **{"meta.trials_warm": "true", "hypergradient.minimise_to": ""})
    assert raised.value.field == "meta.trials_warm"
    assert "takes an implicit method with minimise_to set" in raised.value.sentence
