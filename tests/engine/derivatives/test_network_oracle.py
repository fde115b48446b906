from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives import AutogradOracle, NetworkOracle
from engine.tasks.models import Network, l2_penalty
from engine.tasks.splits import Part

networks = st.builds(
    Network,
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple),
    activation=st.sampled_from(["tanh", "ReLU", "softplus"]),
    loss=st.sampled_from(["cross-entropy", "squared"]),
)


def both_oracles(
    network: Network, penalties: int, seed: int
) -> tuple[AutogradOracle, NetworkOracle, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 9))
    numbers = network.loss == "squared" and network.sizes[-1] == 1
    targets = random.normal(size=count) if numbers else random.integers(0, network.sizes[-1], count)
    part = Part(random.normal(size=(count, network.sizes[0])), targets)
    theta = random.uniform(0.01, 0.2, size=penalties)

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        loss = network.mean_loss(w, part.inputs, part.targets)
        return loss if theta is None else loss + l2_penalty(w, theta, network.groups)

    def objective(w: Any, theta: Any) -> Any:
        return network.mean_loss(w, part.inputs, part.targets)

    by_autograd = AutogradOracle(training_loss, objective, theta if penalties else None)
    by_hand = NetworkOracle(network, lambda t: part, part, theta)
    return by_autograd, by_hand, random.normal(size=network.size), random.normal(size=network.size)


def assert_close(found: Any, expected: Any) -> None:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale)


@given(network=networks, seed=st.integers(0, 2**32 - 1), data=st.data())
@settings(deadline=None, max_examples=60)
def test_by_hand_and_by_autograd_agree_for_any_network_and_penalties(
    network: Network, seed: int, data: st.DataObject
) -> None:
    penalties = data.draw(st.sampled_from([0, 1, len(network.groups), network.size]))
    by_autograd, by_hand, w, direction = both_oracles(network, penalties, seed)
    for found, expected in zip(by_hand.gradient(w, 0), by_autograd.gradient(w, 0), strict=True):
        assert_close(found, expected)
    for found, expected in zip(
        by_hand.gradient_and_products(w, 0, direction),
        by_autograd.gradient_and_products(w, 0, direction),
        strict=True,
    ):
        assert_close(found, expected)
    for found, expected in zip(by_hand.objective(w), by_autograd.objective(w), strict=True):
        assert_close(found, expected)
    assert_close(by_hand.objective_value(w), by_autograd.objective_value(w))


@pytest.mark.parametrize("precision", [np.float64, np.float32])
def test_the_gradient_has_the_same_bits_alone_and_with_the_products(precision: Any) -> None:
    random = np.random.default_rng(0)
    network = Network((64, 50, 50, 10))
    part = Part(random.normal(size=(200, 64)).astype(precision), random.integers(0, 10, 200))
    oracle = NetworkOracle(network, lambda t: part, part, np.full(network.size, 1e-3), precision)
    for _ in range(5):
        w, direction = random.normal(size=(2, network.size))
        together = oracle.gradient_and_products(w, 0, direction)[0]
        np.testing.assert_array_equal(oracle.gradient(w, 0)[1], together)


def test_single_precision_gradients_are_close_to_double_ones() -> None:
    random = np.random.default_rng(1)
    network = Network((20, 30, 5))
    part = Part(random.normal(size=(40, 20)), random.integers(0, 5, 40))
    w, direction = random.normal(size=(2, network.size))
    double = NetworkOracle(network, lambda t: part, part, np.zeros(0))
    single = NetworkOracle(network, lambda t: part, part, np.zeros(0), np.float32)
    for found, expected in zip(
        single.gradient_and_products(w, 0, direction),
        double.gradient_and_products(w, 0, direction),
        strict=True,
    ):
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
