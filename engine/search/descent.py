"""Meta-optimizers: how the free hyperparameters move once their hypergradient is known."""

from typing import Protocol

import numpy as np

from engine.arrays import Floats


class MetaOptimizer(Protocol):
    """A rule that turns hypergradients, one after the other, into changes."""

    def change(self, gradient: Floats) -> Floats:
        """What to add to the (N,) coordinates, given their (N,) hypergradient."""


class MomentumSGD:
    """Gradient descent with momentum: m ← β m + g, change −step · m."""

    def __init__(self, step: float, momentum: float = 0.0) -> None:
        self._step, self._momentum = step, momentum
        self._m: Floats | float = 0.0

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        self._m = self._momentum * self._m + gradient
        return -self._step * self._m


class RMSprop:
    """Tieleman and Hinton (2012): the gradient over a running root mean square of it."""

    def __init__(self, step: float, memory: float = 0.9, epsilon: float = 1e-8) -> None:
        self._step, self._memory, self._epsilon = step, memory, epsilon
        self._square: Floats | float = 0.0

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        self._square = self._memory * self._square + (1 - self._memory) * gradient**2
        return -self._step * gradient / (np.sqrt(self._square) + self._epsilon)


class Adam:
    """Kingma and Ba (2015), with the decaying first moment of their first version.

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
        self._first: Floats | float = 0.0
        self._second: Floats | float = 0.0
        self._count = 0

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        beta1 = self._beta1 * self._decay**self._count
        self._first = beta1 * self._first + (1 - beta1) * gradient
        self._second = self._beta2 * self._second + (1 - self._beta2) * gradient**2
        self._count += 1
        first = self._first / (1 - self._beta1**self._count)
        second = self._second / (1 - self._beta2**self._count)
        return -self._step * first / (np.sqrt(second) + self._epsilon)


class Sweep:
    """Always the same step, whatever the hypergradient says: change step; with 0, stays in place.

    What comes out is no optimum but a picture: the loss along a line (Maclaurin et al. 2015, figure
    10), or at one place with many seeds (figure 4).
    """

    def __init__(self, step: float) -> None:
        self._step = step

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        return np.full_like(gradient, self._step)
