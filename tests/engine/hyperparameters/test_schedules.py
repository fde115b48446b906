import numpy as np
import pytest
from experiments_for_tests import tiny, tiny_with_everything_free

from engine.hyperparameters import schedules
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task

ONE = np.array([[0.1], [0.2], [0.4]])
NAMES = ["layer 1 weights", "layer 1 biases"]


@pytest.mark.parametrize(
    ("kind", "domain", "value", "words"),
    [
        ("learning_rates", "log", 0.0, "more than 0 and at most 2048"),
        ("learning_rates", "identity", -3000.0, "at least -2048 and at most 2048"),
        ("decays", "logit", 1.0, "less than 1"),
        ("decays", "identity", 1.5, "and at most 1"),
        ("learning_rates", "log", np.nan, "found nan"),
    ],
)
def test_a_value_outside_is_named_with_its_place(kind, domain, value, words) -> None:
    values = np.full((3, 2), 0.5)
    assert schedules.problem(kind, domain, values, NAMES) == ""
    values[2, 1] = value
    sentence = schedules.problem(kind, domain, values, NAMES)
    assert "at iteration 2, layer 1 biases" in sentence
    assert words in sentence


def test_edges_that_are_allowed_are_allowed() -> None:
    assert not schedules.problem("decays", "identity", np.ones((1, 1)), NAMES)
    assert not schedules.problem("learning_rates", "log", np.full((1, 1), 2048.0), NAMES)


def test_rates_are_averaged_by_their_logarithms() -> None:
    np.testing.assert_allclose(schedules.flattened(ONE, "log"), 0.2)
    np.testing.assert_allclose(schedules.flattened(ONE, "identity"), 0.7 / 3)


def test_smoothing_spreads_a_bump_and_leaves_a_constant_alone() -> None:
    np.testing.assert_allclose(schedules.smoothed(np.full((6, 2), 0.3), "log"), 0.3)
    bump = np.ones((9, 1))
    bump[4] = 2.0
    smooth = schedules.smoothed(bump, "identity").ravel()
    np.testing.assert_allclose(smooth[2:7] - 1, np.array([1, 4, 6, 4, 1]) / 16)
    assert smooth[0] == smooth[8] == 1


def test_a_schedule_of_one_iteration_can_be_smoothed() -> None:
    np.testing.assert_allclose(schedules.smoothed(np.full((1, 2), 0.7), "logit"), 0.7)


def test_a_domain_gives_way_to_the_values() -> None:
    assert schedules.fitting_domain("learning_rates", ONE) == "log"
    assert schedules.fitting_domain("learning_rates", ONE, "identity") == "identity"
    assert schedules.fitting_domain("learning_rates", -ONE, "log") == "identity"
    assert schedules.fitting_domain("decays", ONE) == "logit"
    assert schedules.fitting_domain("decays", np.ones((2, 1))) == "identity"


def initial(experiment):
    layout = make_layout(experiment, make_task(experiment))
    return layout.values(layout.initial_vector())


@pytest.mark.parametrize("shape", [(8,), (8, 1), (8, 2)])
def test_a_schedule_is_spread_over_all_groups(shape) -> None:
    values = np.geomspace(0.1, 0.4, int(np.prod(shape))).reshape(shape)
    tried = schedules.with_schedule(initial(tiny()), "learning_rates", values)["learning_rates"]
    assert tried.shape == (8, 2)
    np.testing.assert_array_equal(tried, np.broadcast_to(values.reshape(8, -1), (8, 2)))


def test_the_other_hyperparameters_stay() -> None:
    before = initial(tiny_with_everything_free())
    after = schedules.with_schedule(before, "decays", np.full(8, 0.25))
    assert (after["decays"] == 0.25).all()
    assert after["learning_rates"] is before["learning_rates"]
