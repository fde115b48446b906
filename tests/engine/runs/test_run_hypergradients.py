from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from experiments_for_tests import (
    FIXED,
    assert_same_hyperparameters,
    done,
    events_of,
    finished,
    numbers_of,
    of_kind,
    run,
    tiny,
    tiny_with_everything_free,
)
from measures_for_tests import judged

from engine.arithmetic.fixed_point import round_decays
from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Steps, drain
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import mean_hyperparameters
from engine.runs.events import RunStarted
from engine.runs.layouts import make_layout
from engine.runs.replicates import (
    by_hyperparameters,
    mean_measures,
    training_problem,
)
from engine.search.strategy import make_strategy
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask

EVERYTHING = [
    name
    for name, method in METHODS.items()
    if method.agrees_within is not None and method.gives == {"schedule", "start", "loss"}
]
"""The exact methods that give all hypergradients."""

# Against finite differences, and method against method


@pytest.mark.parametrize("method", EVERYTHING)
@pytest.mark.parametrize("objective", ["validation", "training"])
@pytest.mark.parametrize("new_seed", ["false", "true"])
def test_every_hypergradient_agrees_with_finite_differences(
    method: str, objective: str, new_seed: str
) -> None:
    experiment = tiny_with_everything_free(
        {"method": method, "meta.objective": objective, "meta.new_seed": new_seed}
    )
    task, layout = training_task(experiment)
    strategy, vector = make_strategy(experiment.meta), layout.initial_vector()
    for index, step in enumerate(done(events_of(experiment))):
        assert_same_hyperparameters(layout.values(vector), step.hyperparameters)
        key = (experiment.meta.seed, index if new_seed == "true" else 0, 0)
        pulled = layout.pull_back(vector, step.hypergradient)
        expected = finite_differences(task, layout, key, vector)
        np.testing.assert_allclose(pulled, expected, rtol=1e-5, atol=1e-8)
        assert step.hypergradient_norm == pytest.approx(np.linalg.norm(expected), rel=1e-6)
        vector = layout.project(vector + strategy.change(pulled))
    assert_same_hyperparameters(
        layout.values(vector), finished(events_of(experiment)).hyperparameters
    )


def finite_differences(
    task: NetworkTask, layout: Layout, key: tuple[int, ...], vector: Floats, step: float = 1e-5
) -> Floats:
    """Central differences of plain float64 training, around the rounded decays."""
    decays = layout.values(vector)["decays"]
    objective = partial(objective_after_training, task, layout, key, round_decays(decays) - decays)
    steps = step * np.eye(len(vector))
    return np.array([objective(vector + e) - objective(vector - e) for e in steps]) / (2 * step)


def objective_after_training(
    task: NetworkTask, layout: Layout, key: tuple[int, ...], rounding: Floats, vector: Floats
) -> float:
    values = layout.values(vector)
    sizes = [group.size for group in task.network.groups]
    oracle = task.oracle(key, values)
    w = task.initial_noise(key) * np.repeat(values["initial_scales"], sizes)
    v = np.zeros_like(w)
    for t, (rates, decays) in enumerate(
        zip(values["learning_rates"], values["decays"] + rounding, strict=True)
    ):
        decay = np.repeat(decays, sizes)
        v = decay * v - (1 - decay) * oracle.gradient(w, t)[1]
        w = w + np.repeat(rates, sizes) * v
    return oracle.objective_value(w)


def training_task(experiment: Experiment) -> tuple[NetworkTask, Layout]:
    task = make_task(experiment)
    return task, make_layout(experiment, task)


def test_exact_methods_tell_the_same_story() -> None:
    by = {name: done(events_of(tiny_with_everything_free({"method": name}))) for name in EVERYTHING}
    for exact, *others in zip(*by.values(), strict=True):
        for other in others:
            np.testing.assert_allclose(exact.learning_curve, other.learning_curve, rtol=1e-9)
            for kind, gradient in exact.hypergradient.items():
                found = other.hypergradient[kind]
                np.testing.assert_allclose(gradient, found, rtol=1e-7, atol=1e-12)
    for name, steps in by.items():
        has_buffer = name == "exact-reversal"
        assert all((step.memory.buffer_bytes > 0) == has_buffer for step in steps)
        assert all((step.memory.states_bytes > 0) != has_buffer for step in steps)


@pytest.mark.parametrize("method", [name for name in METHODS if name not in EVERYTHING])
def test_every_other_method_runs_where_what_it_cannot_differentiate_is_fixed(method: str) -> None:
    fixed = {
        f"hyperparameters.{kind}.free": "false"
        for kind in tiny_with_everything_free().free
        if KINDS[kind].enters not in METHODS[method].gives
    }
    experiment = tiny_with_everything_free({**fixed, "method": method})
    if method == "implicit-cholesky":
        experiment = override(experiment, {"model.loss": "squared"})
    events = events_of(experiment)
    assert finished(events).outcome == "completed"
    for step in done(events):
        assert experiment.free <= step.hypergradient.keys()
        assert step.cost is not None
        assert step.cost.gradients + step.cost.products > 0
        goes_back = "reversing" in METHODS[method].phases
        assert len(step.buffer_curve) == 1 + 8 * (2 if goes_back else 1)


def test_finite_differences_give_the_run_of_an_exact_method() -> None:
    changes = {"hyperparameters.initial_scales.free": "false", "meta.iterations": "2"}
    exact, moved = (
        done(events_of(tiny_with_everything_free({**changes, "method": method})))
        for method in ("stored-trajectory", "finite-differences")
    )
    for one, other in zip(exact, moved, strict=True):
        assert one.hypergradient_norm == pytest.approx(other.hypergradient_norm, rel=1e-6)
        assert one.measures.training == pytest.approx(other.measures.training, rel=1e-6)


def test_every_reversal_is_exact() -> None:
    for experiment in (tiny({"meta.seeds": "3"}), tiny_with_everything_free()):
        assert all(step.reversed_exactly for step in done(events_of(experiment)))


def test_five_meta_iterations_of_the_shipped_regression_lower_its_loss() -> None:
    events = run(override(load_experiment("regression"), {"meta.iterations": "5"}))
    losses = [step.losses.validation for step in done(events)]
    assert losses == sorted(losses, reverse=True)
    last = finished(events).losses
    assert last is not None
    assert last.validation < losses[-1]
    assert all(step.reversed_exactly for step in done(events))


@pytest.mark.parametrize("objective", ["validation", "training"])
def test_the_objective_is_the_loss_that_goes_down(objective: str) -> None:
    experiment = tiny({"meta.objective": objective})
    losses = [getattr(step.losses, objective) for step in done(events_of(experiment))]
    assert losses[0] > losses[1] > losses[2]


def test_the_training_objective_needs_no_validation_part() -> None:
    events = run(tiny({"meta.objective": "training", "data.validation": "0", "data.test": "0"}))
    for step in done(events):
        assert {name for name, value in step.measures.items() if value is None} == {
            "validation_loss",
            "test_loss",
            "test_accuracy",
        }
    assert finished(events).outcome == "completed"


# Randomness and seeds


def test_the_same_run_twice_gives_the_same_bits() -> None:
    experiment = tiny_with_everything_free({"meta.new_seed": "true", "meta.seeds": "2"})
    assert numbers_of(run(experiment)) == numbers_of(run(experiment))


def first_losses(changes: dict[str, str]) -> list[float]:
    """The first training loss of every meta-iteration, with nothing free."""
    events = events_of(tiny({**FIXED, **changes}))
    return [float(step.learning_curve[0]) for step in done(events)]


def test_new_seed_draws_afresh_in_every_meta_iteration() -> None:
    assert len(set(first_losses({"meta.new_seed": "true"}))) == 3
    assert len(set(first_losses({"meta.new_seed": "false"}))) == 1


def test_another_seed_is_another_run() -> None:
    ours = first_losses({"meta.new_seed": "true"})
    others = first_losses({"meta.new_seed": "true", "meta.seed": "1"})
    assert not set(ours) & set(others)


def test_without_anything_free_nothing_moves() -> None:
    events = events_of(tiny(FIXED))
    assert [step.hypergradient_norm for step in done(events)] == [0.0, 0.0, 0.0]
    [started] = of_kind(events, RunStarted)
    assert_same_hyperparameters(started.initial, finished(events).hyperparameters)


def test_several_seeds_are_averaged() -> None:
    experiment = tiny_with_everything_free({"meta.seeds": "3", "meta.new_seed": "true"})
    task, _ = training_task(experiment)
    for index, step in enumerate(done(events_of(experiment))):
        results, gradients = [], []
        for replicate in range(3):
            key = (experiment.meta.seed, index, replicate)
            problem, noise = training_problem(task, experiment, key, step.hyperparameters)
            results.append(drain(METHODS[experiment.method]().run(problem)))
            gradients.append(by_hyperparameters(problem, results[-1], noise, step.hyperparameters))
        assert_same_hyperparameters(step.hypergradient, mean_hyperparameters(gradients))
        curve = np.mean([result.learning_curve for result in results], axis=0)
        np.testing.assert_array_equal(step.learning_curve, curve)
        assert step.losses == mean_measures(
            [task.measure(result.w_final, step.hyperparameters) for result in results]
        )


def test_the_memory_told_is_the_largest_of_the_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter((500, 9000, 700))

    class Sized(ExactReversal):
        def run(self, problem: Problem) -> Steps:
            result = yield from super().run(problem)
            return replace(result, memory=replace(result.memory, buffer_bytes=next(sizes)))

    monkeypatch.setitem(METHODS, "exact-reversal", Sized)
    [step] = done(run(tiny({"meta.seeds": "3", "meta.iterations": "1"})))
    assert step.memory.buffer_bytes == 9000


def test_averages_leave_out_what_is_not_there() -> None:
    several = [judged(1.0, None, 3.0, None), judged(2.0, None, None, None)]
    assert mean_measures(several) == judged(1.5, None, 3.0, None)
