"""Layers of a network that turns pictures into features, each with its derivatives by hand.

A layer is y = φ(x, p) of a batch x and the layer's parameters p. What a hypergradient asks of it
are products with its Jacobian, never the Jacobian: `pull_back`, (∂φ/∂x, ∂φ/∂p)ᵀ ȳ, for
hypergradients by reverse mode, and `push_forward`, ∂φ/∂x ẋ + ∂φ/∂p ṗ, for tangents. Convolutions
are matrix products of patches (Chellapilla, Puri and Simard 2006), so that BLAS does nearly all of
the work; sums have a fixed order, so that the same numbers give the same bits.
"""

from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.derivatives.choices import Activation as ActivationName

Batch: TypeAlias = NDArray[np.floating[Any]]
"""(n, …) one entry an example, in single or double precision."""

_SIDE: Final = 3  # of a patch
_STRIDE: Final = 2
_EPSILON: Final = 1e-5  # added to the variance of a layer norm


class Applied(NamedTuple):
    """A layer applied to a batch.

    Attributes:
        outputs: y.
        kept: what its derivatives there need besides the parameters.
    """

    outputs: Batch
    kept: Any


class Layer(Protocol):
    """A layer; see the module.

    Attributes:
        size: how many parameters it has.
        fan_in: what each of its outputs is a weighted sum of; 0 of a layer without weights.
        weights: how many of the parameters, the first ones, are weights; the others are biases.
    """

    size: int
    fan_in: int
    weights: int

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of an output, of that of an input."""

    def apply(self, parameters: Batch, x: Batch) -> Applied:
        """y, and what derivatives need.

        Args:
            parameters: (size,).
            x: (n, …) inputs.
        """

    def pull_back(
        self, parameters: Batch, kept: Any, by_outputs: Batch, *, to_inputs: bool = True
    ) -> tuple[Batch | None, Batch]:
        """Derivatives by inputs and parameters, of those by outputs.

        Args:
            parameters: (size,).
            kept: of `apply`.
            by_outputs: shaped like y.
            to_inputs: whether those by inputs are wanted.

        Returns:
            Shaped like x, or None; and (size,).
        """

    def push_forward(self, parameters: Batch, kept: Any, moved: Batch, direction: Batch) -> Batch:
        """How y moves with x and the parameters.

        Args:
            parameters: (size,).
            kept: of `apply`.
            moved: shaped like x, how it moves.
            direction: (size,) how the parameters do.
        """


class Convolution:
    """3 × 3 patches, two pixels apart, with a border of zeros: half as high and wide, rounded up.

    Args:
        channels: of an input (height, width, channels).
        filters: channels of an output.
    """

    def __init__(self, channels: int, filters: int) -> None:
        self.fan_in = _SIDE * _SIDE * channels
        self._filters = filters
        self.weights = self.fan_in * filters
        self.size = self.weights + filters

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """(⌈height / 2⌉, ⌈width / 2⌉, filters)."""
        height, width, _ = shape
        return -(-height // _STRIDE), -(-width // _STRIDE), self._filters

    def apply(self, parameters: Batch, x: Batch) -> Applied:
        """A weighted sum of each patch, for each filter."""
        patches, shape = _patches(x), (len(x), *self.output_shape(x.shape[1:]))
        outputs = patches @ self._matrix(parameters)
        outputs += parameters[self.weights :]
        return Applied(outputs.reshape(shape), (patches, x.shape))

    def pull_back(
        self, parameters: Batch, kept: Any, by_outputs: Batch, *, to_inputs: bool = True
    ) -> tuple[Batch | None, Batch]:
        """Through the patches that each pixel is part of."""
        patches, shape = kept
        rows = by_outputs.reshape(len(patches), self._filters)
        by_parameters = _by_weights_and_biases(patches, rows)
        if not to_inputs:
            return None, by_parameters
        return self._to_pixels(rows, parameters, shape), by_parameters

    def push_forward(self, parameters: Batch, kept: Any, moved: Batch, direction: Batch) -> Batch:
        """Linear in the inputs, and in the parameters."""
        patches, _ = kept
        outputs: Batch = _patches(moved) @ self._matrix(parameters)
        outputs += patches @ self._matrix(direction)
        outputs += direction[self.weights :]
        return outputs.reshape(len(moved), *self.output_shape(moved.shape[1:]))

    def _matrix(self, parameters: Batch) -> Batch:
        return parameters[: self.weights].reshape(self.fan_in, self._filters)

    def _to_pixels(self, rows: Batch, parameters: Batch, shape: tuple[int, ...]) -> Batch:
        """Every pixel gathers from the patches that it is part of: the transpose of `_patches`.

        One place of a patch after the other: what belongs to it lies side by side in memory.
        """
        count, height, width, channels = shape
        high, wide, _ = self.output_shape(shape[1:])
        padded = np.zeros((count, height + 2, width + 2, channels), rows.dtype)
        places = self._matrix(parameters).reshape(_SIDE, _SIDE, channels, self._filters)
        for i in range(_SIDE):
            for j in range(_SIDE):
                found = (rows @ places[i, j].T).reshape(count, high, wide, channels)
                padded[:, i : i + 2 * high - 1 : 2, j : j + 2 * wide - 1 : 2] += found
        return padded[:, 1:-1, 1:-1]


class Dense:
    """x W + b of flat inputs.

    Args:
        inputs: their length.
        units: outputs.
    """

    def __init__(self, inputs: int, units: int) -> None:
        self.fan_in, self._units = inputs, units
        self.weights = inputs * units
        self.size = self.weights + units

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """(units,)."""
        return (self._units,)

    def apply(self, parameters: Batch, x: Batch) -> Applied:
        """X W + b; x is flattened."""
        rows = x.reshape(len(x), -1)
        outputs = rows @ self._matrix(parameters)
        outputs += parameters[self.weights :]
        return Applied(outputs, (rows, x.shape))

    def pull_back(
        self, parameters: Batch, kept: Any, by_outputs: Batch, *, to_inputs: bool = True
    ) -> tuple[Batch | None, Batch]:
        """ȳ Wᵀ, and xᵀ ȳ."""
        rows, shape = kept
        by_parameters = _by_weights_and_biases(rows, by_outputs)
        if not to_inputs:
            return None, by_parameters
        return (by_outputs @ self._matrix(parameters).T).reshape(shape), by_parameters

    def push_forward(self, parameters: Batch, kept: Any, moved: Batch, direction: Batch) -> Batch:
        """ẋ W + x Ẇ + ḃ."""
        rows, _ = kept
        outputs: Batch = moved.reshape(len(moved), -1) @ self._matrix(parameters)
        outputs += rows @ self._matrix(direction)
        outputs += direction[self.weights :]
        return outputs

    def _matrix(self, parameters: Batch) -> Batch:
        return parameters[: self.weights].reshape(self.fan_in, self._units)


class Activation:
    """The same function of every entry.

    Args:
        name: of the function.
    """

    size = fan_in = weights = 0

    def __init__(self, name: ActivationName) -> None:
        self._name = name

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The same."""
        return shape

    def apply(self, parameters: Batch, x: Batch) -> Applied:
        """f(x), and f'(x)."""
        if self._name == "ReLU":
            return Applied(np.maximum(x, 0), x > 0)
        if self._name == "tanh":
            outputs = np.tanh(x)
            return Applied(outputs, 1 - outputs**2)
        return Applied(np.logaddexp(x, x.dtype.type(0)), 1 / (1 + np.exp(-x)))  # softplus

    def pull_back(
        self, parameters: Batch, kept: Any, by_outputs: Batch, *, to_inputs: bool = True
    ) -> tuple[Batch | None, Batch]:
        """f'(x) ȳ."""
        return by_outputs * kept, by_outputs[:0].ravel()

    def push_forward(self, parameters: Batch, kept: Any, moved: Batch, direction: Batch) -> Batch:
        """f'(x) ẋ."""
        outputs: Batch = moved * kept
        return outputs


class LayerNorm:
    """Each example's values, less their mean, over their standard deviation (Ba et al. 2016).

    They are scaled so that, as a vector, they are about ``length`` long, and have no gain and
    no bias.

    Args:
        length: of an output; see above.
    """

    size = fan_in = weights = 0

    def __init__(self, length: float) -> None:
        self._length = length

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Flat."""
        return (int(np.prod(shape)),)

    def apply(self, parameters: Batch, x: Batch) -> Applied:
        """U = (x − mean) / √(variance + ε), times length / √d."""
        rows = x.reshape(len(x), -1)
        centred = rows - rows.mean(axis=1, keepdims=True)
        variance = np.mean(centred**2, axis=1, keepdims=True)
        inverse = 1 / np.sqrt(variance + x.dtype.type(_EPSILON))
        centred *= inverse
        scale = x.dtype.type(self._length / rows.shape[1] ** 0.5)
        return Applied(scale * centred, (centred, scale * inverse, x.shape))

    def pull_back(
        self, parameters: Batch, kept: Any, by_outputs: Batch, *, to_inputs: bool = True
    ) -> tuple[Batch | None, Batch]:
        """The Jacobian is symmetric."""
        return self._times(kept, by_outputs), by_outputs[:0].ravel()

    def push_forward(self, parameters: Batch, kept: Any, moved: Batch, direction: Batch) -> Batch:
        """(length / √d) / √(variance + ε) (ẋ − mean ẋ − u mean(u ẋ))."""
        return self._times(kept, moved.reshape(len(moved), -1)).reshape(len(moved), -1)

    def _times(self, kept: Any, rows: Batch) -> Batch:
        normal, factor, shape = kept
        along = np.mean(normal * rows, axis=1, keepdims=True)
        product: Batch = rows - rows.mean(axis=1, keepdims=True)
        product -= along * normal
        product *= factor
        return product.reshape(shape)


def _by_weights_and_biases(rows: Batch, by_outputs: Batch) -> Batch:
    """Derivatives by (W, b) of rows W + b."""
    return np.concatenate([(rows.T @ by_outputs).ravel(), by_outputs.sum(axis=0)])


def _patches(x: Batch) -> Batch:
    """(n · ⌈height / 2⌉ · ⌈width / 2⌉, 9 · channels) the patches of pictures, a row each."""
    count, height, width, channels = x.shape
    padded = np.zeros((count, height + 2, width + 2, channels), x.dtype)
    padded[:, 1:-1, 1:-1] = x
    high, wide = -(-height // _STRIDE), -(-width // _STRIDE)
    example, row, column, channel = padded.strides
    windows = as_strided(
        padded,
        (count, high, wide, _SIDE, _SIDE, channels),
        (example, _STRIDE * row, _STRIDE * column, row, column, channel),
        writeable=False,
    )
    return windows.reshape(count * high * wide, -1)
