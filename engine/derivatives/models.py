"""The built-in models: linear, softmax and logistic regression, and dense networks.

All are stacks of layers z ← activation(z W + b), the last one without an activation; a regression
is a stack of one layer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from engine.arrays import Floats
from engine.derivatives.choices import Activation, LossName
from engine.derivatives.differentiation import anp, defvjp, make_vjp, one_at_a_time, primitive
from engine.groups import ParameterGroup

_tanh = primitive(np.tanh)  # autograd's own divides by cosh², which overflows
defvjp(_tanh, lambda value, z: lambda g: g * (1 - value**2))

# As autograd.scipy has it, which would load half a second's worth of scipy.
_log_sum_exp = primitive(lambda z: logsumexp(z, axis=1))
defvjp(_log_sum_exp, lambda value, z: lambda g: g[:, None] * anp.exp(z - value[:, None]))

ACTIVATIONS: dict[Activation, Callable[[Any], Any]] = {
    "tanh": _tanh,
    "ReLU": lambda z: anp.maximum(z, 0.0),
    "softplus": lambda z: anp.logaddexp(z, 0.0),
}


@dataclass(frozen=True)
class Network:
    """A stack of dense layers and the loss on top of it.

    Attributes:
        sizes: units of every layer: inputs, hidden ones, outputs.
        activation: after every hidden layer.
        loss: "cross-entropy" of a softmax over the outputs, or "squared" distance.
    """

    sizes: tuple[int, ...]
    activation: Activation = "tanh"
    loss: LossName = "cross-entropy"

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""
        return self.groups[-1].stop

    @cached_property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The weights and biases of every layer, in the order in which w holds them."""
        groups: list[ParameterGroup] = []
        layers = len(self.sizes) - 1
        start = 0
        for layer in range(layers):
            prefix = f"layer {layer + 1} " if layers > 1 else ""
            fan_in, fan_out = self.sizes[layer : layer + 2]
            end = start + fan_in * fan_out
            weights = ParameterGroup(prefix + "weights", start, end, layer, "weights", fan_in)
            start = end + fan_out
            groups += [weights, ParameterGroup(prefix + "biases", end, start, layer, "biases")]
        return tuple(groups)

    def outputs(self, w: Any, inputs: Floats) -> Any:
        """(N, outputs) what the last layer gives for (N, inputs), before any softmax."""
        z: Any = inputs
        activate = ACTIVATIONS[self.activation]
        pieces = anp.split(w, [group.stop for group in self.groups[:-1]])
        for layer in range(len(self.sizes) - 1):
            if layer:
                z = activate(z)
            matrix = anp.reshape(pieces[2 * layer], self.sizes[layer : layer + 2])
            z = anp.dot(z, matrix) + pieces[2 * layer + 1]
        return z

    def mean_loss(self, w: Any, inputs: Floats, targets: NDArray[Any]) -> Any:
        """The loss, averaged over examples.

        Args:
            w: (P,) elementary parameters.
            inputs: (N, inputs).
            targets: (N,) class indices, or numbers to predict.

        Returns:
            A scalar: minus log probability of the right class in nats; or the squared distance
            between outputs and targets (one-hot for classes), summed over outputs.
        """
        outputs = self.outputs(w, inputs)
        wanted = self.wanted(targets)
        if self.loss == "cross-entropy":
            log_normaliser = _log_sum_exp(outputs)
            return (anp.sum(log_normaliser) - anp.sum(outputs * wanted)) / len(targets)
        return anp.sum((outputs - wanted) ** 2) / len(targets)

    def losses(self, w: Any, inputs: Any, targets: NDArray[Any]) -> Any:
        """(N,) the loss of each example; see `mean_loss`."""
        outputs, wanted = self.outputs(w, inputs), self.wanted(targets)
        if self.loss == "cross-entropy":
            return _log_sum_exp(outputs) - anp.sum(outputs * wanted, axis=1)
        return anp.sum((outputs - wanted) ** 2, axis=1)

    def moved_by_inputs(
        self, w: Floats, inputs: Floats, targets: NDArray[Any], shares: Any, moved: Floats
    ) -> Floats:
        """(P,) how the gradient of Σ share · loss by w moves as the inputs do.

        Args:
            w: (P,) elementary parameters.
            inputs: (N, inputs).
            targets: (N,) see `mean_loss`.
            shares: (N,).
            moved: (N, inputs) how they move.
        """

        def along(w: Any) -> Any:
            def loss(inputs: Any) -> Any:
                return anp.sum(shares * self.losses(w, inputs, targets))

            vjp, _ = make_vjp(loss)(inputs)
            return vjp(1.0)

        with one_at_a_time():
            vjp, _ = make_vjp(along)(np.array(w, np.float64))
            return np.asarray(vjp(moved), np.float64)

    def accuracy(self, w: Floats, inputs: Floats, targets: NDArray[np.int64]) -> float:
        """Share of examples whose largest output is the right class."""
        return float(np.mean(np.argmax(self.outputs(w, inputs), axis=1) == targets))

    def wanted(self, targets: NDArray[Any]) -> Floats:
        """(N, outputs) what the outputs should be: one-hot classes, or the numbers to predict."""
        if targets.dtype.kind == "f":
            return np.asarray(targets, np.float64)[:, None]
        one_hot = np.zeros((len(targets), self.sizes[-1]))
        one_hot[np.arange(len(targets)), targets] = 1.0
        return one_hot


def l2_penalty(w: Any, penalties: Any, granularity: str, groups: tuple[ParameterGroup, ...]) -> Any:
    """Σ λᵢ wᵢ², with one λ for all, one a group, one an input, or one a weight.

    Args:
        w: (P,) elementary parameters.
        penalties: λ: (1,), (G,), (D,) or (D + 1,), or (P,).
        granularity: "one", "group", "input" or "weight"; see `engine.hyperparameters.l2_penalties`.
        groups: the G parameter groups.
    """
    if granularity == "weight":
        return anp.dot(penalties, w * w)
    if granularity == "one":
        return penalties[0] * anp.dot(w, w)
    if granularity == "input":
        first = groups[0]
        squares = anp.sum(anp.reshape(w[first.span], (first.fan_in, -1)) ** 2, axis=1)
        later = [group for group in groups if group.layer and group.role == "weights"]
        total = anp.dot(penalties[: first.fan_in], squares)
        return total + sum(penalties[-1] * anp.dot(w[g.span], w[g.span]) for g in later)
    return sum(
        penalties[index] * anp.dot(w[group.span], w[group.span])
        for index, group in enumerate(groups)
    )
