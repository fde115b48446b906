import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives.sharing_oracle import mix
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hyperparameters.values import Hyperparameters
from engine.runs.checks import check
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.sharing import SharingTask

KEY = (0, 0, 0)
TASKS = 10
_TINY = {
    "data.train": "2",
    "data.validation": "1",
    "data.test": "2",
    "model.hidden": "[4, 3]",
    "training.iterations": "6",
    "meta.iterations": "3",
    "hyperparameters.initial_scales.initial": "0.3",
}


def tiny(changes: dict[str, str] | None = None) -> Experiment:
    """Ten small networks for rotated digits, T = 6."""
    shipped = load_experiment("weight-sharing", stand_in=True)
    return override(shipped, {**_TINY, **(changes or {})})


def sharing_task(changes: dict[str, str] | None = None) -> SharingTask:
    task = make_task(tiny(changes))
    assert isinstance(task, SharingTask)
    return task


def start(experiment: Experiment) -> Hyperparameters:
    """Where the hyperparameters of an experiment start."""
    layout = make_layout(experiment, make_task(experiment))
    return layout.values(layout.initial_vector())


def test_every_alphabet_is_a_task_and_so_is_its_turned_copy() -> None:
    task = sharing_task()
    names = task.data.task_names
    assert task.data.summed == len(names)
    assert names[:2] == ("sample 1", "sample 2")
    assert names[5:7] == ("sample 1, turned", "sample 2, turned")
    assert len(names) == TASKS
    assert (task.data.features, task.data.image_shape) == (64, (8, 8))
    images = task.drawings.alphabets[3].images
    turned = task._images[8][4, 7].reshape(8, 8)
    np.testing.assert_array_equal(turned, np.rot90(images[4, 7]))


def test_groups_are_those_of_one_network_each_for_all_tasks() -> None:
    task = sharing_task()
    assert [group.name for group in task.groups] == [
        f"layer {layer} {kind}" for layer in (1, 2, 3) for kind in ("weights", "biases")
    ]
    sizes = [64 * 4, 4, 4 * 3, 3, 3 * 10, 10]
    assert [group.size for group in task.groups] == [TASKS * size for size in sizes]
    said = [(group.layer, group.role, group.fan_in) for group in task.groups]
    assert said == [(group.layer, group.role, group.fan_in) for group in task.network.groups]
    assert task.groups[0].start == 0
    for below, group in zip(task.groups, task.groups[1:], strict=False):
        assert below.stop == group.start
    assert task.groups[-1].stop == task.size == task.initial_noise(KEY).size


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_sharing_starts_between_networks_of_their_own_and_one_for_all(share: float) -> None:
    matrices = start(tiny({"hyperparameters.sharing.initial": str(share)}))["sharing"]
    assert matrices.shape == (3, TASKS, TASKS)
    expected = (1 - share) * np.eye(TASKS) + share * np.full((TASKS, TASKS), 1 / TASKS)
    np.testing.assert_allclose(matrices, [expected] * 3)


def test_baselines_share_nothing_or_the_whole_of_the_lowest_layer() -> None:
    values = start(tiny())
    baselines = make_task(tiny()).baselines(values)
    assert list(baselines) == ["separate", "tied lowest layer"]
    separate, lowest = baselines.values()
    np.testing.assert_array_equal(separate["sharing"], [np.eye(TASKS)] * 3)
    np.testing.assert_array_equal(lowest["sharing"][0], np.full((TASKS, TASKS), 1 / TASKS))
    np.testing.assert_array_equal(lowest["sharing"][1:], [np.eye(TASKS)] * 2)
    np.testing.assert_array_equal(lowest["learning_rates"], values["learning_rates"])


keys = st.tuples(*[st.integers(0, 2**40)] * 3)


def rows(parts: list) -> list[set[bytes]]:
    """The drawings of each task, turned back upright."""
    found = []
    for number, part in enumerate(parts):
        images = part.inputs.reshape(-1, 8, 8)
        upright = images if number < TASKS // 2 else np.rot90(images, -1, axes=(1, 2))
        found.append({image.tobytes() for image in upright})
    return found


@settings(deadline=None, max_examples=20)
@given(keys, keys)
def test_each_training_run_has_a_split_of_its_own_and_the_test_drawings_are_never_in_it(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    task = sharing_task({"data.train": "8", "data.validation": "4", "data.test": "3"})
    train, validation, test = (rows(part) for part in task._parts(one, final=False))
    everything, nothing, same_test = (rows(part) for part in task._parts(other, final=True))
    assert [len(drawings) for drawings in train] == [80] * TASKS
    assert [len(drawings) for drawings in test] == [30] * TASKS
    for number in range(TASKS):
        assert not train[number] & validation[number]
        assert train[number] | validation[number] == everything[number]
        assert not everything[number] & test[number]
        assert not nothing[number]
        assert train[number] == train[(number + 5) % TASKS]  # turned ones are divided alike
    assert test == same_test
    again = rows(task._parts(other, final=False)[0])
    assert (train == again) == (one == other)


def test_losses_are_means_over_the_tasks() -> None:
    task, values = sharing_task(), start(tiny())
    w = 0.3 * task.initial_noise(KEY)
    mixed = mix(w, values["sharing"], task.network.groups)
    losses = task.measure(w, values, KEY, final=False)
    train, validation, test = task._parts(KEY, final=False)
    for found, parts in (
        (losses.training, train),
        (losses.validation, validation),
        (losses.test, test),
    ):
        each = [
            task.network.mean_loss(mixed[i], part.inputs, part.targets)
            for i, part in enumerate(parts)
        ]
        assert found == pytest.approx(np.mean(each))
    right = [
        np.mean(task.network.outputs(mixed[i], part.inputs).argmax(axis=1) == part.targets)
        for i, part in enumerate(test)
    ]
    assert losses.test_accuracy == pytest.approx(np.mean(right))
    assert task.measure(w, values, KEY, final=True).validation is None


@pytest.mark.parametrize("objective", ["validation", "training"])
def test_the_oracle_has_the_losses_of_the_task(objective: str) -> None:
    changes = {"meta.objective": objective}
    task, values = sharing_task(changes), start(tiny(changes))
    w = 0.3 * task.initial_noise(KEY)
    losses = task.measure(w, values, KEY, final=False)
    oracle = task.oracle(KEY, values)
    penalty = values["l2_penalties"][0] * np.sum(w**2)
    assert oracle.gradient(w, 0)[0] == pytest.approx(TASKS * losses.training + penalty)
    assert oracle.objective_value(w) == pytest.approx(getattr(losses, objective))
    at_the_end = task.oracle(KEY, values, final=True).gradient(w, 0)[0]
    everything = task.measure(w, values, KEY, final=True).training
    assert at_the_end == pytest.approx(TASKS * everything + penalty)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"data.source": "iris"},
            "data.source: expected one of rotated digits, digit characters, omniglot-small-1, "
            "omniglot-small-2, which are drawings, found 'iris'.",
        ),
        (
            {"data.scaling": "each feature"},
            "data.scaling: expected none with shared networks.",
        ),
        (
            {"training.batch_size": "20"},
            "training.batch_size: expected none, because shared networks train on all drawings.",
        ),
        (
            {"data.validation": "0"},
            "data.validation: expected at least one drawing for the validation loss as objective.",
        ),
        (
            {"data.train": "0.01"},
            "data.train: expected at least 1 of the 15 drawings of a character, found 0.01.",
        ),
        (
            {"data.train": "0.8", "data.validation": "2", "data.test": "3"},
            "data.train + data.validation + data.test: expected at most 15 drawings of a "
            "character, found 17.",
        ),
    ],
)
def test_what_does_not_go_with_shared_networks_is_refused(
    changes: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError) as error:
        make_task(tiny(changes))
    assert str(error.value) == message


@pytest.mark.parametrize(
    "granularity", ["one", "group", pytest.param("weight", marks=pytest.mark.long)]
)
def test_hypergradients_pass_their_checks(granularity: str) -> None:
    checks = list(check(tiny({"hyperparameters.l2_penalties.granularity": granularity})))
    assert {"weight sharing", "L2 penalties"} <= {one.kind for one in checks}
    assert [one for one in checks if not one.passed] == []


@pytest.mark.parametrize("precision", ["double", "single"])
def test_every_training_run_is_reversed_exactly_and_the_baselines_are_judged(
    precision: str,
) -> None:
    events = events_of(tiny({"training.precision": precision}))
    assert all(step.reversed_exactly for step in done(events))
    first, second = (step.hyperparameters["sharing"] for step in done(events)[:2])
    assert np.abs(second - first).max() > 0
    last = finished(events)
    assert last.outcome == "completed"
    assert list(last.baselines) == ["separate", "tied lowest layer"]
    assert len({losses.test for losses in (last.losses, *last.baselines.values())}) == 3
