"""Training examples that are themselves hyperparameters (figure 7 of the paper)."""

import numpy as np
import pytest
from experiments_for_tests import done, finished, run, tiny

from engine.errors import InputError
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import problems
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask

LEARNED = {
    "data.learned_per_class": "2",
    "data.train": "0",
    "data.scaling": "none",
    "hyperparameters.training_inputs.free": "true",
}


def test_there_are_so_many_a_class_and_they_start_near_blank() -> None:
    experiment = tiny({**LEARNED, "hyperparameters.training_inputs.initial": "0.02"})
    task = make_task(experiment)
    assert isinstance(task, NetworkTask)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    assert values["training_inputs"].shape == (6, 4)
    assert task.learned_targets.tolist() == [0, 0, 1, 1, 2, 2]
    assert 0.005 < values["training_inputs"].std() < 0.04


def test_training_sees_the_learned_inputs_and_nothing_else() -> None:
    experiment = tiny(LEARNED)
    task = make_task(experiment)
    step = done(run(experiment))[0]
    w = np.zeros(task.size)
    losses = task.measure(w, step.hyperparameters)
    assert losses.training == pytest.approx(np.log(3))
    assert step.learning_curve[0] < 2
    assert step.hypergradient["training_inputs"].shape == (6, 4)
    moved = step.next_hyperparameters["training_inputs"] - step.hyperparameters["training_inputs"]
    assert np.all(moved * step.hypergradient["training_inputs"] <= 0)


def test_ten_images_of_digits_learn_to_teach() -> None:
    experiment = override(load_experiment("learned-data"), {"meta.iterations": "15"})
    events = run(experiment)
    first, last = done(events)[0].losses, finished(events).losses
    assert last is not None
    assert last.validation < 0.6 * first.validation
    assert last.test_accuracy > 0.75
    assert all(step.reversed_exactly for step in done(events))


def test_numbers_to_predict_cannot_be_learned_one_a_class() -> None:
    experiment = override(load_experiment("regression"), {"data.learned_per_class": "1"})
    with pytest.raises(InputError) as error:
        make_task(experiment)
    assert str(error.value) == "data.learned_per_class: expected data that have classes."


def test_learned_inputs_want_a_validation_loss() -> None:
    tables = tiny(LEARNED).model_dump(exclude_none=True)
    tables["meta"]["objective"] = "training"
    assert problems(tables) == {
        "meta.objective": "expected validation, because the training inputs are learned."
    }


@pytest.mark.parametrize("kind", ["training_inputs", "sharing"])
def test_what_a_task_does_not_have_cannot_be_free(kind: str) -> None:
    with pytest.raises(InputError) as error:
        tiny({f"hyperparameters.{kind}.free": "true"})
    assert str(error.value).startswith(f"hyperparameters.{kind}.free: expected false")
