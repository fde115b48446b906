"""Descent: the free hyperparameters go against their hypergradient."""

from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta


class MomentumSGD:
    """Gradient descent with momentum: m ← β m + g, change −step · m; a `Strategy`."""

    def __init__(self, step: float, momentum: float = 0.0) -> None:
        self._step, self._momentum = step, momentum
        self.state: dict[str, Any] = {"m": 0.0}

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        m: Floats = self._momentum * self.state["m"] + gradient
        self.state = {"m": m}
        return -self._step * m


class RMSprop:
    """Tieleman and Hinton (2012): the gradient over a running root mean square; a `Strategy`."""

    def __init__(self, step: float, memory: float = 0.9, epsilon: float = 1e-8) -> None:
        self._step, self._memory, self._epsilon = step, memory, epsilon
        self.state: dict[str, Any] = {"square": 0.0}

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        square: Floats = self._memory * self.state["square"] + (1 - self._memory) * gradient**2
        self.state = {"square": square}
        return -self._step * gradient / (np.sqrt(square) + self._epsilon)


class Adam:
    """Kingma and Ba (2015), with the decaying first moment of their first version; a `Strategy`.

    Args:
        step: step size.
        beta1: memory of the first moment.
        beta2: memory of the second moment.
        epsilon: added to the root of the second moment.
        decay: β₁ is multiplied by this at every step; 1 is plain Adam. Maclaurin et al. (2015) use
            1e-4, with beta1 0.9, beta2 0.99 and epsilon 1e-4.
    """

    def __init__(
        self,
        step: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 1.0,
    ) -> None:
        self._step, self._beta1, self._beta2 = step, beta1, beta2
        self._epsilon, self._decay = epsilon, decay
        self.state: dict[str, Any] = {"first": 0.0, "second": 0.0, "count": 0}

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        count = self.state["count"]
        beta1 = self._beta1 * self._decay**count
        first: Floats = beta1 * self.state["first"] + (1 - beta1) * gradient
        second: Floats = self._beta2 * self.state["second"] + (1 - self._beta2) * gradient**2
        count += 1
        self.state = {"first": first, "second": second, "count": count}
        unbiased = first / (1 - self._beta1**count)
        square = second / (1 - self._beta2**count)
        return np.asarray(-self._step * unbiased / (np.sqrt(square) + self._epsilon))


def sgd(meta: Meta) -> MomentumSGD:
    """Gradient descent with an experiment's momentum."""
    return MomentumSGD(meta.step, meta.momentum)


def rmsprop(meta: Meta) -> RMSprop:
    """RMSprop with an experiment's memory."""
    return RMSprop(meta.step, meta.memory)


def adam(meta: Meta) -> Adam:
    """Adam with an experiment's constants."""
    return Adam(meta.step, meta.beta1, meta.beta2, meta.epsilon, meta.beta1_decay)
