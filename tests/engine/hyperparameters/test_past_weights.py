"""Weights on the past: both forms, and how they move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hyperparameters.past_weights import (
    PAST_WEIGHTS,
    log_weights,
    start,
    weights_at,
    window,
)

AGES = np.arange(1.0, 60.0)
STEPS = st.floats(PAST_WEIGHTS.low, PAST_WEIGHTS.high)


def test_an_example_as_old_as_the_memory_counts_37_percent_and_half_in_a_window() -> None:
    assert weights_at(np.array([8.0]), np.array([8.0]))[0] == pytest.approx(np.exp(-1))
    assert weights_at(np.array([8.0, 3.0]), np.array([8.0]))[0] == 0.5
    np.testing.assert_array_equal(weights_at(np.zeros(0), AGES), np.ones(59))


@given(memory=STEPS, softness=STEPS, form=st.integers(1, 2))
def test_logarithms_and_their_derivatives_are_finite_wherever_they_may_move(
    memory: float, softness: float, form: int
) -> None:
    with np.errstate(all="raise", under="ignore"):
        logs, slopes = log_weights(np.array([memory, softness][:form]), AGES)
    assert np.isfinite(logs).all()
    assert np.isfinite(slopes).all()
    assert np.all(logs <= 0)
    assert np.all(slopes[0] >= 0), "a longer memory keeps more of everything"


@given(
    values=st.lists(st.floats(2.0, 50.0), min_size=1, max_size=2),
)
def test_derivatives_are_those_of_small_steps(values: list[float]) -> None:
    own = np.array(values)
    _, slopes = log_weights(own, AGES)
    for place in range(own.size):
        h = 1e-5 * own[place]
        moved = [own + sign * h * (np.arange(own.size) == place) for sign in (1, -1)]
        ends = [log_weights(one, AGES)[0] for one in moved]
        np.testing.assert_allclose((ends[0] - ends[1]) / (2 * h), slopes[place], atol=1e-7)


def test_both_forms_start_as_far_back_as_is_asked_for() -> None:
    assert start("exponential", 20.0).tolist() == [20.0]
    assert start("soft window", 20.0).tolist() == [20.0, 5.0]
    assert start("soft window", 0.1).tolist() == [0.1, 0.1], "no softer than may be"


def test_a_window_with_hard_edges_is_one_and_then_nothing() -> None:
    np.testing.assert_allclose(weights_at(window(5), AGES), AGES <= 5, atol=1e-200)
