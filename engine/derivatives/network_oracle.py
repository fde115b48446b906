"""Derivatives of the built-in models by hand: backpropagation, and Pearlmutter's R-operator.

For a network z_l = a_{l-1} W_l + b_l, a_l = φ(z_l), one pass forwards and one backwards give the
gradient g. The R-operator (Pearlmutter 1994, "Fast exact multiplication by the Hessian") carries
the derivative along a direction u through both passes, and gives ∇_w (g · u) and ∇_θ (g · u).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.exact import Floats
from engine.tasks.models import Activation, Network
from engine.tasks.splits import Part

Array = NDArray[Any]


class _Slopes(NamedTuple):
    """An activation's derivatives.

    Attributes:
        first: φ′(z), given z and φ(z).
        bend: φ″(z) / φ′(z), given φ(z) and φ′(z); None where it is zero everywhere.
    """

    first: Callable[[Array, Array], Array]
    bend: Callable[[Array, Array], Array] | None


_SLOPES: dict[Activation, _Slopes] = {
    "tanh": _Slopes(lambda z, a: 1 - a * a, lambda a, slope: -2 * a),
    "ReLU": _Slopes(lambda z, a: np.heaviside(z, 0.5).astype(z.dtype, copy=False), None),
    "softplus": _Slopes(lambda z, a: -np.expm1(-a), lambda a, slope: 1 - slope),
}
_VALUES: dict[Activation, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
    "softplus": lambda z: np.logaddexp(z, 0),
}


class _Layer(NamedTuple):
    """What the forward pass keeps of a hidden layer: a = φ(z) and φ′(z)."""

    value: Array
    slope: Array


class _Packed:
    """A gradient like w, filled layer by layer through views."""

    def __init__(self, network: Network, precision: type[np.floating[Any]]) -> None:
        self._vector: Array = np.empty(network.size, precision)
        self.matrices, self.biases = _views(network, self._vector)

    def as_float64(self) -> Floats:
        """The gradient; good until it is filled again."""
        return self._vector.astype(np.float64, copy=False)


class NetworkOracle:
    """The derivative oracle of a dense network, or a regression, with L2 penalties as θ.

    Args:
        network: the model.
        batch: the minibatch of training iteration t.
        judged: the examples of the objective.
        penalties: λ in Σ λ w²: (1,), (G,) or (P,); empty for none.
        precision: of the network's arithmetic, float64 or float32; penalties are added, and results
            given, in float64.
    """

    def __init__(
        self,
        network: Network,
        batch: Callable[[int], Part],
        judged: Part,
        penalties: Floats,
        precision: type[np.floating[Any]] = np.float64,
    ) -> None:
        self._network = network
        self._batch = batch
        self._judged = judged
        self._precision = precision
        self.theta_size = penalties.size
        self._twice_penalties = 2 * _spread(penalties, network)
        self._gradient = _Packed(network, precision)
        self._gradient_again = _Packed(network, precision)
        self._product = _Packed(network, precision)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        loss, g = self._data_gradient(w, self._batch(t))
        if self.theta_size:
            pull = self._twice_penalties * w
            loss += 0.5 * float(pull @ w)
            g += pull
        return loss, g

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`."""
        part = self._batch(t)
        g, product = self._data_gradient_and_product(w, direction, part)
        if not self.theta_size:
            return g, product, np.zeros(0)
        g += self._twice_penalties * w
        product += self._twice_penalties * direction
        by_weight = w * direction
        by_weight *= 2
        return g, product, self._gather(by_weight)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w), ∇_w f (P,) and zeros (M,): the objective is without penalties."""
        value, gradient = self._data_gradient(w, self._judged)
        return value, gradient, np.zeros(self.theta_size)

    def objective_value(self, w: Floats) -> float:
        """f(w) alone."""
        return self._data_gradient(w, self._judged)[0]

    def _data_gradient(self, w: Floats, part: Part) -> tuple[float, Floats]:
        matrices, biases = self._unpack(w)
        inputs = self._cast(part.inputs)
        layers, outputs = self._forward(inputs, matrices, biases)
        loss, error, _ = self._error(outputs, part.targets)
        errors = self._backward(error, layers, matrices)
        self._fill(self._gradient, inputs, layers, errors)
        return loss, self._gradient.as_float64()

    def _data_gradient_and_product(
        self, w: Floats, direction: Floats, part: Part
    ) -> tuple[Floats, Floats]:
        matrices, biases = self._unpack(w)
        along, along_biases = self._unpack(direction)
        inputs = self._cast(part.inputs)
        layers, outputs = self._forward(inputs, matrices, biases)
        _, error, probabilities = self._error(outputs, part.targets)
        errors = self._backward(error, layers, matrices)

        # forwards once more, with every quantity's derivative along the direction
        r_values: list[Array] = []
        r_sums: list[Array] = []
        r_z = inputs @ along[0]
        r_z += along_biases[0]
        for index, layer in enumerate(layers):
            r_sums.append(r_z)
            r_values.append(layer.slope * r_z)
            r_z = r_values[index] @ matrices[index + 1]
            r_z += layer.value @ along[index + 1]
            r_z += along_biases[index + 1]

        # and backwards
        r_errors = [self._r_error(r_z, probabilities, len(part.targets))]
        bend = _SLOPES[self._network.activation].bend
        for index in reversed(range(len(layers))):
            layer, matrix = layers[index], matrices[index + 1]
            r_error = r_errors[-1] @ matrix.T
            r_error += errors[index + 1] @ along[index + 1].T
            r_error *= layer.slope
            if bend is not None:
                r_error += errors[index] * bend(layer.value, layer.slope) * r_sums[index]
            r_errors.append(r_error)
        r_errors.reverse()

        self._fill(self._gradient_again, inputs, layers, errors)
        self._fill(self._product, inputs, layers, r_errors)
        for index, r_value in enumerate(r_values, start=1):
            self._product.matrices[index] += r_value.T @ errors[index]
        return self._gradient_again.as_float64(), self._product.as_float64()

    def _forward(
        self, inputs: Array, matrices: list[Array], biases: list[Array]
    ) -> tuple[list[_Layer], Array]:
        activate = _VALUES[self._network.activation]
        slope = _SLOPES[self._network.activation].first
        layers: list[_Layer] = []
        z = inputs @ matrices[0]
        z += biases[0]
        for matrix, bias in zip(matrices[1:], biases[1:], strict=True):
            value = activate(z)
            layers.append(_Layer(value, slope(z, value)))
            z = value @ matrix
            z += bias
        return layers, z

    def _error(self, outputs: Array, targets: Array) -> tuple[float, Array, Array]:
        """The loss, its derivative by the outputs, and the softmax (or nothing) behind it."""
        count = len(targets)
        if self._network.loss == "cross-entropy":
            shifted = outputs - outputs.max(axis=1, keepdims=True)
            exponentials = np.exp(shifted)
            totals = exponentials.sum(axis=1, keepdims=True)
            probabilities = exponentials / totals
            places = np.arange(count), targets
            loss = float(np.sum(np.log(totals)) - np.sum(shifted[places])) / count
            error = probabilities / count
            error[places] -= 1 / count
            return loss, error, probabilities
        distance = outputs - self._cast(self._network.wanted(targets))
        return float(np.sum(distance**2)) / count, 2 * distance / count, np.zeros((0, 0))

    def _r_error(self, r_z: Array, probabilities: Array, count: int) -> Array:
        if self._network.loss == "cross-entropy":
            r_z = probabilities * r_z
            r_z -= probabilities * r_z.sum(axis=1, keepdims=True)
            return r_z / count
        return 2 / count * r_z

    def _backward(self, error: Array, layers: list[_Layer], matrices: list[Array]) -> list[Array]:
        errors = [error]
        for layer, matrix in zip(reversed(layers), reversed(matrices[1:]), strict=True):
            errors.append((errors[-1] @ matrix.T) * layer.slope)
        errors.reverse()
        return errors

    def _fill(
        self, packed: _Packed, inputs: Array, layers: list[_Layer], errors: list[Array]
    ) -> None:
        """Turn the errors of all layers into derivatives by weights and biases."""
        below = [inputs, *(layer.value for layer in layers)]
        for index, error in enumerate(errors):
            np.matmul(below[index].T, error, out=packed.matrices[index])
            np.sum(error, axis=0, out=packed.biases[index])

    def _unpack(self, w: Floats) -> tuple[list[Array], list[Array]]:
        return _views(self._network, self._cast(w))

    def _cast(self, values: Array) -> Array:
        return values.astype(self._precision, copy=False)

    def _gather(self, by_weight: Floats) -> Floats:
        """Derivatives by a penalty for each weight → by the penalties there are."""
        if self.theta_size == by_weight.size:
            return by_weight
        if self.theta_size == 1:
            return np.array([by_weight.sum()])
        return np.array([by_weight[group.span].sum() for group in self._network.groups])


def _views(network: Network, vector: Array) -> tuple[list[Array], list[Array]]:
    """The matrices and the biases in a vector like w, layer by layer, without copying."""
    matrices = [
        vector[group.span].reshape(network.sizes[layer], network.sizes[layer + 1])
        for layer, group in enumerate(network.groups[::2])
    ]
    return matrices, [vector[group.span] for group in network.groups[1::2]]


def _spread(penalties: Floats, network: Network) -> Floats:
    """A penalty for each weight, of one for all, one a group or one a weight."""
    if penalties.size in (0, 1, network.size):
        return np.array(np.broadcast_to(penalties, network.size if penalties.size else 0))
    return np.repeat(penalties, [group.size for group in network.groups])
