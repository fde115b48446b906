"""Runs that do not follow the hypergradient: sweeps along a line, and averages at one place."""

import math

import numpy as np
import pytest
from experiments_for_tests import done, finished, run, tiny
from numpy.testing import assert_allclose

from engine.experiments.experiment import Experiment
from engine.experiments.problems import problems
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.result import drain
from engine.runs.checks import check
from engine.runs.layouts import make_layout
from engine.runs.replicates import training_problem
from engine.tasks.catalogue import make_task

FIXED_BUT_RATE = {
    "hyperparameters.decays.free": "false",
    "hyperparameters.l2_penalties.free": "false",
    "hyperparameters.learning_rates.initial": "0.5",
}


def sweep(step: float, points: int, changes: dict[str, str] | None = None) -> Experiment:
    return tiny(
        {
            **FIXED_BUT_RATE,
            "meta.optimizer": "sweep",
            "meta.step": repr(step),
            "meta.iterations": str(points),
            **(changes or {}),
        }
    )


def test_a_sweep_goes_on_by_the_same_step_of_the_logarithm() -> None:
    steps = done(run(sweep(0.25, 5)))
    rates = [step.hyperparameters["learning_rates"][0, 0] for step in steps]
    assert_allclose(np.log(rates), math.log(0.5) + 0.25 * np.arange(5))


def test_the_hypergradient_along_a_sweep_is_the_slope_of_its_losses() -> None:
    steps = done(run(sweep(0.002, 3)))
    losses = [step.losses.validation for step in steps]
    middle = steps[1]
    rates = middle.hyperparameters["learning_rates"]
    slope = float(np.sum(middle.hypergradient["learning_rates"] * rates))
    assert slope == pytest.approx((losses[2] - losses[0]) / 0.004, rel=1e-4)
    assert middle.hypergradient_norm == pytest.approx(abs(slope))


def test_a_sweep_leaves_a_gap_where_training_diverges_and_goes_on() -> None:
    changes = {"hyperparameters.learning_rates.initial": "0.001", "model.loss": "squared"}
    there_and_gone = sweep(6.0, 3, changes)
    events = run(there_and_gone)
    first, second, third = done(events)
    assert math.isfinite(first.losses.training)
    assert math.isfinite(second.losses.training)
    assert math.isnan(third.losses.training)
    assert third.lyapunov_exponent == math.inf
    assert np.isnan(third.hypergradient["learning_rates"]).all()
    assert finished(events).outcome == "completed"


def test_without_a_meta_optimizer_seeds_are_sampled_at_one_place() -> None:
    events = run(tiny({"meta.optimizer": "none", "meta.new_seed": "true"}))
    steps = done(events)
    for step in steps:
        assert_allclose(
            step.next_hyperparameters["learning_rates"], steps[0].hyperparameters["learning_rates"]
        )
    assert len({step.losses.training for step in steps}) == len(steps)
    assert finished(events).losses is None


def test_a_penalty_on_the_penalties_adds_its_own_slope() -> None:
    alone, together = (
        done(run(tiny({"meta.penalty": weight, "meta.optimizer": "sgd", "meta.step": "0.01"})))[0]
        for weight in ("0.0", "3.0")
    )
    penalty = together.hyperparameters["l2_penalties"]
    moved = [
        np.log(step.next_hyperparameters["l2_penalties"]) - np.log(penalty)
        for step in (alone, together)
    ]
    assert_allclose(moved[1] - moved[0], -0.01 * (2 * 3.0 * penalty) * penalty)
    assert_allclose(together.hypergradient["l2_penalties"], alone.hypergradient["l2_penalties"])


def test_a_penalty_on_penalties_that_are_not_free_is_refused() -> None:
    tables = tiny(FIXED_BUT_RATE).model_dump(exclude_none=True)
    tables["meta"]["penalty"] = 0.5
    assert problems(tables) == {
        "meta.penalty": "expected 0, because the L2 penalties are not free."
    }


@pytest.mark.parametrize("method", ["exact-reversal", "stored-trajectory", "checkpointed"])
def test_the_lyapunov_exponent_is_that_of_the_growth_of_the_derivative(method: str) -> None:
    experiment = tiny({"training.iterations": "6"})
    task = make_task(experiment)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    problem, _ = training_problem(task, experiment, (0, 0, 0), values)
    result = drain(METHODS[method]().run(problem))
    after = np.linalg.norm(problem.oracle.objective(result.w_final)[1])
    before = np.linalg.norm(np.concatenate([result.gradient.w0, result.gradient.v0]))
    assert result.lyapunov_exponent == pytest.approx(math.log(before / after) / 6)


def test_chaos_has_a_larger_lyapunov_exponent_than_calm_training() -> None:
    deep = {"model.kind": "dense network", "model.hidden": "[20]", "training.iterations": "40"}
    deep["hyperparameters.initial_scales.initial"] = "1.0"
    calm, wild = (
        done(run(sweep(0.1, 1, {**deep, "hyperparameters.learning_rates.initial": rate})))[0]
        for rate in ("0.05", "30.0")
    )
    assert wild.lyapunov_exponent > calm.lyapunov_exponent + 0.05


def test_learned_inputs_and_penalties_have_the_hypergradient_of_finite_differences() -> None:
    learned = tiny(
        {
            "data.learned_per_class": "2",
            "data.train": "0",
            "data.scaling": "none",
            "hyperparameters.training_inputs.free": "true",
            "hyperparameters.training_inputs.initial": "0.3",
            "hyperparameters.learning_rates.initial": "0.5",
        }
    )
    checks = list(check(learned))
    assert "training inputs" in {found.kind for found in checks}
    assert all(found.passed for found in checks), checks
