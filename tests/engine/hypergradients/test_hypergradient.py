import tracemalloc

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from problems_for_tests import (
    KINDS,
    METHODS,
    both_methods,
    every_problem,
    network_regression,
    quadratic,
)

from engine import hypergradient
from engine.arithmetic.fixed_point import round_decays


def spread(per_group, groups, size):
    """(G,) → (P,), differentiably."""
    return sum(
        per_group[g] * np.isin(np.arange(size), np.arange(size)[group])
        for g, group in enumerate(groups)
    )


def unrolled(training_loss, w0, v0, learning_rates, decays, theta, groups):
    """Algorithm 1 as it is written, in autograd.numpy; w before each iteration and at the end."""
    visited, v = [w0], v0
    for t in range(len(learning_rates)):
        rate, decay = (spread(x[t], groups, len(w0)) for x in (learning_rates, decays))
        v = decay * v - (1 - decay) * grad(training_loss)(visited[-1], theta, t)
        visited.append(visited[-1] + rate * v)
    return visited


def assert_close(found, wanted, tolerance):
    for kind in KINDS:
        got, expected = getattr(found, kind), wanted[kind]
        assert got.shape == expected.shape
        assert np.max(np.abs(got - expected)) <= tolerance * np.max(np.abs(expected)), kind


@every_problem
def test_exact_reversal_agrees_with_the_stored_trajectory(problem):
    training_loss, validation_loss, given = problem()
    exact, stored = (
        hypergradient(training_loss, validation_loss, method=method, **given) for method in METHODS
    )
    assert exact.reversed_exactly
    assert stored.reversed_exactly is None
    assert_close(exact.gradient, {kind: getattr(stored.gradient, kind) for kind in KINDS}, 1e-10)
    assert np.isclose(exact.validation_loss, stored.validation_loss, rtol=1e-12)
    for name in ("w_final", "v_final", "learning_curve"):
        assert np.allclose(getattr(exact, name), getattr(stored, name), rtol=1e-12, atol=1e-12)


def test_a_stored_trajectory_is_let_go_on_the_way_back():
    size, iterations = 20_000, 20
    held = []

    def training_loss(w, theta, t):
        held.append(tracemalloc.get_traced_memory()[0])
        return 0.5 * anp.dot(w, w)

    tracemalloc.start()
    try:
        hypergradient(
            training_loss,
            lambda w, theta: anp.dot(w, w),
            np.ones(size),
            learning_rates=np.full(iterations, 0.1),
            decays=np.full(iterations, 0.5),
            method="stored-trajectory",
        )
    finally:
        tracemalloc.stop()
    half = 8 * size * iterations  # bytes, of 16·P·T
    assert held[iterations] - held[0] > 1.8 * half  # the first gradient is evaluated twice
    assert held[-1] - held[0] < half


@both_methods
@every_problem
def test_hypergradients_agree_with_autograd_through_the_whole_training_run(problem, method):
    training_loss, validation_loss, given = problem()
    groups = given["groups"]

    def trained(*hyperparameters):
        final = unrolled(training_loss, *hyperparameters, groups)[-1]
        return validation_loss(final, hyperparameters[-1])

    hyperparameters = [given[kind] for kind in KINDS]
    wanted = dict(zip(KINDS, grad(trained, tuple(range(5)))(*hyperparameters), strict=True))
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    assert np.isclose(result.validation_loss, trained(*hyperparameters), rtol=1e-12)
    assert_close(result.gradient, wanted, 1e-9)


@pytest.mark.parametrize("kind", KINDS)
@every_problem
def test_hypergradients_agree_with_finite_differences(problem, kind):
    training_loss, validation_loss, given = problem()
    direction = np.random.default_rng(7).choice([-1.0, 1.0], given[kind].shape)
    step = 2.0**-16

    def after(moved):
        arguments = {**given, kind: given[kind] + moved * direction}
        return hypergradient(
            training_loss, validation_loss, method="stored-trajectory", **arguments
        ).validation_loss

    slope = np.sum(
        getattr(hypergradient(training_loss, validation_loss, **given).gradient, kind) * direction
    )
    assert np.isclose((after(step) - after(-step)) / (2 * step), slope, rtol=1e-5, atol=1e-7)


@both_methods
@every_problem
def test_the_learning_curve_is_the_training_loss_before_each_step(problem, method):
    training_loss, validation_loss, given = problem()
    visited = unrolled(training_loss, *(given[kind] for kind in KINDS), given["groups"])
    losses = [training_loss(w, given["theta"], t) for t, w in enumerate(visited[:-1])]
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    assert np.allclose(result.learning_curve, losses, rtol=1e-12)
    assert np.allclose(result.w_final, visited[-1], rtol=1e-12)


@both_methods
@pytest.mark.parametrize("shared", [["learning_rates"], ["decays"], ["learning_rates", "decays"]])
def test_a_value_for_all_groups_has_the_sum_of_their_hypergradients(shared, method):
    training_loss, validation_loss, given = network_regression()
    one_for_all = {name: given[name][:, 0] for name in shared}
    repeated = {name: np.repeat(given[name][:, :1], 4, axis=1) for name in shared}
    narrow, wide = (
        hypergradient(training_loss, validation_loss, method=method, **{**given, **arguments})
        for arguments in (one_for_all, repeated)
    )
    for name in ("learning_rates", "decays"):
        found, wanted = getattr(narrow.gradient, name), getattr(wide.gradient, name)
        assert np.allclose(found, wanted.sum(axis=1) if name in shared else wanted, rtol=1e-13)


@both_methods
def test_without_groups_theta_and_velocity_all_parameters_are_one_group_at_rest(method):
    _, _, given = quadratic()

    def training_loss(w, theta, t):
        assert theta is None
        return anp.sum(anp.cosh(w))

    def validation_loss(w, theta):
        assert theta is None
        return anp.sum(w**3)

    plain = {"w0": given["w0"], "learning_rates": [0.1, 0.2], "decays": [0.5, 0.75]}
    spelt_out = {**plain, "groups": [slice(0, 5)], "v0": np.zeros(5)}
    found, wanted = (
        hypergradient(training_loss, validation_loss, method=method, **arguments)
        for arguments in (plain, spelt_out)
    )
    assert found.gradient.theta.shape == (0,)
    assert found.gradient.learning_rates.shape == found.gradient.decays.shape == (2,)
    for kind in ("w0", "v0", "learning_rates", "decays"):
        assert np.array_equal(getattr(found.gradient, kind), getattr(wanted.gradient, kind))


@both_methods
@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_without_iterations_the_hypergradient_is_the_validation_gradient(shape, method):
    training_loss, validation_loss, given = quadratic()
    given |= {"learning_rates": np.zeros(shape), "decays": np.zeros(shape)}
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    dw, d_theta = grad(validation_loss, (0, 1))(given["w0"], given["theta"])
    assert np.allclose(result.gradient.w0, dw, rtol=1e-13)
    assert np.allclose(result.gradient.theta, d_theta, rtol=1e-13)
    assert not np.any(result.gradient.v0)
    assert result.gradient.learning_rates.shape == result.gradient.decays.shape == shape
    assert result.learning_curve.shape == (0,)
    assert result.reversed_exactly is (True if method == "exact-reversal" else None)
    assert result.memory.buffer_bytes == result.memory.trajectory_bytes == 0


@pytest.mark.parametrize("method", ["forward", "truncated", "checkpointed", "finite-differences"])
def test_without_iterations_theta_moves_the_objective_alone(method):
    result = hypergradient(
        lambda w, theta, t: anp.sum((w - theta[0]) ** 2),
        lambda w, theta: anp.sum(w**2) + 0.3 * theta[0] * theta[1],
        [1.0, 2.0],
        learning_rates=[],
        decays=[],
        theta=[0.1, 0.2],
        method=method,
    )
    assert np.allclose(result.gradient.theta, [0.06, 0.03], rtol=1e-9)


@both_methods
def test_decays_are_rounded_to_the_grid_and_nothing_else_is_done_to_the_arguments(method):
    training_loss, validation_loss, given = network_regression()
    given["decays"] = given["decays"] + 2.0**-18
    kept = {name: np.copy(value) for name, value in given.items() if name != "groups"}
    rounded = {**given, "decays": round_decays(given["decays"])}
    found, wanted = (
        hypergradient(training_loss, validation_loss, method=method, **arguments)
        for arguments in (given, rounded)
    )
    for kind in KINDS:
        assert np.array_equal(getattr(found.gradient, kind), getattr(wanted.gradient, kind))
    assert all(np.array_equal(given[name], value) for name, value in kept.items())


def test_the_same_call_gives_the_same_bits():
    first, second = (
        hypergradient(*losses, **given) for *losses, given in (quadratic(), quadratic())
    )
    for kind in KINDS:
        assert np.array_equal(getattr(first.gradient, kind), getattr(second.gradient, kind))


LOSSES = {
    "ignores theta": lambda w, theta, t: anp.sum(anp.cosh(w)),
    "linear in w": lambda w, theta, t: anp.dot(w, np.arange(5.0)),
    "linear in w and theta": lambda w, theta, t: anp.dot(w, theta),
    "independent of w": lambda w, theta, t: anp.sum(theta**2),
    "a number": lambda w, theta, t: 3.0,
}


@both_methods
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_with_nothing_to_differentiate_give_the_zeros_they_should(loss, method):
    _, _, given = quadratic()
    result = hypergradient(LOSSES[loss], lambda w, _: anp.sum(w**3), method=method, **given)
    assert result.reversed_exactly is (True if method == "exact-reversal" else None)
    if loss != "linear in w and theta":
        assert np.array_equal(result.gradient.theta, np.zeros(5))
    if loss != "ignores theta":
        assert np.array_equal(result.gradient.w0, 3 * result.w_final**2)


@both_methods
def test_an_objective_independent_of_everything_has_no_hypergradient(method):
    training_loss, _, given = network_regression()
    result = hypergradient(training_loss, lambda w, theta: 2.5, method=method, **given)
    assert result.validation_loss == 2.5
    for kind in KINDS:
        assert np.array_equal(getattr(result.gradient, kind), np.zeros_like(given[kind]))
