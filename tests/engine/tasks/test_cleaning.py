"""Data hyper-cleaning: a weight for each training example (Franceschi et al. 2017)."""

from itertools import product

import numpy as np
import pytest
from cleaning_for_tests import cleaning
from experiments_for_tests import done, events_of, finished, tiny

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import problems
from engine.hyperparameters.values import Hyperparameters
from engine.runs.checks import check
from engine.runs.run import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.cleaning import detection, final_examples
from engine.tasks.networks import NetworkTask

GRADIENT_DESCENT = {
    "training.dynamics": "gradient-descent",
    "method": "stored-trajectory",
    "hyperparameters.decays.initial": "0.0",
}


def task_of(experiment: Experiment) -> NetworkTask:
    task = make_task(experiment)
    assert isinstance(task, NetworkTask)
    return task


def start_of(experiment: Experiment, task: NetworkTask) -> Hyperparameters:
    layout = make_layout(experiment, task)
    return layout.values(layout.initial_vector())


def test_weights_start_at_the_bound_shared_out_with_a_row_for_each_seed() -> None:
    experiment = cleaning()
    weights = start_of(experiment, task_of(experiment))["example_weights"]
    np.testing.assert_array_equal(weights, np.full((2, 60), 0.5))


def test_without_wrong_labels_all_seeds_share_one_row() -> None:
    experiment = cleaning({"data.corrupted": "0.0"})
    task = task_of(experiment)
    assert start_of(experiment, task)["example_weights"].shape == (1, 60)
    assert task.data.corrupted is None


def test_fixed_weights_of_one_are_not_there_at_all() -> None:
    experiment = tiny()
    assert "example_weights" not in start_of(experiment, task_of(experiment))


def test_each_seed_has_wrong_labels_of_its_own_in_the_training_part_alone() -> None:
    task = task_of(cleaning())
    clean = task_of(cleaning({"data.corrupted": "0.0"}))
    moved = task.data.corrupted
    assert moved is not None
    assert moved.shape == (2, 60)
    assert moved.sum(axis=1).tolist() == [24, 24]
    assert np.any(moved[0] != moved[1])
    for row in (0, 1):
        labels = task.splits[row].train.targets
        np.testing.assert_array_equal(labels, task.dataset.targets[task.splits[row].order[:60]])
        np.testing.assert_array_equal(task.given(row).targets != labels, moved[row])
    for part in ("train", "validation", "test"):
        one, other = (getattr(each.split, part).targets for each in (task, clean))
        np.testing.assert_array_equal(one, other)
    assert np.any(task.splits[0].order != task.splits[1].order), "each divides the data anew"


@pytest.mark.parametrize("field", ["data.corruption_seed", "meta.seed"])
def test_either_seed_gives_other_wrong_labels(field: str) -> None:
    one, other = (task_of(cleaning({field: seed})).moved for seed in ("1", "2"))
    assert one is not None
    assert other is not None
    assert np.any(one != other)


@pytest.mark.parametrize("row", [0, 1])
def test_training_sees_given_labels_and_weights_and_nothing_of_the_truth(row: int) -> None:
    """The same as a loss that is spelled out with them alone."""
    task = task_of(cleaning())
    random = np.random.default_rng(5)
    weights = random.uniform(size=(2, 60))
    oracle = task.oracle((0, 0, row), Hyperparameters({"example_weights": weights}))
    given, network = task.given(row), task.network
    validation = task.splits[row].validation

    def training_loss(w, theta, t):  # type: ignore[no-untyped-def]
        losses = network.losses(w, given.inputs, given.targets)
        return (theta[60 * row : 60 * (row + 1)] * losses).mean()

    def objective(w, theta):  # type: ignore[no-untyped-def]
        return network.mean_loss(w, validation.inputs, validation.targets)

    spelled_out = AutogradOracle(training_loss, objective, weights.ravel())
    w, direction = random.normal(size=(2, task.size))
    for found, expected in zip(
        (*oracle.gradient(w, 0), *oracle.gradient_and_products(w, 0, direction)),
        (*spelled_out.gradient(w, 0), *spelled_out.gradient_and_products(w, 0, direction)),
        strict=True,
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        GRADIENT_DESCENT,
        {"method": "forward"},
        {"method": "checkpointed"},
        {"hyperparameters.initial_scales.initial": "0.0"},
    ],
    ids=["exact reversal", "gradient descent", "forward", "checkpointed", "from zero"],
)
def test_every_method_finds_the_hypergradient_of_finite_differences(
    changes: dict[str, str],
) -> None:
    told = [*check(cleaning(changes))]
    held = [one for one in told if not one.is_told]
    assert all(one.passed for one in held)
    assert any("finite differences" in one.what for one in held)
    assert {one.kind for one in held} >= {"example weights"}


def test_training_with_momentum_comes_back_bit_for_bit() -> None:
    for size, precision in product(("", "20"), ("double", "single")):
        changes = {"training.batch_size": size, "training.precision": precision}
        steps = done(events_of(cleaning(changes)))
        assert [step.reversed_exactly for step in steps] == [True] * 3


def test_a_seed_is_no_business_of_another_ones_weights() -> None:
    """What one seed learns does not change with the labels of the other."""
    both = done(events_of(cleaning({"meta.iterations": "1"})))[0].hypergradient["example_weights"]
    alone = done(events_of(cleaning({"meta.iterations": "1", "meta.seeds": "1"})))[0]
    np.testing.assert_allclose(2 * both[0], alone.hypergradient["example_weights"][0], rtol=1e-12)


def test_wrong_labels_are_found_and_most_of_what_they_cost_is_won_back() -> None:
    experiment = override(load_experiment("hyper-cleaning"), {"meta.seeds": "1"})
    last = finished(events_of(experiment))
    assert last.measures is not None
    f1 = last.measures["f1"]
    assert f1 is not None
    assert f1 > 0.9
    names = ("oracle", "all examples", "validation only")
    assert tuple(last.baselines) == names
    oracle, every, _ = (last.baselines[name].test_accuracy for name in names)
    assert oracle - every > 0.02
    assert last.measures.test_accuracy - every > 0.75 * (oracle - every)


def test_a_final_model_is_trained_on_both_parts_and_judged_seed_by_seed() -> None:
    last = finished(events_of(cleaning()))
    assert last.measures is not None
    assert last.measures.validation is None, "the validation part was trained on"
    assert {name: len(each) for name, each in last.seeds.items()} == dict.fromkeys(
        ("", "oracle", "all examples", "validation only"), 2
    )
    for name, measures in {"": last.measures, **last.baselines}.items():
        losses = [one.test for one in last.seeds[name]]
        assert measures.test == pytest.approx(np.mean(losses))
    oracle, only = last.baselines["oracle"], last.baselines["validation only"]
    assert (oracle["f1"], only["recall"]) == (1.0, 1.0)


def test_final_trainings_are_as_long_as_asked_for() -> None:
    short, long = (
        finished(events_of(cleaning({"training.final_iterations": count}))).measures
        for count in ("3", "300")
    )
    assert short is not None
    assert long is not None
    assert long.test < 0.8 * short.test


@pytest.mark.parametrize("learned", [True, False])
def test_validation_examples_get_the_largest_weight_and_all_have_a_mean_of_one(
    learned: bool,
) -> None:
    task = task_of(cleaning())
    weights = np.linspace(0, 0.8, 60)
    own = weights if learned else np.concatenate([weights, np.full(50, 0.8)])
    examples, found = final_examples(task.given(), task.split.validation, own, np.float64)
    assert examples.size == len(found) == 109, "the weight of 0 is left out"
    assert found.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(found[59:], found.max())
    np.testing.assert_allclose(found[:59] / found.max(), weights[1:] / 0.8)


def test_precision_recall_and_f1_count_weights_below_a_thousandth() -> None:
    moved = np.array([True, True, True, False, False])
    weights = np.array([0.0, 9e-4, 0.5, 0.0, 1.0])
    assert detection(weights, moved) == pytest.approx(
        {"precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3}
    )
    nothing = detection(np.ones(5), moved)
    assert nothing == {"precision": None, "recall": 0.0, "f1": 0.0}
    assert set(detection(None, moved).values()) == {None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"data.corrupted": 1.5}, "less than or equal to 1"),
        ({"data.learned_per_class": 1}, "because the training inputs are learned."),
    ],
)
def test_labels_that_cannot_be_corrupted_are_refused(
    changes: dict[str, object], expected: str
) -> None:
    tables = tiny({"data.corrupted": "0.5"}).model_dump(exclude_none=True)
    for field, value in changes.items():
        tables["data"][field.removeprefix("data.")] = value
    [sentence] = [text for key, text in problems(tables).items() if key == "data.corrupted"]
    assert expected in sentence or "from 0 to 1" in sentence


def test_numbers_to_predict_have_no_labels_to_corrupt() -> None:
    experiment = override(load_experiment("regression"), {"data.corrupted": "0.5"})
    with pytest.raises(InputError) as error:
        make_task(experiment)
    assert str(error.value) == "data.corrupted: expected 0.0, because the data have no classes."


def test_numbers_to_predict_have_weights_all_the_same() -> None:
    changes = {
        "hyperparameters.example_weights.free": "true",
        "meta.iterations": "2",
        "training.iterations": "10",
    }
    last = finished(events_of(override(load_experiment("regression"), changes)))
    assert list(last.baselines) == ["all examples", "validation only"]
    assert last.hyperparameters["example_weights"].min() < 1
