from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian_vector_product
from autograd.test_util import check_grads
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_softmax
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error

from engine.derivatives.models import ACTIVATIONS, Network, l2_penalty

PLAIN = {
    "tanh": np.tanh,
    "ReLU": lambda z: np.where(z > 0, z, 0),
    "softplus": lambda z: z - np.log(expit(z)),
}
every_activation = pytest.mark.parametrize("activation", list(ACTIVATIONS))
all_sizes = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)

unhurried = settings(deadline=None)


def plain_outputs(sizes, activation, w, inputs):
    """The same network, a layer and an example at a time."""
    rows = []
    for z in inputs:
        start = 0
        for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
            matrix = w[start : start + fan_in * fan_out].reshape(fan_in, fan_out)
            start += fan_in * fan_out
            z = (PLAIN[activation](z) if layer else z) @ matrix + w[start : start + fan_out]
            start += fan_out
        rows.append(z)
    return np.array(rows)


def some_network(seed, sizes=(4, 5, 3, 3), activation="tanh", loss="cross-entropy", examples=20):
    rng = np.random.default_rng(seed)
    network = Network(sizes, activation, loss)
    targets = rng.integers(0, sizes[-1], examples)
    return network, rng.normal(size=network.size), rng.normal(size=(examples, sizes[0])), targets


@given(all_sizes)
def test_the_groups_partition_as_many_parameters_as_the_layers_have(sizes):
    network = Network(sizes)
    layers = list(pairwise(sizes))
    assert network.size == sum(fan_in * fan_out + fan_out for fan_in, fan_out in layers)
    assert [group.start for group in network.groups] == [
        0,
        *(group.stop for group in network.groups[:-1]),
    ]
    assert [group.size for group in network.groups] == [
        size for fan_in, fan_out in layers for size in (fan_in * fan_out, fan_out)
    ]


@given(all_sizes)
def test_each_group_says_which_layer_it_is_of_in_which_role_and_with_how_many_inputs(sizes):
    said = [(group.layer, group.role, group.fan_in) for group in Network(sizes).groups]
    weights = [(layer, "weights", fan_in) for layer, fan_in in enumerate(sizes[:-1])]
    assert said[::2] == weights
    assert said[1::2] == [(layer, "biases", None) for layer, _, _ in weights]


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ((3, 2), ["weights", "biases"]),
        (
            (3, 4, 2),
            ["layer 1 weights", "layer 1 biases", "layer 2 weights", "layer 2 biases"],
        ),
    ],
)
def test_groups_are_named_by_layer_where_there_are_several(sizes, names):
    assert [group.name for group in Network(sizes).groups] == names


@every_activation
@unhurried
@given(all_sizes, st.integers(0, 2**32), st.integers(1, 6))
def test_outputs_are_those_of_a_network_written_out_plainly(activation, sizes, seed, examples):
    network, w, inputs, _ = some_network(seed, sizes, activation, examples=examples)
    wanted = plain_outputs(sizes, activation, w, inputs)
    assert np.allclose(network.outputs(w, inputs), wanted, rtol=1e-12, atol=1e-12)


@every_activation
def test_cross_entropy_is_minus_the_mean_log_probability_of_the_right_class(activation):
    network, w, inputs, targets = some_network(1, activation=activation)
    log_probabilities = log_softmax(plain_outputs(network.sizes, activation, w, inputs), axis=1)
    loss = network.mean_loss(w, inputs, targets)
    assert np.isclose(loss, -log_probabilities[np.arange(20), targets].mean(), rtol=1e-12)
    assert np.isclose(loss, log_loss(targets, np.exp(log_probabilities), labels=[0, 1, 2]))


@every_activation
def test_the_squared_loss_of_numbers_is_the_mean_squared_error(activation):
    network, w, inputs, _ = some_network(2, (4, 6, 1), activation, "squared")
    targets = np.random.default_rng(3).normal(size=20)
    outputs = plain_outputs(network.sizes, activation, w, inputs)
    wanted = mean_squared_error(targets, outputs[:, 0])
    assert np.isclose(network.mean_loss(w, inputs, targets), wanted, rtol=1e-12)


@every_activation
def test_the_squared_loss_of_classes_is_the_distance_to_one_hot_targets(activation):
    network, w, inputs, targets = some_network(4, activation=activation, loss="squared")
    apart = plain_outputs(network.sizes, activation, w, inputs) - np.eye(3)[targets]
    wanted = (np.linalg.norm(apart, axis=1) ** 2).mean()
    assert np.isclose(network.mean_loss(w, inputs, targets), wanted, rtol=1e-12)


@every_activation
@pytest.mark.parametrize("loss", ["cross-entropy", "squared"])
def test_losses_can_be_differentiated_twice(activation, loss):
    network, w, inputs, targets = some_network(5, activation=activation, loss=loss)
    check_grads(lambda w: network.mean_loss(w, inputs, targets), modes=["rev"], order=2)(w)


@every_activation
@pytest.mark.parametrize("loss", ["cross-entropy", "squared"])
def test_first_and_second_derivatives_stay_finite_to_the_edge_of_fixed_point(activation, loss):
    network, w, inputs, targets = some_network(6, activation=activation, loss=loss)
    edge = 2047 * np.sign(w)
    assert np.isfinite(network.mean_loss(edge, inputs, targets))
    assert np.all(np.isfinite(grad(network.mean_loss)(edge, inputs, targets)))
    product = hessian_vector_product(network.mean_loss)(edge, inputs, targets, w)
    assert np.all(np.isfinite(product))


def test_accuracy_is_the_share_of_examples_whose_largest_output_is_right():
    network, w, inputs, targets = some_network(7, examples=50)
    predicted = plain_outputs(network.sizes, "tanh", w, inputs).argmax(axis=1)
    assert network.accuracy(w, inputs, targets) == accuracy_score(targets, predicted)
    assert network.accuracy(w, inputs, predicted) == 1.0
    assert network.accuracy(w, inputs, (predicted + 1) % 3) == 0.0


@pytest.mark.parametrize("kind", ["one", "group", "weight"])
def test_a_penalty_is_the_sum_over_weights_of_lambda_times_the_square(kind):
    network, w, _, _ = some_network(8)
    groups = network.groups
    penalties = np.random.default_rng(9).uniform(
        0, 1, {"one": 1, "group": len(groups), "weight": w.size}[kind]
    )
    wanted = 0.0
    for index, group in enumerate(groups):
        for i in range(group.start, group.stop):
            wanted += penalties[{"one": 0, "group": index, "weight": i}[kind]] * w[i] ** 2
    assert np.isclose(l2_penalty(w, penalties, kind, groups), wanted, rtol=1e-12)


@pytest.mark.parametrize("kind", ["one", "group", "weight"])
def test_a_penalty_can_be_differentiated_by_the_weights_and_by_lambda(kind):
    network, w, _, _ = some_network(10)
    groups = network.groups
    penalties = np.ones({"one": 1, "group": len(groups), "weight": w.size}[kind])
    dw, d_lambda = grad(l2_penalty, (0, 1))(w, penalties, kind, groups)
    assert np.allclose(dw, 2 * w)
    assert d_lambda.shape == penalties.shape
    assert np.isclose(d_lambda.sum(), anp.dot(w, w))
