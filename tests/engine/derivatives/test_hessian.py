"""Second derivatives at one place, as products with directions and as rows."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import hessian

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.kernels.examples import make_examples


def oracle_of(network: Network, sparse: bool, weights: bool, penalties: int) -> NetworkOracle:
    random = np.random.default_rng(0)
    numbers = network.sizes[-1] == 1 and network.loss == "squared"
    targets = random.normal(size=9) if numbers else random.integers(0, network.sizes[-1], 9)
    examples = make_examples(random.normal(size=(9, network.sizes[0])), targets, sparse=sparse)
    granularity = {1: "one", len(network.groups): "group", network.size: "weight"}
    order = np.array([[3, 1, 4, 1, 5], [2, 6, 5, 3, 8]])  # some come twice
    return NetworkOracle(
        network,
        examples,
        lambda t: order[t],
        examples,
        random.uniform(0.1, 0.5, penalties),
        penalty_granularity=granularity.get(penalties, "one"),
        example_weights=random.uniform(0.5, 2, 9) if weights else None,
    )


def right_of_the_diagonal(rows: np.ndarray, first: int) -> np.ndarray:
    return np.triu(rows, first)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize(
    ("sizes", "loss", "is_quick"),
    [
        ((4, 1), "squared", True),
        ((3, 2), "squared", True),
        ((3, 2), "cross-entropy", False),
        ((3, 2, 1), "squared", False),
    ],
)
def test_rows_of_a_networks_hessian_are_its_products_with_units(
    sizes: tuple[int, ...], loss: Any, is_quick: bool, sparse: bool, weights: bool
) -> None:
    network = Network(sizes, loss=loss)
    w = np.random.default_rng(1).normal(size=network.size)
    for penalties in (0, 1, len(network.groups), network.size):
        oracle = oracle_of(network, sparse, weights, penalties)
        _, _, found = oracle.gradient_and_hessian(w, 1)
        assert (found.quick_rows is not None) == is_quick
        units = np.eye(network.size)
        expected = [oracle.gradient_and_products(w, 1, unit)[1].copy() for unit in units]
        for first, stop in ((0, network.size), (1, 4), (2, 3)):
            np.testing.assert_allclose(
                right_of_the_diagonal(found.rows(first, stop), first),
                right_of_the_diagonal(np.array(expected[first:stop]), first),
                rtol=0,
                atol=1e-12,
            )


def test_rows_of_an_own_loss_are_those_of_autograds_hessian() -> None:
    def loss(w: Any, theta: Any, t: int) -> Any:
        return anp.sum(anp.sin(theta * w) ** 2) + anp.prod(w) + t * anp.dot(w, w)

    w, theta = np.random.default_rng(0).normal(size=(2, 5))
    oracle = AutogradOracle(loss, lambda w, theta: anp.sum(w), theta)
    _, gradient, found = oracle.gradient_and_hessian(w, 2)
    expected = hessian(loss)(w, theta, 2)
    np.testing.assert_array_equal(gradient, oracle.gradient(w, 2)[1])
    np.testing.assert_allclose(found.rows(0, 5), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found.rows(2, 4), expected[2:4], rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(
        found.times([w, theta])[1], oracle.gradient_and_products(w, 2, theta)[1]
    )
