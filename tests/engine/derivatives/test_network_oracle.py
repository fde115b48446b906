from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from penalties_for_tests import granularity_of

from engine.data.splits import Part
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import Network, l2_penalty
from engine.derivatives.network_oracle import NetworkOracle
from engine.kernels import layers, threads
from engine.kernels.desk import BLOCK, make_desk
from engine.kernels.examples import make_examples

networks = st.builds(
    Network,
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple),
    activation=st.sampled_from(["tanh", "ReLU", "softplus"]),
    loss=st.sampled_from(["cross-entropy", "squared"]),
)
seeds = st.integers(0, 2**32 - 1)
few = settings(deadline=None, max_examples=60)


def examples(network: Network, count: int, random: np.random.Generator) -> Part:
    """Random ones; numbers to predict, where a network has one output and a squared loss."""
    numbers = network.loss == "squared" and network.sizes[-1] == 1
    targets = random.normal(size=count) if numbers else random.integers(0, network.sizes[-1], count)
    return Part(random.normal(size=(count, network.sizes[0])), targets)


@dataclass
class Theta:
    """What θ is made of, and how to take it apart."""

    penalties: np.ndarray
    example_weights: np.ndarray | None
    inputs: np.ndarray | None
    weights_from: int = 0  # where those of the training examples begin

    def vector(self) -> np.ndarray:
        weights, inputs = self.example_weights, self.inputs
        return np.concatenate(
            [
                self.penalties,
                np.zeros(0) if weights is None else weights,
                np.zeros(0) if inputs is None else inputs.ravel(),
            ]
        )

    def apart(self, theta: Any, train: Part) -> tuple[Any, Any, Any]:
        """Penalties, example weights and inputs."""
        count, stop = len(train.targets), self.penalties.size
        weights, inputs = np.ones(count), train.inputs
        if self.example_weights is not None:
            start = stop + self.weights_from
            weights = theta[start : start + count]
            stop += self.example_weights.size
        if self.inputs is not None:
            inputs = anp.reshape(theta[stop:], train.inputs.shape)
        return theta[: self.penalties.size], weights, inputs


def by_autograd(
    network: Network, train: Part, rows: Any, judged: Part, theta: Theta
) -> AutogradOracle:
    """The same losses, spelled out in the simplest way."""

    granularity = granularity_of(theta.penalties, network.groups)

    def training_loss(w: Any, vector: Any, t: int) -> Any:
        if vector is None:
            return network.mean_loss(w, train.inputs[rows(t)], train.targets[rows(t)])
        penalties, weights, inputs = theta.apart(vector, train)
        if theta.example_weights is None:
            loss = network.mean_loss(w, inputs[rows(t)], train.targets[rows(t)])
        else:
            chosen = np.arange(len(train.targets))[rows(t)]
            losses = [
                weights[i] * network.mean_loss(w, inputs[i : i + 1], train.targets[i : i + 1])
                for i in chosen
            ]
            loss = sum(losses) / len(chosen)
        if not theta.penalties.size:
            return loss
        return loss + l2_penalty(w, penalties, granularity, network.groups)

    def objective(w: Any, vector: Any) -> Any:
        return network.mean_loss(w, judged.inputs, judged.targets)

    vector = theta.vector()
    return AutogradOracle(training_loss, objective, vector if vector.size else None)


def assert_close(found: Any, expected: Any) -> None:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale)


def products_with(oracle: Any, w: np.ndarray, t: int, directions: Any) -> tuple[Any, ...]:
    loss, gradient, hessian = oracle.gradient_and_hessian(w, t)
    return loss, gradient, *hessian.times(directions)


def assert_same_derivatives(one: Any, other: Any, w: np.ndarray, direction: np.ndarray) -> None:
    for t in (0, 1):
        for found, expected in zip(
            (*one.gradient(w, t), *one.gradient_and_products(w, t, direction), *one.objective(w)),
            (
                *other.gradient(w, t),
                *other.gradient_and_products(w, t, direction),
                *other.objective(w),
            ),
            strict=True,
        ):
            assert_close(found, expected)
        directions = [direction, w, direction - w]
        for found, expected in zip(
            products_with(one, w, t, directions),
            products_with(other, w, t, directions),
            strict=True,
        ):
            assert_close(found, expected)
    assert_close(one.objective_value(w), other.objective_value(w))
    np.testing.assert_array_equal(one.theta, other.theta)
    moved = np.random.default_rng(7).normal(size=one.theta_size)
    if moved.size:
        assert_close(one.mixed_product(w, 1, moved), other.mixed_product(w, 1, moved))
        elsewhere = np.abs(one.theta + 0.1 * moved)
        for found, expected in zip(
            one.at(elsewhere).gradient(w, 1), other.at(elsewhere).gradient(w, 1), strict=True
        ):
            assert_close(found, expected)


@few
@given(network=networks, seed=seeds, data=st.data())
def test_by_hand_and_by_autograd_agree_for_any_network_and_any_theta(
    network: Network, seed: int, data: st.DataObject
) -> None:
    random = np.random.default_rng(seed)
    train = examples(network, data.draw(st.integers(2, 9)), random)
    judged = examples(network, data.draw(st.integers(1, 9)), random)
    count = len(train.targets)
    order = random.integers(0, count, size=(2, data.draw(st.integers(1, 6))))  # some come twice
    rows = data.draw(st.sampled_from([lambda t: slice(t, count), lambda t: order[t]]))
    penalties = data.draw(st.sampled_from([0, 1, len(network.groups), network.size]))
    before, after = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))  # of other seeds
    theta = Theta(
        random.uniform(0.01, 0.2, size=penalties),
        random.uniform(0, 2, before + count + after) if data.draw(st.booleans()) else None,
        train.inputs if data.draw(st.booleans()) else None,
        before,
    )
    sparse = data.draw(st.booleans())
    if sparse:
        train.inputs[random.uniform(size=train.inputs.shape) < 0.5] = 0
    by_hand = NetworkOracle(
        network,
        make_examples(train.inputs, train.targets, sparse=sparse),
        rows,
        make_examples(judged.inputs, judged.targets),
        theta.penalties,
        penalty_granularity=granularity_of(theta.penalties, network.groups),
        example_weights=theta.example_weights,
        weights_from=theta.weights_from,
        inputs_in_theta=theta.inputs is not None,
    )
    reference = by_autograd(network, train, rows, judged, theta)
    assert by_hand.theta_size == reference.theta_size == theta.vector().size
    w, direction = random.normal(size=(2, network.size))
    assert_same_derivatives(by_hand, reference, w, direction)


LARGE = Network((300, 40, 30, 5), "softplus")
LARGE_COUNT = 2 * BLOCK + 77


def large_oracle(
    team: int = 1, precision: Any = np.float64, sparse: bool = False, count: int = LARGE_COUNT
) -> tuple[NetworkOracle, AutogradOracle]:
    """More examples than a block, and inputs in several panels: by hand and by autograd."""
    random = np.random.default_rng(3)
    train, judged = examples(LARGE, LARGE_COUNT, random), examples(LARGE, 10, random)
    if sparse:
        train.inputs[random.uniform(size=train.inputs.shape) < 0.8] = 0
    theta = Theta(np.full(LARGE.size, 1e-3), None, None)

    def rows(t: int) -> slice:
        return slice(0, count)

    by_hand = NetworkOracle(
        LARGE,
        make_examples(train.inputs, train.targets, precision, sparse),
        rows,
        make_examples(judged.inputs, judged.targets, precision),
        theta.penalties,
        penalty_granularity=granularity_of(theta.penalties, LARGE.groups),
        team=team,
    )
    return by_hand, by_autograd(LARGE, train, rows, judged, theta)


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("count", [100, BLOCK, BLOCK + 1])
def test_products_have_the_same_bits_however_many_are_found_at_once(
    precision: Any, sparse: bool, count: int
) -> None:
    random = np.random.default_rng(0)
    w, *directions = 0.1 * random.normal(size=(8, LARGE.size))
    alone, _ = large_oracle(1, precision, sparse, count)
    expected = [alone.gradient_and_products(w, 0, u)[1].copy() for u in directions]
    loss, gradient = alone.gradient(w, 0)
    for team in (1, 2):
        oracle, _ = large_oracle(team, precision, sparse, count)
        for at_once in (1, 2, 3, len(directions)):
            found_loss, found_gradient, hessian = oracle.gradient_and_hessian(w, 0)
            assert found_loss == loss
            np.testing.assert_array_equal(found_gradient, gradient)
            for first in range(0, len(directions), at_once):
                some = slice(first, first + at_once)
                np.testing.assert_array_equal(hessian.times(directions[some]), expected[some])
                oracle.gradient(directions[0], 0)  # which is to leave no trace


@pytest.mark.parametrize("sparse", [False, True])
def test_large_minibatches_are_worked_through_in_blocks_panels_and_parts(sparse: bool) -> None:
    desk = make_desk(LARGE.sizes, np.float64, LARGE_COUNT)
    assert desk.panels > desk.parts > 1
    w, direction = 0.1 * np.random.default_rng(0).normal(size=(2, LARGE.size))
    assert_same_derivatives(*large_oracle(sparse=sparse), w, direction)


@pytest.mark.parametrize(
    ("shape", "share", "sparse"),
    [((50, 64), 0.2, True), ((50, 64), 0.5, False), ((50, 10), 0.2, False)],
)
def test_inputs_are_kept_sparse_where_that_is_faster(
    shape: Any, share: float, sparse: bool
) -> None:
    random = np.random.default_rng(0)
    inputs = random.normal(size=shape) * (random.uniform(size=shape) < share)
    assert make_examples(inputs, np.zeros(shape[0], np.int64)).are_sparse == sparse


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("sparse", [False, True])
def test_bits_depend_neither_on_the_threads_nor_on_the_products(
    precision: Any, sparse: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams: list[bool] = []
    call = threads.run

    def watched(kernel: Any, team: int, *args: Any) -> Any:
        teams.append(team > 1)
        return call(kernel, team, *args)

    monkeypatch.setattr(threads, "run", watched)
    alone, _ = large_oracle(1, precision, sparse)
    together, _ = large_oracle(2, precision, sparse)
    for seed in range(5):
        w, direction = 0.1 * np.random.default_rng(seed).normal(size=(2, LARGE.size))
        loss, gradient = alone.gradient(w, 0)
        for found, expected in zip(
            (*together.gradient(w, 0), *together.gradient_and_products(w, 0, direction)),
            (loss, gradient, *alone.gradient_and_products(w, 0, direction)),
            strict=True,
        ):
            np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(gradient, together.gradient_and_products(w, 0, direction)[0])
    assert {True, False} == set(teams)


def test_single_precision_gradients_are_close_to_double_ones() -> None:
    double, single = large_oracle()[0], large_oracle(precision=np.float32)[0]
    w, direction = 0.1 * np.random.default_rng(0).normal(size=(2, LARGE.size))
    for found, expected in zip(
        single.gradient_and_products(w, 0, direction),
        double.gradient_and_products(w, 0, direction),
        strict=True,
    ):
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
        assert np.any(found != expected) or np.array_equal(found, 2 * w * direction)


@njit(error_model="numpy")
def compiled_tanh(z: np.ndarray) -> np.ndarray:
    found = z.copy()
    layers._activate(layers.TANH, found, np.empty_like(z))
    return found


def test_hyperbolic_tangents_are_right_to_the_last_digits_wherever() -> None:
    sizes = np.geomspace(1e-300, 400, 4001)
    z = np.concatenate([-sizes, [-0.0, 0.0, np.inf, -np.inf, np.nan], sizes])
    found = compiled_tanh(z)
    np.testing.assert_allclose(found, np.tanh(z), rtol=5e-16, atol=0)
