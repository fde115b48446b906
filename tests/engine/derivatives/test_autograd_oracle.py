import threading

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian_vector_product, jacobian
from hypothesis import given, settings
from hypothesis import strategies as st
from penalties_for_tests import granularity_of

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import ACTIVATIONS, Network, l2_penalty
from engine.errors import InputError

few = settings(deadline=None, max_examples=25)
seeds = st.integers(0, 2**32)


def network_losses(rng, activation="tanh", loss="cross-entropy", theta_size=1):
    """Losses of a random network on random examples, with penalties θ; and a w and θ for them."""
    network = Network((3, *rng.integers(1, 5, rng.integers(0, 3)), 2), activation, loss)
    inputs, targets = rng.normal(size=(12, 3)), rng.integers(0, 2, 12)
    w = rng.normal(size=network.size)
    theta = rng.uniform(0, 1, {"one": 1, "group": len(network.groups)}.get(theta_size, w.size))

    granularity = granularity_of(theta, network.groups)

    def training_loss(w, theta, t):
        chosen = (3 * t + np.arange(6)) % 12
        penalty = 0.0 if theta is None else l2_penalty(w, theta, granularity, network.groups)
        return network.mean_loss(w, inputs[chosen], targets[chosen]) + penalty

    def objective(w, theta):
        loss = network.mean_loss(w, inputs, targets)
        return loss if theta is None else loss * anp.sum(theta)

    return training_loss, objective, w, theta


kinds = st.tuples(
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(["cross-entropy", "squared"]),
    st.sampled_from(["one", "group", "weight"]),
)


def close(found, wanted):
    return found.shape == wanted.shape and np.allclose(found, wanted, rtol=1e-12, atol=1e-13)


@few
@given(seeds, st.integers(0, 5), kinds)
def test_gradient_and_products_are_those_of_autograds_own_operators(seed, t, kind):
    rng = np.random.default_rng(seed)
    training_loss, objective, w, theta = network_losses(rng, *kind)
    direction = rng.normal(size=w.size)
    oracle = AutogradOracle(training_loss, objective, theta)
    g, product, theta_product = oracle.gradient_and_products(w, t, direction)
    mixed = jacobian(grad(training_loss), 1)(w, theta, t)
    assert close(g, grad(training_loss)(w, theta, t))
    assert close(product, hessian_vector_product(training_loss)(w, theta, t, direction))
    assert close(theta_product, direction @ mixed)


@few
@given(seeds, st.integers(0, 5), kinds)
def test_both_ways_to_the_gradient_give_the_same_bits(seed, t, kind):
    rng = np.random.default_rng(seed)
    training_loss, objective, w, theta = network_losses(rng, *kind)
    for parameters in (theta, None):
        oracle = AutogradOracle(training_loss, objective, parameters)
        loss, g = oracle.gradient(w, t)
        again, product, theta_product = oracle.gradient_and_products(w, t, rng.normal(size=w.size))
        assert g.tobytes() == again.tobytes()
        assert product.shape == w.shape
        assert theta_product.size == oracle.theta_size == (0 if parameters is None else theta.size)
        assert loss == training_loss(w, parameters, t)


@few
@given(seeds, kinds)
def test_the_objective_comes_with_both_its_gradients(seed, kind):
    training_loss, objective, w, theta = network_losses(np.random.default_rng(seed), *kind)
    oracle = AutogradOracle(training_loss, objective, theta)
    value, dw, d_theta = oracle.objective(w)
    assert value == oracle.objective_value(w) == objective(w, theta)
    assert close(dw, grad(objective)(w, theta))
    assert close(d_theta, grad(objective, 1)(w, theta))


def test_the_objective_without_theta_has_an_empty_gradient_by_it():
    training_loss, objective, w, _ = network_losses(np.random.default_rng(0))
    value, dw, d_theta = AutogradOracle(training_loss, objective, None).objective(w)
    assert value == objective(w, None)
    assert close(dw, grad(objective)(w, None))
    assert d_theta.shape == (0,)


@pytest.mark.parametrize(
    "loss",
    [
        lambda w, theta, t: 2.0,
        lambda w, theta, t: anp.sum(theta),
        lambda w, theta, t: anp.sum(w),
        lambda w, theta, t: anp.sum(w) + anp.sum(theta**2),
    ],
    ids=["a number", "theta alone", "linear", "apart"],
)
def test_losses_without_second_derivatives_give_zeros_and_no_warning(loss):
    w, theta = np.arange(3.0), np.arange(2.0)
    oracle = AutogradOracle(loss, lambda w, theta: loss(w, theta, 0), theta)
    _, product, theta_product = oracle.gradient_and_products(w, 0, np.ones(3))
    assert np.array_equal(product, np.zeros(3))
    assert np.array_equal(theta_product, np.zeros(2))


def test_threads_that_differentiate_at_once_do_not_confuse_their_traces():
    first_inside, second_inside, first_done = (threading.Event() for _ in range(3))
    w, found = np.array([1.0, 2.0, 3.0]), {}

    def first_loss(w, theta, t):
        first_inside.set()
        second_inside.wait(0.3)  # in vain, if one thread differentiates at a time
        return anp.sum(w**2)

    def second_loss(w, theta, t):
        second_inside.set()
        first_done.wait(0.3)
        return anp.sum(grad(lambda u: anp.sum(u**2 * w))(w))

    def differentiate(name, loss):
        found[name] = AutogradOracle(loss, lambda w, theta: 0.0, None).gradient(w, 0)[1]

    first = threading.Thread(target=differentiate, args=("first", first_loss))
    second = threading.Thread(target=differentiate, args=("second", second_loss))
    first.start()
    assert first_inside.wait(10)
    second.start()
    first.join()
    first_done.set()
    second.join()
    assert np.array_equal(found["first"], 2 * w)
    assert np.array_equal(found["second"], 4 * w)


def test_a_loss_that_is_not_the_same_twice_is_refused_even_if_no_gradient_is_asked_for_again():
    calls = iter((1.0, 2.0))
    oracle = AutogradOracle(
        lambda w, theta, t: next(calls) * anp.sum(w), lambda w, theta: 0.0, None
    )
    with pytest.raises(InputError, match="must be a function of t"):
        oracle.gradient(np.ones(2), 0)
