"""Kernel ridge, whose width and penalty are learned together."""

from collections.abc import Mapping

import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished, run, sentence
from series_for_tests import kernel_ridge, kernel_task
from sklearn.kernel_ridge import KernelRidge

from engine.errors import InputError
from engine.experiments.files import load_experiment, override
from engine.hypergradients.implicit_cholesky import ImplicitCholesky
from engine.hypergradients.result import drain
from engine.hyperparameters.values import Hyperparameters
from engine.runs.checks import check
from engine.runs.replicates import training_problem
from engine.tasks.catalogue import make_task


def test_its_predictions_and_errors_are_those_of_scikit_learn() -> None:
    task, penalty, width = kernel_task(), 0.01, 0.4
    train = task.split.train
    theirs = KernelRidge(alpha=2 * 12 * penalty, kernel="rbf", gamma=1 / (2 * width**2))
    theirs.fit(train.inputs, train.targets)
    experiment = kernel_ridge()
    values = Hyperparameters(
        {
            "learning_rates": np.full((10, 1), 1.0),
            "decays": np.full((10, 1), 0.5),
            "initial_scales": np.zeros(1),
            "l2_penalties": np.array([penalty]),
            "kernel_widths": np.array([width]),
        }
    )
    problem, _ = training_problem(task, experiment, (0, 0, 0), values)
    w = drain(ImplicitCholesky().run(problem)).w_final
    test = task.split.test
    predicted = task.predictions(w, width, test.inputs)
    np.testing.assert_allclose(predicted, theirs.predict(test.inputs), rtol=1e-10)
    measured = task.measure(w, values)
    assert measured["test_loss"] == pytest.approx(np.mean((predicted - test.targets) ** 2))


def test_every_method_finds_the_hypergradient_with_its_direct_term() -> None:
    experiment = kernel_ridge({"method": "exact-reversal"})
    checks = [one for one in check(experiment) if one.kind in ("kernel widths", "L2 penalties")]
    assert len(checks) >= 8
    assert [one for one in checks if not one.passed] == []


def test_training_is_reversed_exactly_where_it_is_to_be() -> None:
    events = events_of(kernel_ridge({"method": "exact-reversal"}))
    assert all(step.reversed_exactly for step in done(events))


def test_a_curve_that_followed_noise_becomes_smoother_and_better() -> None:
    events = run(load_experiment("kernel-ridge"))
    first, last = done(events)[0].measures, finished(events).measures
    assert last is not None
    assert last["validation_loss"] < 0.55 * first["validation_loss"]
    assert last["test_loss"] < 0.65 * first["test_loss"]
    assert last["training_loss"] > 2 * first["training_loss"]


def test_several_inputs_do_as_well() -> None:
    """Diabetes: better than a linear regression with one penalty is not to be had."""
    changes = {
        "data.source": "diabetes",
        "data.train": "0.6",
        "data.validation": "0.2",
        "data.test": "0.2",
        "hyperparameters.kernel_widths.initial": "1.0",
    }
    last = finished(run(override(load_experiment("kernel-ridge"), changes)))
    assert last.measures is not None
    assert last.measures["test_loss"] < 0.5


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"data.source": "iris"}, "model.kind: expected logistic regression or softmax"),
        ({"data.validation": "0"}, "data.validation: expected at least one example"),
        ({"hyperparameters.past_weights.free": "true"}, "hyperparameters.past_weights.free"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: Mapping[str, str], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        make_task(kernel_ridge(changes))
    assert sentence(refused).startswith(expected)
