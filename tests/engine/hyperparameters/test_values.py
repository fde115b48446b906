import pickle
from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import InputError
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters, mean_hyperparameters, values_of


def some(scale: float = 1.0) -> Hyperparameters:
    return Hyperparameters(
        {
            "sharing": scale * np.arange(8.0).reshape(2, 2, 2),
            "learning_rates": scale * np.ones((3, 2)),
            "l2_penalties": scale * np.array([0.1, 0.2]),
        }
    )


def test_it_is_a_mapping_in_the_order_of_the_catalogue() -> None:
    assert list(some()) == ["learning_rates", "l2_penalties", "sharing"]
    assert len(some()) == 3
    assert "decays" not in some()
    assert set(KINDS) > set(some())


def test_no_value_can_be_written_to_and_no_kind_replaced() -> None:
    values = some()
    with pytest.raises(ValueError, match="read-only"):
        values["learning_rates"][0, 0] = 2.0
    with pytest.raises(TypeError):
        values["learning_rates"] = np.zeros((3, 2))  # type: ignore[index]


@pytest.mark.parametrize(
    "make", [lambda entry: Hyperparameters(entry), lambda entry: some().replace(**entry)]
)
def test_a_name_that_is_no_kinds_is_refused(
    make: Callable[[dict[str, np.ndarray]], Hyperparameters],
) -> None:
    with pytest.raises(InputError, match="learning_rate: expected one of learning_rates, "):
        make({"learning_rate": np.ones((3, 2))})


def test_another_value_of_one_kind_leaves_the_others_and_the_original() -> None:
    values = some()
    changed = values.replace(l2_penalties=np.zeros(2))
    assert changed["learning_rates"] is values["learning_rates"]
    np.testing.assert_array_equal(changed["l2_penalties"], 0)
    np.testing.assert_array_equal(values["l2_penalties"], [0.1, 0.2])


def test_theta_taken_apart_is_what_it_was_put_together_from() -> None:
    values = some()
    assert values.theta.shape == (10,)
    apart = values.split_theta(values.theta)
    assert list(apart) == ["l2_penalties", "sharing"]
    for kind, part in apart.items():
        np.testing.assert_array_equal(part, values[kind])


def test_without_anything_in_the_losses_theta_is_empty() -> None:
    values = Hyperparameters({"learning_rates": np.ones((3, 2))})
    assert values.theta.shape == (0,)
    assert values.split_theta(values.theta) == {}


def test_a_mean_is_taken_kind_by_kind() -> None:
    mean = mean_hyperparameters([some(1.0), some(3.0)])
    for kind, expected in some(2.0).items():
        np.testing.assert_allclose(mean[kind], expected)


def test_it_travels_between_processes() -> None:
    again = pickle.loads(pickle.dumps(some()))
    for kind, expected in some().items():
        np.testing.assert_array_equal(again[kind], expected)


def test_a_kind_that_was_left_out_has_the_values_that_make_no_difference() -> None:
    without = Hyperparameters({"learning_rates": np.ones((3, 2))})
    first, second = values_of("l2_penalties", [without, some()])
    np.testing.assert_array_equal(first, [0.0, 0.0])
    np.testing.assert_array_equal(second, some()["l2_penalties"])
    assert [one.shape for one in values_of("sharing", [without, without])] == [(0,), (0,)]
