"""Bengio's reversed factorisation against two solves with the factor, and against the method."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import cho_factor, cho_solve

from engine import hypergradient
from engine.hypergradients.reversed_cholesky import go_back, solve


def criterion(seed: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A well-conditioned A, b and ∂E/∂w."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(3 * size + 3, size))
    b, by_w = random.normal(size=(2, size))
    return rows.T @ rows / len(rows) + 0.5 * np.eye(size), b, by_w


def below(symmetric: np.ndarray) -> np.ndarray:
    """What the entries on and below the diagonal stand for: those above as well."""
    return np.tril(symmetric + symmetric.T) - np.diag(np.diag(symmetric))


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 12))
def test_going_back_step_by_step_gives_what_two_solves_give(seed: int, size: int) -> None:
    a, b, by_w = criterion(seed, size)
    solved = solve(a, b)
    factor = cho_factor(a)
    w, q = cho_solve(factor, b), cho_solve(factor, by_w)
    found = go_back(solved, by_w)
    np.testing.assert_allclose(solved.w, w, rtol=0, atol=1e-12 * np.abs(w).max())
    np.testing.assert_allclose(found.b, q, rtol=0, atol=1e-12 * np.abs(q).max())
    expected = below(-np.outer(q, w))
    np.testing.assert_allclose(found.a, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_it_is_the_derivative_of_the_minimum() -> None:
    a, b, by_w = criterion(3, 4)
    found, step = go_back(solve(a, b), by_w), 1e-6
    for i, j in zip(*np.tril_indices(4), strict=True):
        moved = np.zeros((4, 4))
        moved[i, j] = moved[j, i] = step
        ends = [by_w @ solve(a + sign * moved, b).w for sign in (1, -1)]
        assert found.a[i, j] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-7)


def test_the_method_gives_the_hypergradient_that_it_gives() -> None:
    """Ridge regression with log penalties: dE/dλ_j = Ā_jj e^{λ_j}."""
    random = np.random.default_rng(0)
    inputs, judged = random.normal(size=(2, 40, 7))
    targets, wanted = random.normal(size=(2, 40))
    theta = random.normal(-1, 0.5, 7)

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        misfit = anp.mean((anp.dot(inputs, w) - targets) ** 2) / 2
        return misfit + anp.sum(anp.exp(theta) * w * w) / 2

    def validation_loss(w: Any, theta: Any) -> Any:
        return anp.mean((anp.dot(judged, w) - wanted) ** 2) / 2

    by_method = hypergradient(
        training_loss,
        validation_loss,
        np.zeros(7),
        theta=theta,
        learning_rates=[0.1],
        decays=[0.5],
        method="implicit-cholesky",
    )
    solved = solve(inputs.T @ inputs / 40 + np.diag(np.exp(theta)), inputs.T @ targets / 40)
    by_w = judged.T @ (judged @ solved.w - wanted) / 40
    expected = np.diag(go_back(solved, by_w).a) * np.exp(theta)
    found = by_method.gradient.theta
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())
