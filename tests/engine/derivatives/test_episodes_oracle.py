"""Hyper-representation against autograd: classifiers of episodes on shared features."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import logsumexp
from hypothesis import given, settings
from hypothesis import strategies as st
from layers_for_tests import convolved, normalised

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.episodes_oracle import Episodes, EpisodesOracle
from engine.derivatives.representation import LENGTH, Representation, Represented

seeds = st.integers(0, 2**32 - 1)
architectures = st.sampled_from(["dense", "convolutional"])


def some_episodes(random: np.random.Generator, count: int, ways: int, side: int) -> Episodes:
    n, m = ways * random.integers(1, 3), ways * random.integers(1, 3)
    return Episodes(
        random.uniform(size=(count, n, side * side)),
        np.array([random.permutation(np.arange(n) % ways) for _ in range(count)]),
        random.uniform(size=(count, m, side * side)),
        np.array([random.permutation(np.arange(m) % ways) for _ in range(count)]),
        ways,
    )


def by_autograd(
    representation: Representation, architecture: str, theta: np.ndarray, episodes: Episodes
) -> AutogradOracle:
    """The same losses, spelled out in the simplest way."""
    weights = [(one.weights, one.size, one.fan_in) for one in representation.layers if one.size]
    side = round(episodes.train.shape[2] ** 0.5)

    def features(theta: Any, pictures: Any) -> Any:
        x, start = anp.reshape(pictures, (len(pictures), side, side, 1)), 0
        for number, (count, size, fan_in) in enumerate(weights):
            p, start = theta[start : start + size], start + size
            if architecture == "convolutional":
                x = anp.tanh(convolved(p, x, size - count))
            else:
                matrix = anp.reshape(p[:count], (fan_in, size - count))
                x = anp.dot(anp.reshape(x, (len(x), fan_in)), matrix) + p[count:]
                x = anp.tanh(x) if number < len(weights) - 1 else x
        return normalised(x, LENGTH)

    def mean_losses(w: Any, theta: Any, pictures: Any, targets: Any) -> list[Any]:
        count, d = len(pictures), representation.features
        matrices = anp.reshape(w[: count * d * episodes.ways], (count, d, episodes.ways))
        biases = anp.reshape(w[count * d * episodes.ways :], (count, episodes.ways))
        losses = []
        for j in range(count):
            z = anp.dot(features(theta, pictures[j]), matrices[j]) + biases[j]
            one_hot = np.eye(episodes.ways)[targets[j]]
            losses.append(anp.mean(logsumexp(z, axis=1) - anp.sum(z * one_hot, axis=1)))
        return losses

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        return sum(mean_losses(w, theta, episodes.train, episodes.train_targets))

    def objective(w: Any, theta: Any) -> Any:
        losses = mean_losses(w, theta, episodes.queries, episodes.query_targets)
        return sum(losses) / len(losses)

    return AutogradOracle(training_loss, objective, theta)


@settings(deadline=None, max_examples=25)
@given(seeds, architectures, st.integers(1, 3), st.integers(2, 3), st.integers(3, 5))
def test_by_hand_and_by_autograd_agree(
    seed: int, architecture: Any, count: int, ways: int, side: int
) -> None:
    random = np.random.default_rng(seed)
    representation = Representation((side, side), (3, 4), architecture, "tanh")
    theta = random.normal(size=representation.size)
    episodes = some_episodes(random, count, ways, side)
    by_hand = EpisodesOracle(representation, theta, episodes)
    plain = by_autograd(representation, architecture, theta, episodes)
    w, u = random.normal(size=(2, count * ways * (representation.features + 1)))
    v = random.normal(size=theta.size)
    assert by_hand.theta_size == representation.size == theta.size
    pairs = [
        (by_hand.gradient(w, 0), plain.gradient(w, 0)),
        (by_hand.gradient_and_products(w, 0, u), plain.gradient_and_products(w, 0, u)),
        (by_hand.objective(w), plain.objective(w)),
        ([by_hand.objective_value(w)], [plain.objective_value(w)]),
        ([by_hand.mixed_product(w, 0, v)], [plain.mixed_product(w, 0, v)]),
    ]
    for found, expected in pairs:
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-8)
    loss, gradient, hessian = by_hand.gradient_and_hessian(w, 0)
    expected_loss, expected_gradient, expected_hessian = plain.gradient_and_hessian(w, 0)
    assert loss == pytest.approx(expected_loss)
    np.testing.assert_array_equal(gradient, by_hand.gradient(w, 0)[1])
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(
        hessian.times([u, w]), expected_hessian.times([u, w]), rtol=1e-7, atol=1e-9
    )
    moved = by_hand.at(theta + v)
    assert moved.objective_value(w) == pytest.approx(plain.at(theta + v).objective_value(w))


@settings(deadline=None, max_examples=20)
@given(seeds, architectures, st.sampled_from([np.float64, np.float32]))
def test_the_gradient_is_the_same_bits_each_time_and_from_everywhere(
    seed: int, architecture: Any, precision: Any
) -> None:
    random = np.random.default_rng(seed)
    representation = Representation((6, 6), (4, 5), architecture, "ReLU", precision)
    theta = representation.initial(random)
    episodes = some_episodes(random, 2, 3, 6)
    one, other = (EpisodesOracle(representation, theta, episodes) for _ in range(2))
    w, u = random.normal(size=(2, 2 * 3 * (representation.features + 1)))
    bits = one.gradient(w, 0)[1].tobytes()
    assert bits == one.gradient_and_products(w, 0, u)[0].tobytes()
    assert bits == other.gradient(w, 7)[1].tobytes()
    again = other.gradient_and_products(w, 0, u)
    for found, expected in zip(one.gradient_and_products(w, 0, u), again, strict=True):
        assert found.tobytes() == expected.tobytes()


def test_derivatives_by_features_pulled_back_once_are_those_by_the_representation() -> None:
    random = np.random.default_rng(5)
    representation = Representation((6, 6), (4, 5), "convolutional", "softplus")
    theta = representation.initial(random)
    oracle = EpisodesOracle(representation, theta, some_episodes(random, 3, 2, 6))
    w, u, v = random.normal(size=(3, 3 * 2 * (representation.features + 1)))
    summed = sum(oracle.gradient_and_products(w, 0, one)[2] for one in (u, v))
    inner = oracle.inner
    at_once = sum(inner.gradient_and_products(w, 0, one)[2] for one in (u, v))
    np.testing.assert_allclose(oracle.pull_back(at_once), summed, rtol=1e-10, atol=1e-12)
    assert inner.theta.size == inner.theta_size == at_once.size
    np.testing.assert_array_equal(inner.at(inner.theta).gradient(w, 0)[1], inner.gradient(w, 0)[1])


@pytest.mark.parametrize("architecture", ["dense", "convolutional"])
def test_features_move_with_the_representation_as_finite_differences_say(architecture: Any) -> None:
    random = np.random.default_rng(6)
    representation = Representation((5, 5), (3, 4), architecture, "softplus")
    theta, direction = random.normal(size=(2, representation.size))
    pictures, step = random.uniform(size=(7, 25)), 1e-5
    ends = [
        representation.features_of(theta + sign * step * direction, pictures) for sign in (1, -1)
    ]
    found = Represented(representation, theta, pictures).push_forward(direction)
    np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * step), rtol=1e-5, atol=1e-8)


def test_a_representation_starts_with_the_variance_of_its_fan_in() -> None:
    representation = Representation((28, 28), (16, 32, 32))
    assert representation.size == 160 + 4_640 + 9_248
    assert representation.features == 4 * 4 * 32
    initial = representation.initial(np.random.default_rng(7))
    assert initial[160 : 160 + 4_608].std() == pytest.approx((2 / 144) ** 0.5, rel=0.05)
    assert not initial[144:160].any(), "biases start at 0"
