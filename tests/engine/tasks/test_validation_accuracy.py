"""The accuracy on the validation part, where learning curves are judged by it."""

import numpy as np
import pytest
from experiments_for_tests import tiny

from engine.errors import InputError
from engine.experiments.files import load_experiment, override
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.logistic import LogisticTask
from engine.tasks.networks import NetworkTask

BY_ACCURACY = {"stopping.judged_by": "accuracy"}


def test_it_is_the_share_of_examples_whose_largest_output_is_the_right_class() -> None:
    experiment = tiny(BY_ACCURACY)
    task = make_task(experiment)
    assert isinstance(task, NetworkTask)
    layout = make_layout(experiment, task)
    values, w = layout.values(layout.initial_vector()), -task.initial_noise((0, 0, 0))
    part = task.split.validation
    right = 0
    for inputs, target in zip(part.inputs, part.targets, strict=True):
        weights, biases = w[: 4 * 3].reshape(4, 3), w[4 * 3 :]
        right += int(np.argmax(inputs @ weights + biases) == target)
    measured = task.measure(w, values)["validation_accuracy"]
    assert measured == pytest.approx(right / len(part.targets))
    assert 0 < right < len(part.targets)


def test_of_a_logistic_regression_it_is_the_share_of_right_signs() -> None:
    experiment = override(load_experiment("hoag"), BY_ACCURACY)
    task = make_task(experiment)
    assert isinstance(task, LogisticTask)
    layout = make_layout(experiment, task)
    values, w = layout.values(layout.initial_vector()), task.initial_noise((0, 0, 0))
    part = task.split.validation
    right = sum(
        (float(inputs @ w) > 0) == (target >= 1)
        for inputs, target in zip(part.inputs, part.targets, strict=True)
    )
    assert task.measure(w, values)["validation_accuracy"] == pytest.approx(right / len(part.inputs))


@pytest.mark.parametrize("experiment", [tiny(), load_experiment("hoag")])
def test_it_is_not_measured_where_nobody_asks(experiment: object) -> None:
    task = make_task(experiment)  # type: ignore[arg-type]
    layout = make_layout(experiment, task)  # type: ignore[arg-type]
    values, w = layout.values(layout.initial_vector()), task.initial_noise((0, 0, 0))
    assert "validation_accuracy" not in task.measure(w, values)


def test_numbers_have_none() -> None:
    told = {"data.source": "diabetes", "model.kind": "dense network", "model.hidden": "[2]"}
    with pytest.raises(InputError, match="because the data have no classes"):
        make_task(tiny({**told, "model.loss": "squared", **BY_ACCURACY}))
