"""Implicit methods at the minimum, found by L-BFGS, instead of where training ends."""

import autograd.numpy as anp
import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import engine
from engine.hypergradients.minimiser import minimise
from engine.hypergradients.problem import Problem
from engine.methods import ImplicitCG, ImplicitFixedPoint, ImplicitNeumann
from engine.runs.events import MetaIterationDone

T = 3
PENALTIES = {
    **FIXED,
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.initial": "0.05",
    "method": "implicit-cg",
    "hypergradient.minimise_to": "1e-9",
}


def training_loss(w, theta, t):
    return anp.sum(anp.log(anp.cosh(w - anp.arange(w.size)))) + theta[0] * anp.sum(w**2)


def validation_loss(w, theta):
    return anp.sum((w - 1.0) ** 2) + 0.1 * theta[0]


def result_of(method, theta: float = 0.2, size: int = 4):
    return engine.hypergradient(
        training_loss,
        validation_loss,
        np.zeros(size),
        learning_rates=np.full(T, 0.1),
        decays=np.full(T, 0.5),
        theta=np.array([theta]),
        method=method,
    )


def at_the_minimum(theta: float, size: int = 4) -> float:
    """The objective where scipy finds the minimum."""
    loss = lambda w: float(training_loss(w, np.array([theta]), 0))  # noqa: E731
    w = minimize(loss, np.zeros(size), method="BFGS", tol=1e-12).x
    return float(validation_loss(w, np.array([theta])))


@pytest.mark.parametrize(
    "method",
    [
        ImplicitCG(minimise_to=1e-10),
        ImplicitNeumann(terms=400, minimise_to=1e-10),
        ImplicitFixedPoint(iterations=400, minimise_to=1e-10),
    ],
    ids=lambda method: method.name,
)
def test_the_hypergradient_is_that_of_the_minimum_however_short_training_is(method) -> None:
    found = result_of(method)
    step = 1e-4
    slope = (at_the_minimum(0.2 + step) - at_the_minimum(0.2 - step)) / (2 * step)
    assert found.gradient.theta[0] == pytest.approx(slope, rel=1e-4)
    assert found.solution.stationarity <= 1e-10
    assert not found.remarks
    assert found.validation_loss == pytest.approx(at_the_minimum(0.2), rel=1e-8)


def test_where_training_ends_the_same_is_doubtful() -> None:
    found = result_of(ImplicitCG())
    assert found.solution.stationarity > 0.05
    assert any("doubtful" in remark for remark in found.remarks)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 12), st.floats(1e-3, 10.0))
def test_it_arrives_where_scipy_does(size: int, theta: float) -> None:
    found = result_of(ImplicitCG(minimise_to=1e-9), theta, size)
    loss = lambda w: float(training_loss(w, np.array([theta]), 0))  # noqa: E731
    expected = minimize(loss, np.zeros(size), method="L-BFGS-B", tol=1e-14).x
    np.testing.assert_allclose(found.w_final, expected, atol=1e-5)
    assert not found.remarks


class Flat:
    """An oracle of L(w) = w: there is no minimum."""

    theta_size = 0
    theta = np.zeros(0)

    def gradient(self, w, t):
        return float(w.sum()), np.ones_like(w)


def drained(steps):
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def test_a_loss_without_a_minimum_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.hypergradients.minimiser._MOST", 5)
    one = np.zeros(2)
    full = {"learning_rates": np.full((T, 1), 0.1), "decays": np.full((T, 1), 0.5)}
    problem = Problem(Flat(), None, (one, one), full, ())
    _, _, [remark] = drained(minimise(problem, 1, 1e-6))
    assert remark.startswith("L-BFGS did not converge")
    assert "not 1e-06" in remark


# In runs


def test_a_run_is_judged_at_the_minimum_and_the_next_begins_where_the_last_arrived() -> None:
    experiment = tiny({**PENALTIES, "meta.iterations": "4", "meta.step": "0.05"})
    events = list(events_of(experiment))
    record = record_of(iter(events))
    costs = [one.cost.gradients for one in events if isinstance(one, MetaIterationDone)]
    assert all(later < costs[0] for later in costs[1:]), "each is nearer than the start"
    assert not any(one.remarks for one in record.meta_iterations)
    cold = record_of(events_of(tiny({**PENALTIES, "meta.iterations": "1", "meta.step": "0.05"})))
    first, alone = (one.meta_iterations[0].hypergradient["l2_penalties"] for one in (record, cold))
    assert np.array_equal(first, alone)


def test_seeds_are_warmed_each_by_its_own() -> None:
    several = tiny({**PENALTIES, "meta.seeds": "3", "meta.iterations": "2"})
    once, again = (record_of(events_of(several)) for _ in range(2))
    for kind, values in once.current.items():
        assert np.array_equal(values, again.current[kind])
