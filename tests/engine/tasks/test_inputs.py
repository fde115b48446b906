"""A penalty for each input: Bengio's selection of inputs (2000), and gradients by it."""

from typing import Any

import numpy as np
import pytest
from experiments_for_tests import done, finished, run
from scipy.optimize import minimize_scalar

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.measures import BEST_SINGLE, NO_PENALTY
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.counting import find
from engine.hypergradients.result import drain
from engine.hyperparameters.layout import Layout
from engine.methods import FiniteDifferences
from engine.runs.layouts import make_layout
from engine.runs.replicates import training_problem
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask

PRUNED = load_experiment("inputs-pruned")
SMALL = {
    "data.source": "iris",
    "data.noise_inputs": "2",
    "data.train": "30",
    "data.validation": "20",
    "data.test": "10",
    "model.kind": "softmax regression",
    "model.loss": "cross-entropy",
    "training.iterations": "30",
    "training.dynamics": "momentum-sgd",
    "hyperparameters.initial_scales.initial": "0.3",
    "method": "stored-trajectory",
}
MODELS: dict[str, dict[str, str]] = {
    "linear": {
        "data.source": "diabetes",
        "model.kind": "linear regression",
        "model.loss": "squared",
    },
    "softmax": {},
    "softmax, squared": {"model.loss": "squared"},
    "network": {"model.kind": "dense network", "model.hidden": "[3, 2]"},
}
OPTIONS: dict[str, dict[str, int]] = {
    "implicit-neumann": {"terms": 3000},
    "implicit-fixed-point": {"iterations": 3000},
}
EXACT = [
    name
    for name, method in METHODS.items()
    if method.agrees_within is not None and "loss" in method.gives and name != "finite-differences"
]


def small(model: str, **changes: str) -> Experiment:
    return override(PRUNED, {**SMALL, **MODELS[model], **changes})


def problem_of(experiment: Experiment) -> tuple[Any, Layout, NetworkTask]:
    task = make_task(experiment)
    assert isinstance(task, NetworkTask)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    random = np.random.default_rng(1)
    own = 0.05 * random.uniform(0.2, 2.0, values["l2_penalties"].shape)
    problem, _ = training_problem(task, experiment, (0, 0, 0), values.replace(l2_penalties=own))
    return problem, layout, task


@pytest.mark.parametrize("model", MODELS)
def test_every_exact_method_agrees_with_finite_differences(model: str) -> None:
    problem, layout, task = problem_of(small(model))
    inputs = task.dataset.features
    assert layout.shape("l2_penalties") == (inputs + (model == "network"),)
    expected = drain(find(FiniteDifferences(), problem)).gradient.theta
    for name in EXACT:
        result = drain(find(METHODS[name](), problem))
        np.testing.assert_allclose(
            result.gradient.theta, expected, rtol=1e-5, atol=1e-7, err_msg=name
        )
        if name == "exact-reversal":
            assert result.reversed_exactly


@pytest.mark.parametrize("model", ["linear", "softmax"])
def test_implicit_methods_agree_with_long_training(model: str) -> None:
    changes = {"training.iterations": "3000", "training.dynamics": "gradient-descent"}
    changes["hyperparameters.initial_scales.initial"] = "0"
    problem, _, _ = problem_of(small(model, **changes))
    unrolled = drain(find(METHODS["stored-trajectory"](), problem)).gradient.theta
    scale = np.abs(unrolled).max()
    for name in ("implicit-cg", "implicit-neumann", "implicit-fixed-point", "implicit-cholesky"):
        if name == "implicit-cholesky" and model != "linear":
            continue  # the loss is not quadratic
        method = METHODS[name](**OPTIONS.get(name, {}))
        found = drain(find(method, problem)).gradient.theta
        np.testing.assert_allclose(found, unrolled, rtol=0, atol=1e-4 * scale, err_msg=name)


@pytest.mark.parametrize(
    ("name", "model"), [("toy", "two weights"), ("weight-sharing", "shared networks")]
)
def test_models_without_such_inputs_refuse_them(name: str, model: str) -> None:
    with pytest.raises(InputError) as error:
        override(
            load_experiment(name, stand_in=True),
            {"hyperparameters.l2_penalties.granularity": "input"},
        )
    assert error.value.field == "hyperparameters.l2_penalties.granularity"
    assert error.value.sentence == f"expected one, group or weight with {model}, found 'input'."


def test_noise_is_pruned_and_a_few_real_inputs_with_it() -> None:
    """Half the squared error: .320 without a penalty, .291 with the best single one, .227 here."""
    events = run(PRUNED)
    last = finished(events)
    assert last.measures is not None
    assert last.measures.validation is not None
    assert last.measures.test is not None
    none, single = last.baselines[NO_PENALTY], last.baselines[BEST_SINGLE]
    assert none.validation is not None
    assert single.validation is not None
    assert single.test is not None
    assert last.measures.validation / 2 <= 0.2275
    assert single.validation / 2 == pytest.approx(0.291, abs=0.003)
    assert none.validation / 2 == pytest.approx(0.320, abs=0.006)
    assert last.measures.test <= 0.50 < single.test
    assert all(not step.remarks for step in done(events))
    penalties = last.hyperparameters["l2_penalties"]
    assert np.median(penalties[10:]) > 5 * np.median(penalties[:10])


def test_the_best_single_penalty_is_the_best_and_no_penalty_is_none() -> None:
    short = override(PRUNED, {"meta.iterations": "1"})
    last = finished(run(short))
    task = make_task(short)
    assert isinstance(task, NetworkTask)
    train, validation = task.split.train, task.split.validation
    x, z = (
        np.hstack([part.inputs, np.ones((len(part.inputs), 1))]) for part in (train, validation)
    )

    def loss(penalty: float) -> float:
        free_of_it = np.diag(np.append(np.full(30, penalty), 0.0))
        w = np.linalg.solve(x.T @ x / len(x) + free_of_it, x.T @ train.targets / len(x))
        return float(np.mean((z @ w - validation.targets) ** 2))

    best = minimize_scalar(lambda power: loss(np.exp(power)), bounds=(-12, 6), method="bounded")
    assert last.baselines[BEST_SINGLE].validation == pytest.approx(best.fun, rel=1e-5)
    assert last.baselines[NO_PENALTY].validation == pytest.approx(loss(0.0), rel=1e-9)


def test_an_indefinite_hessian_warns_in_the_run() -> None:
    """A network that is hardly trained: conjugate gradients meet a direction that bends down."""
    experiment = small(
        "network",
        **{"method": "implicit-cg", "training.iterations": "3", "meta.iterations": "2"},
        **{"hyperparameters.l2_penalties.initial": "0.0001"},
    )
    events = run(experiment)
    told = [remark for step in done(events) for remark in step.remarks]
    assert any("The Hessian is not positive definite: its curvature is -" in one for one in told)
    stopped = finished(run(override(experiment, {"method": "implicit-cholesky"})))
    assert stopped.outcome == "diverged"
    assert "The Hessian is not positive definite: its lowest curvature is -" in stopped.message
