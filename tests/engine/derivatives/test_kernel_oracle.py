"""Kernel ridge, against the same losses spelled out."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.kernel_ridge import KernelRidge

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.kernel_oracle import KernelOracle, KernelProblem, squared_distances
from engine.groups import ParameterGroup

COUNT, JUDGED = 7, 5


def both(granularity: str, features: int, seed: int) -> tuple[KernelOracle, AutogradOracle]:
    """By hand; and spelled out for autograd, kernel and all."""
    random = np.random.default_rng(seed)
    inputs, judged = random.normal(size=(COUNT, features)), random.normal(size=(JUDGED, features))
    targets, wanted = random.normal(size=COUNT), random.normal(size=JUDGED)
    groups = (ParameterGroup("coefficients", 0, COUNT),)
    penalties = random.uniform(0.01, 1.0, COUNT if granularity == "weight" else 1)
    width = random.uniform(0.5, 2.0, 1)
    problem = KernelProblem(
        squared_distances(inputs, inputs),
        targets,
        squared_distances(judged, inputs),
        wanted,
        groups,
    )

    def kernel(one: Any, other: Any, theta: Any) -> Any:
        squares = np.sum((one[:, None] - other[None]) ** 2, axis=2)
        return anp.exp(-squares / (2 * theta[-1] ** 2))

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        fit = anp.dot(w, anp.dot(kernel(inputs, inputs, theta), w)) / 2 - anp.dot(targets, w)
        return fit / COUNT + anp.sum(theta[:-1] * w**2)

    def objective(w: Any, theta: Any) -> Any:
        return anp.mean((anp.dot(kernel(judged, inputs, theta), w) - wanted) ** 2)

    theta = np.concatenate([penalties, width])
    ours = KernelOracle(problem, penalties, granularity, width)
    return ours, AutogradOracle(training_loss, objective, theta)


@settings(deadline=None, max_examples=30)
@given(
    granularity=st.sampled_from(["one", "weight"]),
    features=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_by_hand_and_by_autograd_agree(granularity: str, features: int, seed: int) -> None:
    ours, spelled = both(granularity, features, seed)
    random = np.random.default_rng(seed)
    w, direction = random.normal(size=(2, COUNT))
    moved = random.uniform(0.5, 2.0, ours.theta_size)
    for one, other in ((ours, spelled), (ours.at(moved), spelled.at(moved))):
        loss, gradient = one.gradient(w, 0)
        expected_loss, expected = other.gradient(w, 0)
        assert loss == pytest.approx(expected_loss)
        assert gradient == pytest.approx(expected)
        g, *products = one.gradient_and_products(w, 0, direction)
        assert g.tobytes() == gradient.tobytes(), "exact reversal rests on it"
        _, *wanted = other.gradient_and_products(w, 0, direction)
        for found, expected in zip(products, wanted, strict=True):
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)
        theta_direction = random.normal(size=one.theta_size)
        assert one.mixed_product(w, 0, theta_direction) == pytest.approx(
            other.mixed_product(w, 0, theta_direction), rel=1e-9, abs=1e-11
        )
        found_at, expected_at = one.objective(w), other.objective(w)
        assert one.objective_value(w) == found_at[0]
        for found, expected in zip(found_at, expected_at, strict=True):
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)
        assert found_at[2][-1] != 0.0, "the width is in the objective itself, too"


def test_rows_of_the_hessian_are_its_products() -> None:
    ours, _ = both("weight", 2, seed=3)
    hessian = ours.gradient_and_hessian(np.zeros(COUNT), 0)[2]
    upper = np.triu(hessian.times(np.eye(COUNT)))
    np.testing.assert_allclose(np.triu(hessian.rows(0, COUNT)), upper, rtol=1e-14)
    np.testing.assert_allclose(hessian.rows(2, 5), hessian.times(np.eye(COUNT))[2:5], rtol=1e-14)


def test_its_minimum_is_the_kernel_ridge_of_scikit_learn() -> None:
    random = np.random.default_rng(5)
    inputs, targets = random.normal(size=(20, 2)), random.normal(size=20)
    penalty, width = 0.03, 0.8
    theirs = KernelRidge(alpha=2 * 20 * penalty, kernel="rbf", gamma=1 / (2 * width**2))
    theirs.fit(inputs, targets)
    squares = squared_distances(inputs, inputs)
    groups = (ParameterGroup("coefficients", 0, 20),)
    problem = KernelProblem(squares, targets, squares, targets, groups)
    ours = KernelOracle(problem, np.array([penalty]), "one", np.array([width]))
    assert np.abs(ours.gradient(theirs.dual_coef_, 0)[1]).max() < 1e-14
    predicted = theirs.predict(inputs)
    expected = np.mean((predicted - targets) ** 2)
    assert ours.objective_value(theirs.dual_coef_) == pytest.approx(expected)
