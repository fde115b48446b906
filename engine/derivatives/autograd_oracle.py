"""Derivatives of any loss that a person writes in ``autograd.numpy``."""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from autograd.differential_operators import make_vjp

from engine.arrays import Floats
from engine.errors import InputError

Loss = Callable[..., Any]

_LOCK = threading.RLock()


@contextmanager
def _differentiation() -> Iterator[None]:
    """One thread differentiates at a time: autograd's trace stack is one for the whole process."""
    with _LOCK, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        yield


class AutogradOracle:
    """The derivative oracle for losses written in ``autograd.numpy``.

    Args:
        training_loss: (w, theta, t) → scalar.
        objective: (w, theta) → scalar.
        theta: (M,) the θ that both losses are evaluated at, or None.
    """

    def __init__(self, training_loss: Loss, objective: Loss, theta: Floats | None) -> None:
        self._training_loss = training_loss
        self._objective = objective
        self._theta = theta
        self.theta_size = 0 if theta is None else theta.size

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        with _differentiation():
            vjp, loss = make_vjp(self._training_loss)(w, self._theta, t)
            if np.ndim(loss):
                raise InputError(
                    "training_loss", f"expected a scalar, found shape {np.shape(loss)}."
                )
            return float(loss), np.asarray(vjp(1.0), np.float64)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`.

        Differentiating twice, autograd may add up the same gradient in another order. So that it
        has the bits that `gradient` gave, it is evaluated once more in the same way.
        """
        _, g = self.gradient(w, t)

        def gradient(w: Any, theta: Any) -> Any:
            vjp, _ = make_vjp(self._training_loss)(w, theta, t)
            return vjp(1.0)

        with _differentiation():
            if self._theta is None:
                vjp, _ = make_vjp(gradient)(w, None)
                return g, vjp(direction), np.zeros(0)
            vjp, _ = make_vjp(gradient, argnum=(0, 1))(w, self._theta)
            return (g, *vjp(direction))

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        with _differentiation():
            if self._theta is None:
                vjp, value = make_vjp(self._objective)(w, None)
                return self._scalar(value), vjp(1.0), np.zeros(0)
            vjp, value = make_vjp(self._objective, argnum=(0, 1))(w, self._theta)
            return (self._scalar(value), *vjp(1.0))

    @staticmethod
    def _scalar(value: Any) -> float:
        if np.ndim(value):
            raise InputError(
                "validation_loss", f"expected a scalar, found shape {np.shape(value)}."
            )
        return float(value)

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        return float(self._objective(w, self._theta))
