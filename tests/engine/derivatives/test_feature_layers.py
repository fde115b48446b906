"""Layers of representations against autograd, finite differences and their own transposes."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_jvp, make_vjp
from hypothesis import given, settings
from hypothesis import strategies as st
from layers_for_tests import convolved, normalised

from engine.derivatives.feature_layers import Activation, Convolution, Dense, Layer, LayerNorm

seeds = st.integers(0, 2**32 - 1)
_ACTIVATIONS = {
    "tanh": anp.tanh,
    "ReLU": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: anp.logaddexp(x, 0.0),
}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Layer, Any, tuple[int, ...]]:
    """A layer, the same function in autograd's terms, and the shape of a batch."""
    count = draw(st.integers(1, 3))
    shape = (count, *(draw(st.integers(1, 6)) for _ in range(2)), draw(st.integers(1, 3)))
    units = draw(st.integers(1, 4))
    which = draw(st.sampled_from(["convolution", "dense", "activation", "norm"]))
    if which == "convolution":
        return Convolution(shape[-1], units), lambda p, x: convolved(p, x, units), shape
    if which == "dense":
        inputs = int(np.prod(shape[1:]))

        def dense(p: Any, x: Any) -> Any:
            weights = anp.reshape(p[: inputs * units], (inputs, units))
            return anp.dot(anp.reshape(x, (count, inputs)), weights) + p[inputs * units :]

        return Dense(inputs, units), dense, shape
    if which == "activation":
        name = draw(st.sampled_from(["tanh", "ReLU", "softplus"]))
        return Activation(name), lambda p, x: _ACTIVATIONS[name](x), shape
    return LayerNorm(4.0), lambda p, x: normalised(x, 4.0), shape


@settings(deadline=None, max_examples=60)
@given(cases(), seeds)
def test_values_and_derivatives_are_those_of_autograd(
    case: tuple[Layer, Any, tuple[int, ...]], seed: int
) -> None:
    layer, plain, shape = case
    random = np.random.default_rng(seed)
    x, moved = random.normal(size=(2, *shape))
    parameters, direction = random.normal(size=(2, layer.size))
    outputs, kept = layer.apply(parameters, x)
    assert outputs.shape[1:] == layer.output_shape(shape[1:])
    np.testing.assert_allclose(outputs, plain(parameters, x), rtol=1e-9, atol=1e-9)

    pull_back, _ = make_vjp(lambda both: plain(*both))((parameters, x))
    by_outputs = random.normal(size=outputs.shape)
    expected_by_parameters, expected_by_inputs = pull_back(by_outputs)
    by_inputs, by_parameters = layer.pull_back(parameters, kept, by_outputs)
    np.testing.assert_allclose(by_inputs, expected_by_inputs, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(by_parameters, expected_by_parameters, rtol=1e-7, atol=1e-8)

    push_forward = layer.push_forward(parameters, kept, moved, direction)
    back = np.sum(by_inputs * moved) + by_parameters @ direction
    assert np.sum(push_forward * by_outputs) == pytest.approx(back, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Convolution(2, 3), (2, 5, 4, 2)),
        (Dense(12, 3), (2, 12)),
        (Activation("tanh"), (2, 5)),
        (Activation("softplus"), (2, 5)),
        (LayerNorm(4.0), (3, 7)),
    ],
)
def test_how_outputs_move_is_what_finite_differences_say(
    layer: Layer, shape: tuple[int, ...]
) -> None:
    random = np.random.default_rng(1)
    x, moved = random.normal(size=(2, *shape))
    parameters, direction = random.normal(size=(2, layer.size))
    _, kept = layer.apply(parameters, x)
    step = 1e-5
    after = layer.apply(parameters + step * direction, x + step * moved).outputs
    before = layer.apply(parameters - step * direction, x - step * moved).outputs
    found = layer.push_forward(parameters, kept, moved, direction)
    np.testing.assert_allclose(found, (after - before) / (2 * step), rtol=1e-5, atol=1e-7)


def test_the_first_layer_is_not_asked_for_derivatives_by_pixels() -> None:
    random = np.random.default_rng(2)
    for layer, shape in ((Convolution(1, 2), (3, 4, 4, 1)), (Dense(16, 2), (3, 4, 4, 1))):
        x, parameters = random.normal(size=shape), random.normal(size=layer.size)
        outputs, kept = layer.apply(parameters, x)
        nothing, by_parameters = layer.pull_back(parameters, kept, outputs, to_inputs=False)
        assert nothing is None
        np.testing.assert_array_equal(by_parameters, layer.pull_back(parameters, kept, outputs)[1])


@settings(deadline=None, max_examples=20)
@given(cases(), seeds)
def test_single_precision_stays_single_and_the_same_bits_come_again(
    case: tuple[Layer, Any, tuple[int, ...]], seed: int
) -> None:
    layer, _, shape = case
    random = np.random.default_rng(seed)
    x, moved = random.normal(size=(2, *shape)).astype(np.float32)
    parameters, direction = random.normal(size=(2, layer.size)).astype(np.float32)

    def everything() -> list[Any]:
        outputs, kept = layer.apply(parameters, x)
        back = layer.pull_back(parameters, kept, outputs)
        return [outputs, *back, layer.push_forward(parameters, kept, moved, direction)]

    for one, again in zip(everything(), everything(), strict=True):
        assert one.dtype == np.float32
        assert one.tobytes() == again.tobytes()


def test_a_layer_norm_gives_vectors_of_its_length_without_a_mean() -> None:
    x = np.random.default_rng(3).normal(2.0, 3.0, (5, 50))
    outputs = LayerNorm(4.0).apply(np.zeros(0), x).outputs
    np.testing.assert_allclose(np.linalg.norm(outputs, axis=1), 4.0, rtol=1e-5)
    np.testing.assert_allclose(outputs.mean(axis=1), 0.0, atol=1e-12)


def test_autograd_agrees_on_a_direction_through_several_layers() -> None:
    random = np.random.default_rng(4)
    first, second = Convolution(1, 2), Convolution(2, 3)
    x = random.normal(size=(2, 7, 6, 1))
    p, q = random.normal(size=first.size), random.normal(size=second.size)
    u, v = random.normal(size=first.size), random.normal(size=second.size)
    between, kept = first.apply(p, x)
    _, kept_above = second.apply(q, between)
    moved = first.push_forward(p, kept, np.zeros_like(x), u)
    found = second.push_forward(q, kept_above, moved, v)
    _, expected = make_jvp(lambda both: convolved(both[1], convolved(both[0], x, 2), 3))((p, q))(
        (u, v)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
