"""A representation: a network that turns pictures into the features that classifiers learn from.

Its parameters θ are hyperparameters of the training of those classifiers: Franceschi et al. (2018),
section 5, call this hyper-representation.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.derivatives.choices import Activation as ActivationName
from engine.derivatives.feature_layers import (
    Activation,
    Batch,
    Convolution,
    Dense,
    Layer,
    LayerNorm,
)

Architecture: TypeAlias = Literal["dense", "convolutional"]

LENGTH: Final = 4.0
"""How long a feature vector is."""


class Representation:
    """Layers one after the other, with a layer norm at the end.

    Args:
        shape: (height, width) of a picture.
        hidden: units of each layer, or filters of each convolution.
        architecture: "dense" layers, or convolutions of 3 × 3 with a stride of 2.
        activation: after every layer, but the last one of a dense network.
        precision: of the arithmetic.

    Attributes:
        size: M, how many parameters it has.
        features: d, how long a feature vector is.
        products: multiplications that one picture takes, roughly.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        hidden: Sequence[int],
        architecture: Architecture = "convolutional",
        activation: ActivationName = "ReLU",
        precision: Any = np.float64,
    ) -> None:
        self._shape = shape
        self._precision = precision
        self.layers: list[Layer] = []
        self.products = 0
        current: tuple[int, ...] = (*shape, 1)
        for number, units in enumerate(hidden):
            layer: Layer
            if architecture == "convolutional":
                layer = Convolution(current[-1], units)
            else:
                layer = Dense(int(np.prod(current)), units)
            current = layer.output_shape(current)
            self.products += layer.fan_in * int(np.prod(current))
            self.layers.append(layer)
            if architecture == "convolutional" or number < len(hidden) - 1:
                self.layers.append(Activation(activation))
        self.layers.append(LayerNorm(LENGTH))
        self.features = int(np.prod(current))
        self._spans = [
            slice(*ends) for ends in pairwise([0, *accumulate(one.size for one in self.layers)])
        ]
        self.size = self._spans[-1].stop

    def initial(self, random: np.random.Generator) -> Floats:
        """(M,) weights of variance 2 / fan-in (He et al. 2015), and biases of 0."""
        pieces = []
        for layer in self.layers:
            if layer.size:
                deviation = (2 / layer.fan_in) ** 0.5
                pieces.append(deviation * random.standard_normal(layer.weights))
                pieces.append(np.zeros(layer.size - layer.weights))
        return np.concatenate([np.zeros(0), *pieces])

    def features_of(self, theta: Floats, pictures: Batch) -> Floats:
        """(n, d) features of pictures (n, pixels)."""
        return Represented(self, theta, pictures, keep=False).features

    def parameters(self, theta: Floats) -> list[Batch]:
        """Those of each layer, of all (M,), in the precision of the arithmetic."""
        return [theta[span].astype(self._precision) for span in self._spans]

    def as_inputs(self, pictures: Batch) -> Batch:
        """(n, height, width, 1) of pictures (n, pixels)."""
        return pictures.astype(self._precision, copy=False).reshape(-1, *self._shape, 1)


class Represented:
    """Pictures turned into features, and the derivatives there.

    Args:
        representation: turns them.
        theta: (M,) its parameters.
        pictures: (n, pixels).
        keep: whether derivatives will be asked for.

    Attributes:
        features: (n, d) in float64.
    """

    def __init__(
        self, representation: Representation, theta: Floats, pictures: Batch, *, keep: bool = True
    ) -> None:
        self._layers = representation.layers
        self._precision = representation._precision
        self._split = representation.parameters
        self._parameters = representation.parameters(theta)
        self._kept: list[Any] = []
        self._shape = (len(pictures), representation.features)
        self._inputs = x = representation.as_inputs(pictures)
        for layer, parameters in zip(self._layers, self._parameters, strict=True):
            x, kept = layer.apply(parameters, x)
            if keep:
                self._kept.append(kept)
        self.features: Floats = x.astype(np.float64, copy=False)

    def pull_back(self, by_features: Floats) -> Floats:
        """(M,) derivatives by θ, of those by the features (n, d)."""
        back: Any = by_features.astype(self._precision)
        found: list[Batch] = []
        for number in reversed(range(len(self._layers))):
            back, by_parameters = self._layers[number].pull_back(
                self._parameters[number], self._kept[number], back, to_inputs=number > 0
            )
            found.append(by_parameters)
        return np.concatenate(found[::-1]).astype(np.float64, copy=False)

    def push_forward(self, direction: Floats) -> Floats:
        """(n, d) how the features move with θ along a direction (M,)."""
        moved = np.zeros_like(self._inputs)
        for layer, parameters, kept, along in zip(
            self._layers, self._parameters, self._kept, self._split(direction), strict=True
        ):
            moved = layer.push_forward(parameters, kept, moved, along)
        return moved.astype(np.float64, copy=False)
