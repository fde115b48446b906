import hashlib
import re
import subprocess
import sys

import numpy as np
import pytest

from engine.data.dataset import Dataset, pixel_names
from engine.data.datasets import BUILT_IN, OWN, SURFACE, load_dataset
from engine.data.published import LIBRARY
from engine.errors import InputError

SYNTHETIC = ("moons", "spirals", "blobs")
SEVERAL_TASKS = [name for name, entry in BUILT_IN.items() if entry.kind == "several tasks"]
WITH_EXAMPLES = [name for name in BUILT_IN if name not in {SURFACE, OWN, *LIBRARY, *SEVERAL_TASKS}]


def test_the_registry_lists_the_built_in_sets_under_their_own_names():
    assert list(BUILT_IN) == [
        "digits", "breast-cancer", "wine", "iris", "diabetes", "nile", "waves", "moons", "spirals",
        "blobs", "curved surface", "own problem", "rotated digits", "digit characters", "mnist",
        "mnist-test", "fashion-mnist", "omniglot-small-1", "omniglot-small-2",
    ]  # fmt: skip
    assert all(name == entry.name for name, entry in BUILT_IN.items())


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_registry_describes_what_is_loaded(name):
    dataset, entry = load_dataset(name), BUILT_IN[name]
    description = entry.description.replace("8 × 8", "").replace(",", "").replace("10⁸", "")
    counts = list(map(int, re.findall(r"\d+", description)))
    expected = [dataset.size, dataset.features]
    if dataset.kind == "classification":
        expected.append(dataset.classes)
    if dataset.kind == "series":
        expected = [dataset.size, dataset.order[0], dataset.order[-1]]
    assert counts == expected
    assert (dataset.name, dataset.title, dataset.kind) == (entry.name, entry.title, entry.kind)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_a_built_in_set_keeps_the_promises_of_a_dataset(name):
    dataset = load_dataset(name)
    assert dataset.inputs.shape == (dataset.size, dataset.features)
    assert dataset.targets.shape == (dataset.size,)
    assert dataset.inputs.dtype == np.float64
    assert dataset.inputs.flags.c_contiguous
    assert np.isfinite(dataset.inputs).all()
    assert len(set(dataset.feature_names)) == dataset.features
    if dataset.kind == "classification":
        assert dataset.targets.dtype == np.int64
        assert np.array_equal(np.unique(dataset.targets), np.arange(dataset.classes))
        assert len(set(dataset.class_names)) == dataset.classes >= 2
    else:
        assert dataset.targets.dtype == np.float64
        assert dataset.classes == 0


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_arrays_cannot_be_written_to(name):
    dataset = load_dataset(name)
    with pytest.raises(ValueError, match="read-only"):
        dataset.inputs[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        dataset.targets[0] = 1


@pytest.mark.parametrize(("name", "kind"), [(SURFACE, "surface"), (OWN, "own losses")])
def test_what_has_no_examples_has_none_to_load(name, kind):
    assert BUILT_IN[name].kind == kind
    with pytest.raises(InputError, match=r"^data\.source: expected one of"):
        load_dataset(name)


@pytest.mark.parametrize("name", SEVERAL_TASKS)
def test_several_tasks_are_refused_with_the_model_that_they_are_for(name):
    with pytest.raises(InputError, match=rf"^model\.kind: expected shared networks.*{name}.*\.$"):
        load_dataset(name)


@pytest.mark.parametrize("name", [name for name in LIBRARY if name not in SEVERAL_TASKS])
def test_a_set_that_is_not_at_hand_is_refused_with_how_to_fetch_it(name):
    with pytest.raises(InputError) as refusal:
        load_dataset(name)
    assert re.fullmatch(
        rf"data\.source: {name} is not downloaded; `retrograde fetch {name}` downloads it "
        r"\(\d+\.\d MB\), or set RETROGRADE_DATA to its folder\.",
        str(refusal.value),
    )


def test_digits_are_images_of_values_from_0_to_1():
    digits = load_dataset("digits")
    assert digits.image_shape == (8, 8)
    assert (digits.inputs.min(), digits.inputs.max()) == (0.0, 1.0)
    assert np.array_equal(digits.inputs * 16, np.rint(digits.inputs * 16))
    assert digits.class_names == tuple("0123456789")
    assert digits.feature_names[8:10] == ("pixel 1,0", "pixel 1,1")


def test_diabetes_comes_in_its_own_units():
    diabetes = load_dataset("diabetes")
    ages = diabetes.inputs[:, diabetes.feature_names.index("age")]
    assert (ages.min(), ages.max()) == (19.0, 79.0)
    assert (diabetes.targets.min(), diabetes.targets.max()) == (25.0, 346.0)


@pytest.mark.parametrize("name", SYNTHETIC)
def test_synthetic_sets_are_the_same_in_every_process(name):
    script = (
        "import hashlib; from engine.data.datasets import load_dataset;"
        f"print(hashlib.sha256(load_dataset({name!r}).inputs.tobytes()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(load_dataset(name).inputs.tobytes()).hexdigest()


@pytest.mark.parametrize("name", SYNTHETIC)
def test_synthetic_classes_have_the_same_size(name):
    counts = np.bincount(load_dataset(name).targets)
    assert set(counts) == {600 // len(counts)}


@pytest.mark.parametrize(("name", "linear", "nearest"), [
    ("moons", (0.75, 0.92), 0.95),
    ("spirals", (0.33, 0.6), 0.95),
    ("blobs", (0.95, 1.0), 0.95),
])  # fmt: skip
def test_synthetic_sets_can_be_learned_and_moons_and_spirals_not_by_a_line(name, linear, nearest):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    dataset = load_dataset(name)
    straight = cross_val_score(LogisticRegression(), dataset.inputs, dataset.targets).mean()
    curved = cross_val_score(KNeighborsClassifier(5), dataset.inputs, dataset.targets).mean()
    assert linear[0] <= straight <= linear[1]
    assert curved >= nearest


def test_the_moons_are_blurred_half_circles_of_radius_1():
    moons = load_dataset("moons")
    upper = moons.inputs[moons.targets == 0]
    lower = [1.0, 0.5] - moons.inputs[moons.targets == 1]
    for half in (upper, lower):
        distances = np.hypot(*half.T)
        assert distances.mean() == pytest.approx(1.0, abs=0.05)
        assert distances.std() == pytest.approx(0.15, abs=0.02)


def test_a_set_is_loaded_once():
    assert load_dataset("iris") is load_dataset("iris")


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(InputError) as refusal:
        load_dataset("imagenet")
    message = str(refusal.value)
    assert message.startswith("data.source: expected one of digits, breast-cancer,")
    assert message.endswith("found 'imagenet'.")
    assert all(name in message for name in BUILT_IN)


def test_a_dataset_takes_any_layout_and_leaves_its_origin_writable():
    inputs = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(3, 2))
    targets = np.array([0, 1, 0], np.uint8)
    dataset = Dataset("small", "Small", inputs, targets, ("no", "yes"), ("a", "b"))
    assert dataset.inputs.flags.c_contiguous
    assert np.array_equal(dataset.inputs, [[0, 1], [2, 3], [4, 5]])
    assert dataset.targets.dtype == np.int64
    assert (dataset.size, dataset.features, dataset.classes) == (3, 2, 2)
    assert not dataset.targets.flags.writeable
    inputs[0, 0] = targets[0] = 1


def test_a_dataset_does_not_freeze_an_array_that_it_shares():
    inputs, targets = np.zeros((2, 1)), np.array([0.5, 1.5])
    dataset = Dataset("small", "Small", inputs, targets, (), ("a",))
    assert np.shares_memory(dataset.inputs, inputs)
    assert inputs.flags.writeable
    assert dataset.kind == "regression"


def test_pixels_are_named_row_by_row():
    assert pixel_names((2, 3)) == (
        "pixel 0,0", "pixel 0,1", "pixel 0,2", "pixel 1,0", "pixel 1,1", "pixel 1,2",
    )  # fmt: skip


def test_importing_the_data_part_imports_neither_scikit_learn_nor_qt():
    script = (
        "import sys, engine.data.datasets, engine.data.readers, engine.data.splits;"
        "print([m for m in sys.modules if m.split('.')[0] in ('sklearn', 'PySide6', 'scipy')])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
