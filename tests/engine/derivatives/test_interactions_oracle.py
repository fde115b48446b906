"""Interactions between classes, against the same losses spelled out."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.interactions_oracle import InteractionsOracle
from engine.derivatives.models import Network, l2_penalty
from engine.derivatives.network_oracle import NetworkOracle
from engine.hyperparameters.interactions import as_matrix, pairs_of
from engine.kernels.examples import make_examples

COUNT = 7


def both(classes: int, features: int, seed: int) -> tuple[InteractionsOracle, AutogradOracle]:
    """By hand; and spelled out for autograd, pair by pair."""
    random = np.random.default_rng(seed)
    network = Network((features, classes))
    inputs = random.normal(size=(COUNT, features))
    targets = random.integers(0, classes, COUNT)
    penalty, own = random.random(1), random.random(pairs_of(classes))
    examples = make_examples(inputs, targets)
    plain = NetworkOracle(network, examples, lambda t: slice(t, COUNT), examples, penalty)

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        loss = network.mean_loss(w, inputs[t:], targets[t:])
        loss = loss + l2_penalty(w, theta[:1], "one", network.groups)
        columns = anp.reshape(w[: features * classes], (features, classes))
        for place, (j, k) in enumerate(zip(*np.triu_indices(classes, 1), strict=True)):
            apart = anp.sum((columns[:, j] - columns[:, k]) ** 2)
            loss = loss + 2 * theta[1 + place] * apart  # A_jk and A_kj
        return loss

    spelled = AutogradOracle(
        training_loss,
        lambda w, theta: network.mean_loss(w, inputs, targets),
        np.concatenate([penalty, own]),
    )
    return InteractionsOracle(plain, own, features), spelled


@settings(deadline=None, max_examples=40)
@given(classes=st.integers(2, 5), features=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_by_hand_and_by_autograd_agree(classes: int, features: int, seed: int) -> None:
    ours, spelled = both(classes, features, seed)
    random = np.random.default_rng(seed)
    size = (features + 1) * classes
    w, direction = random.normal(size=(2, size))
    assert ours.theta == pytest.approx(spelled.theta)
    assert ours.theta_size == spelled.theta_size
    moved = random.random(ours.theta_size)
    for one, other in ((ours, spelled), (ours.at(moved), spelled.at(moved))):
        loss, gradient = one.gradient(w, 1)
        expected_loss, expected = other.gradient(w, 1)
        assert loss == pytest.approx(expected_loss)
        assert gradient == pytest.approx(expected)
        for found, wanted in zip(
            one.gradient_and_products(w, 1, direction),
            other.gradient_and_products(w, 1, direction),
            strict=True,
        ):
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-10)
        along = one.gradient_and_hessian(w, 1)[2].times([direction])
        assert along[0] == pytest.approx(other.gradient_and_products(w, 1, direction)[1])
        theta_direction = random.normal(size=one.theta_size)
        assert one.mixed_product(w, 1, theta_direction) == pytest.approx(
            other.mixed_product(w, 1, theta_direction)
        )
        value, by_w, by_theta = one.objective(w)
        expected_value, expected_by_w, expected_by_theta = other.objective(w)
        assert value == pytest.approx(expected_value)
        assert by_w == pytest.approx(expected_by_w)
        assert by_theta == pytest.approx(expected_by_theta)


def test_the_gradient_has_the_same_bits_wherever_it_comes_from() -> None:
    ours, _ = both(4, 3, 0)
    w, direction = np.random.default_rng(1).normal(size=(2, 16))
    gradient = ours.gradient(w, 0)[1].copy()
    assert np.array_equal(gradient, ours.gradient_and_products(w, 0, direction)[0])
    assert np.array_equal(gradient, ours.gradient_and_hessian(w, 0)[1])


def test_a_matrix_is_symmetric_and_zero_on_its_diagonal() -> None:
    assert as_matrix(np.array([1.0, 2.0, 3.0])).tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]
