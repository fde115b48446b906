import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import load_dataset
from engine.data.noise import with_noise
from engine.errors import InputError
from engine.experiments.files import load_experiment, override


@given(count=st.integers(1, 30), seed=st.integers(0, 2**63 - 1))
def test_noise_stands_behind_what_there_was(count: int, seed: int) -> None:
    wine = load_dataset("wine")
    more = with_noise(wine, count, seed)
    np.testing.assert_array_equal(more.inputs[:, : wine.features], wine.inputs)
    assert more.features == wine.features + count
    assert more.noise_inputs == count
    assert more.feature_names == (*wine.feature_names, *(f"noise {n + 1}" for n in range(count)))
    np.testing.assert_array_equal(more.targets, wine.targets)
    again = with_noise(wine, count, seed)
    np.testing.assert_array_equal(again.inputs, more.inputs)
    assert not np.array_equal(with_noise(wine, count, seed ^ 1).inputs, more.inputs)


def test_noise_is_standard_normal_and_says_nothing_of_the_targets() -> None:
    more = with_noise(load_dataset("diabetes"), 1000, 0)
    noise = more.inputs[:, 10:]
    assert abs(noise.mean()) < 0.01
    assert noise.std() == pytest.approx(1.0, abs=0.01)
    targets = (more.targets - more.targets.mean()) / more.targets.std()
    correlations = targets @ noise / len(noise)
    assert correlations.std() == pytest.approx(len(noise) ** -0.5, rel=0.1)


def test_without_any_a_data_set_is_the_same() -> None:
    digits = load_dataset("digits")
    assert with_noise(digits, 0, 5) is digits
    assert with_noise(digits, 3, 5).image_shape is None  # 67 features are no image


@pytest.mark.parametrize("name", ["weight-sharing", "hyper-representation", "toy"])
def test_tasks_without_such_inputs_refuse_it(name: str) -> None:
    with pytest.raises(InputError, match=r"^data.noise_inputs: expected 0 with"):
        override(load_experiment(name, stand_in=True), {"data.noise_inputs": "3"})
