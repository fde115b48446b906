import pickle
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import cg

from engine import DivergedError, InputError, hypergradient
from engine.errors import UnsolvedError
from engine.methods import (
    ImplicitCG,
    ImplicitCholesky,
    ImplicitFixedPoint,
    ImplicitNeumann,
)

ALL = (ImplicitCG(), ImplicitNeumann(600), ImplicitFixedPoint(600), ImplicitCholesky())


class Ridge:
    """Linear regression with a log penalty for every weight, which is also in the objective."""

    def __init__(self, seed: int = 0, size: int = 6) -> None:
        random = np.random.default_rng(seed)
        self.inputs, self.judged = random.normal(size=(2, 30, size))
        truth = random.normal(size=size)
        self.targets = self.inputs @ truth + 0.3 * random.normal(size=30)
        self.wanted = self.judged @ truth
        self.theta = random.normal(-1, 0.5, size)
        self.size = size

    def training_loss(self, w: Any, theta: Any, t: int) -> Any:
        misfit = anp.mean((anp.dot(self.inputs, w) - self.targets) ** 2) / 2
        return misfit + anp.sum(anp.exp(theta) * w * w) / 2

    def validation_loss(self, w: Any, theta: Any) -> Any:
        return anp.mean((anp.dot(self.judged, w) - self.wanted) ** 2) / 2 + anp.sum(theta**2) / 100

    @property
    def hessian(self) -> np.ndarray:
        return self.inputs.T @ self.inputs / 30 + np.diag(np.exp(self.theta))

    def exact(self) -> np.ndarray:
        """Bengio (2000): dE/dλ_j = ∂E/∂λ_j − e^{λ_j} q_j w_j at the minimum."""
        w = np.linalg.solve(self.hessian, self.inputs.T @ self.targets / 30)
        slope = self.judged.T @ (self.judged @ w - self.wanted) / 30
        q = np.linalg.solve(self.hessian, slope)
        return self.theta / 50 - np.exp(self.theta) * w * q

    def by(self, method: Any, iterations: int = 400, rate: float = 0.5, decay: float = 0.5) -> Any:
        return hypergradient(
            self.training_loss,
            self.validation_loss,
            np.zeros(self.size),
            theta=self.theta,
            learning_rates=np.full(iterations, rate),
            decays=np.full(iterations, decay),
            method=method,
        )


@pytest.mark.parametrize("method", ALL, ids=lambda method: method.name)
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))]
)
def test_at_the_minimum_they_are_exact(method: Any, seed: int) -> None:
    ridge = Ridge(seed)
    found = ridge.by(method)
    np.testing.assert_allclose(found.gradient.theta, ridge.exact(), rtol=1e-8, atol=1e-10)
    assert found.solution.stationarity < 1e-8
    assert found.solution.residual < 1e-8
    assert found.remarks == ()


def test_as_training_grows_longer_unrolled_ones_approach_them_at_the_rate_of_training() -> None:
    """Linear convergence: both errors shrink by 1 − α times the least curvature an iteration."""
    ridge = Ridge()
    lengths = np.array([20, 40, 60, 80])
    kept = 1 - 0.3 * np.linalg.eigvalsh(ridge.hessian)[0]  # gradient descent of rate 0.3
    for method in ("implicit-cg", "stored-trajectory"):
        errors = [
            np.abs(ridge.by(method, int(T), 0.6, 0.5).gradient.theta - ridge.exact()).max()
            for T in lengths
        ]
        assert np.all(np.diff(errors) < 0), method
        assert errors[-1] < errors[0] * 1e-2, method
    slow = [
        hypergradient(
            ridge.training_loss,
            ridge.validation_loss,
            np.zeros(ridge.size),
            theta=ridge.theta,
            learning_rates=np.full(int(T), 0.3),
            dynamics="gradient-descent",
            method="implicit-cg",
        ).gradient.theta
        for T in lengths
    ]
    errors = [np.abs(theta - ridge.exact()).max() for theta in slow]
    rates = (np.array(errors[1:]) / errors[:-1]) ** (1 / 20)
    np.testing.assert_allclose(rates[-1], kept, rtol=0.02)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 1000), count=st.integers(1, 30), step=st.floats(0.01, 0.5))
def test_n_terms_of_neumann_are_n_rounds_of_the_fixed_point(
    seed: int, count: int, step: float
) -> None:
    ridge = Ridge(seed, 4)
    series, rounds = (
        ridge.by(method, 30).gradient.theta
        for method in (ImplicitNeumann(count, step), ImplicitFixedPoint(count, step))
    )
    np.testing.assert_allclose(series, rounds, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_a_few_rounds_of_conjugate_gradients_are_those_of_scipy(rounds: int) -> None:
    ridge = Ridge()
    found = ridge.by(ImplicitCG(iterations=rounds))
    w = found.w_final
    slope = ridge.judged.T @ (ridge.judged @ w - ridge.wanted) / 30
    q, _ = cg(ridge.hessian, slope, rtol=0.0, maxiter=rounds)
    wanted = ridge.theta / 50 - np.exp(ridge.theta) * w * q
    np.testing.assert_allclose(found.gradient.theta, wanted, rtol=1e-10)
    assert found.solution.rounds == rounds


def test_where_training_has_not_arrived_they_say_so() -> None:
    found = Ridge().by(ImplicitCG(), iterations=3)
    assert found.solution.stationarity > 0.05
    [remark] = found.remarks
    assert f"{found.solution.stationarity:.2g} of what it was at the start" in remark


def saddle(w: Any, theta: Any, t: int) -> Any:
    return w[0] ** 2 - 0.5 * w[1] ** 2 + theta[0] * w[0]


def at_the_saddle(method: Any, training_loss: Any = saddle) -> Any:
    return hypergradient(
        training_loss,
        lambda w, theta: w[0] + w[1],
        np.zeros(2),
        theta=[0.0],
        learning_rates=np.full(2, 0.1),
        decays=np.full(2, 0.5),
        method=method,
    )


def test_an_indefinite_hessian_is_told_with_its_curvature() -> None:
    def steep(w: Any, theta: Any, t: int) -> Any:
        return w[0] ** 2 - 1.5 * w[1] ** 2 + theta[0] * w[0]

    found = at_the_saddle(ImplicitCG(), steep)
    assert "curvature is -0.5" in found.remarks[0]
    assert found.solution.lowest_curvature == pytest.approx(-0.5)
    with pytest.raises(DivergedError, match="lowest curvature is -1"):
        at_the_saddle(ImplicitCholesky())


@pytest.mark.parametrize("curvatures", [(1.0, 0.4, -0.005, 0.02, 0.3), (1.0, 0.4, 1e-17, 0.0, 0.3)])
def test_the_best_round_counts_where_the_hessian_is_indefinite_or_singular(
    curvatures: tuple[float, ...],
) -> None:
    bent, slope = np.array(curvatures), np.array([1.0, 2.0, -1.0, 0.3, 0.7])
    found = hypergradient(
        lambda w, theta, t: anp.sum(bent * w**2) / 2 + anp.dot(theta, w),
        lambda w, theta: anp.dot(slope, w),
        np.zeros(5),
        theta=np.full(5, 0.1),
        learning_rates=np.full(1, 0.1),
        decays=np.full(1, 0.5),
        method=ImplicitCG(),
    )
    residuals, x, left = [1.0], np.zeros(5), slope.copy()  # textbook rounds, each measured
    direction = left.copy()
    for _ in range(50):
        product = bent * direction
        if direction @ product <= 0:
            break
        step = left @ left / (direction @ product)
        x, after = x + step * direction, left - step * product
        direction, left = after + (after @ after) / (left @ left) * direction, after
        if not np.isfinite(x).all():
            break
        residuals.append(float(np.linalg.norm(bent * x - slope) / np.linalg.norm(slope)))
    assert found.solution.residual == pytest.approx(min(residuals), rel=1e-6)
    assert residuals[-1] > 1.01 * min(residuals)
    assert found.solution.gave_up
    assert found.solution.gave_up in found.remarks


@pytest.mark.parametrize("method", [ImplicitNeumann(50, 2.0), ImplicitFixedPoint(50, 2.0)])
def test_a_step_that_is_too_large_is_told_with_how_much_it_diverges(method: Any) -> None:
    found = Ridge().by(method)
    [remark] = found.remarks
    assert "diverges" in remark
    assert "× as long as the one before" in remark
    assert "The step 2 is too large" in remark
    assert found.solution.residual > 1


@pytest.mark.parametrize("method", [ImplicitNeumann(50, 1e9), ImplicitFixedPoint(50, 1e9)])
def test_a_series_that_leaves_all_numbers_is_no_hypergradient_and_its_step_is_named(
    method: Any,
) -> None:
    with pytest.raises(UnsolvedError) as error:
        Ridge().by(method)
    assert "diverges with the step 1e+09" in str(error.value)
    assert "growing" in str(error.value)
    assert "chaotic" not in str(error.value)
    again = pickle.loads(pickle.dumps(error.value))
    assert str(again) == str(error.value)


@pytest.mark.parametrize(
    "method", [ImplicitNeumann(1), ImplicitNeumann(100, 1e-9), ImplicitCG(iterations=1)]
)
def test_a_system_that_is_far_from_solved_is_told_with_its_residual(method: Any) -> None:
    found = Ridge().by(method)
    assert found.solution.residual > 0.05
    [remark] = found.remarks
    assert f"the residual is {found.solution.residual:.2g} of ∇E" in remark


@pytest.mark.parametrize("bent", [0.0, -1.0])
def test_what_cannot_be_factorised_is_not_called_chaotic(bent: float) -> None:
    def flat(w: Any, theta: Any, t: int) -> Any:
        return w[0] ** 2 + bent * w[1] ** 2 + theta[0] * w[0]

    with pytest.raises(UnsolvedError, match="The Hessian is not positive definite") as error:
        at_the_saddle(ImplicitCholesky(), flat)
    assert f"lowest curvature is {2 * bent:.3g}" in str(error.value)
    assert "learning rate" not in str(error.value)


def test_cholesky_names_a_gradient_that_is_not_finite() -> None:
    def broken(w: Any, theta: Any, t: int) -> Any:
        return anp.sum(w**2) * np.nan

    with pytest.raises(DivergedError, match="gradient of the training loss is not finite at iter"):
        at_the_saddle(ImplicitCholesky(), broken)


def test_conjugate_gradients_that_do_not_arrive_say_how_far_they_came() -> None:
    found = Ridge().by(ImplicitCG(tolerance=1e-300))
    [remark] = found.remarks
    assert "did not converge" in remark
    assert f"the residual is {found.solution.residual:.2g} of" in remark


def test_how_many_rounds_an_ill_conditioned_system_needs_is_said() -> None:
    steep = np.logspace(0, -6, 60)  # a condition of a million
    found = hypergradient(
        lambda w, theta, t: anp.sum(steep * w**2) / 2 + theta[0] * anp.sum(w),
        lambda w, theta: anp.sum(w),
        np.zeros(60),
        theta=np.full(1, 0.1),
        learning_rates=np.full(1, 0.1),
        decays=np.full(1, 0.5),
        method=ImplicitCG(),
    )
    assert found.solution.rounds >= 250
    assert f"needed {found.solution.rounds:,} rounds to solve it to 1e-10" in found.remarks[0]
    assert found.gradient.theta == pytest.approx(-np.sum(1 / steep), rel=1e-6)


def test_cholesky_says_when_the_loss_is_not_quadratic() -> None:
    def quartic(w: Any, theta: Any, t: int) -> Any:
        return anp.sum((w - 1) ** 2) + anp.sum((w - 2) ** 4) + theta[0] * w[0]

    found = at_the_saddle(ImplicitCholesky(), quartic)
    assert "not quadratic" in found.remarks[0]


def test_minibatches_are_averaged_as_asked() -> None:
    random = np.random.default_rng(1)
    centres = random.normal(size=(4, 3))

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        return anp.sum((1 + t % 4) * (w - centres[t % 4] * theta) ** 2)

    def by(method: Any) -> Any:
        return hypergradient(
            training_loss,
            lambda w, theta: anp.sum(w),
            np.zeros(3),
            theta=np.ones(3),
            learning_rates=np.full(8, 0.1),
            decays=np.full(8, 0.5),
            method=method,
        ).gradient.theta

    weights = np.arange(1, 5)
    np.testing.assert_allclose(by(ImplicitCholesky(average=4)), weights @ centres / 10, rtol=1e-12)
    np.testing.assert_allclose(by(ImplicitCholesky()), centres[3], rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ImplicitCG(iterations=0), "iterations"),
        (lambda: ImplicitCG(tolerance=0.0), "tolerance"),
        (lambda: ImplicitNeumann(terms=2.5), "terms"),
        (lambda: ImplicitFixedPoint(iterations=True), "iterations"),
        (lambda: ImplicitFixedPoint(step=-1), "step"),
        (lambda: ImplicitCholesky(average=0), "average"),
    ],
)
def test_options_out_of_their_range_are_refused_by_name(make: Any, field: str) -> None:
    with pytest.raises(InputError, match=f"^{field}: expected"):
        make()


def test_a_hessian_too_large_to_factorise_is_refused() -> None:
    with pytest.raises(InputError, match=r"10,001 parameters is too large"):
        hypergradient(
            lambda w, theta, t: anp.sum(w**2),
            lambda w, theta: anp.sum(w),
            np.zeros(10_001),
            learning_rates=[0.1],
            decays=[0.5],
            method="implicit-cholesky",
        )
