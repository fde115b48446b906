"""Logistic regression of two classes, without a bias."""

import numpy as np
import pytest
from experiments_for_tests import done, events_of
from sklearn.linear_model import LogisticRegression

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import problems
from engine.hyperparameters.values import Hyperparameters
from engine.runs.checks import check
from engine.tasks.catalogue import make_task
from engine.tasks.logistic import LogisticTask

BY_TRAINING = {
    "meta.optimizer": "adam",
    "method": "exact-reversal",
    "training.dynamics": "momentum-sgd",
    "training.iterations": "30",
    "meta.iterations": "2",
    "hyperparameters.learning_rates.initial": "0.5",
    "hyperparameters.decays.initial": "0.9",
    "hyperparameters.initial_scales.initial": "0.1",
}


def logistic(changes: dict[str, str] | None = None) -> Experiment:
    return override(load_experiment("hoag"), changes or {})


def task_of(changes: dict[str, str] | None = None) -> LogisticTask:
    task = make_task(logistic(changes))
    assert isinstance(task, LogisticTask)
    return task


def test_its_minimum_is_that_of_scikit_learn() -> None:
    penalty, task = 0.02, task_of()
    train, test = task.split.train, task.split.test
    theirs = LogisticRegression(
        C=1 / (2 * penalty * len(train.targets)), fit_intercept=False, tol=1e-10, max_iter=10_000
    ).fit(train.inputs, train.targets)
    experiment = logistic(
        {"meta.iterations": "1", "hyperparameters.l2_penalties.initial": str(penalty)}
    )
    [first] = done(events_of(override(experiment, {"meta.tolerances": "exact"})))
    w = theirs.coef_[0]
    found = task.measure(w, first.hyperparameters)
    assert first.measures["training_loss"] == pytest.approx(found["training_loss"], rel=1e-6)
    assert first.measures["validation_loss"] == pytest.approx(found["validation_loss"], rel=1e-6)
    assert found["test_accuracy"] == theirs.score(test.inputs, test.targets)


@pytest.mark.parametrize("granularity", ["one", "weight"])
def test_training_on_it_is_undone_bit_for_bit(granularity: str) -> None:
    changes = {**BY_TRAINING, "hyperparameters.l2_penalties.granularity": granularity}
    for one in done(events_of(logistic(changes))):
        assert one.reversed_exactly


def test_its_hypergradient_is_that_of_finite_differences() -> None:
    for one in check(logistic(BY_TRAINING)):
        assert one.passed, one


def test_the_first_half_of_many_classes_is_told_from_the_others() -> None:
    task = task_of({"data.source": "digits", "data.scaling": "none"})
    assert task.data.notes[-1] == (
        "The classes 0, 1, 2, 3 and 4 together are told from 5, 6, 7, 8 and 9."
    )
    w = np.random.default_rng(0).normal(size=task.size)
    right = (task.split.test.inputs @ w > 0) == (task.split.test.targets >= 5)
    measures = task.measure(w, Hyperparameters({}))
    assert measures["test_accuracy"] == right.mean()


def test_what_it_cannot_learn_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="have numeric targets"):
        make_task(logistic({"data.source": "diabetes"}))
    tables = logistic().model_dump(exclude_none=True)
    tables["data"]["corrupted"] = 0.5
    assert problems(tables)["data.corrupted"] == "expected 0.0 with logistic regression."
    tables["data"] |= {"corrupted": 0.0, "learned_per_class": 3}
    assert "data.learned_per_class" in problems(tables)


def test_examples_are_dealt_out_as_numpy_does_if_that_is_asked_for() -> None:
    split = task_of().split
    expected = np.random.RandomState(0).permutation(569)
    np.testing.assert_array_equal(split.order, expected)
    with pytest.raises(InputError, match=r"data.seed: expected less than 2³²"):
        make_task(logistic({"data.seed": str(2**32)}))
