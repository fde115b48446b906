"""Derivatives of any loss that a person writes in ``autograd.numpy``."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.derivatives.differentiation import make_vjp, one_at_a_time
from engine.derivatives.hessian import Hessian
from engine.derivatives.own_loss import Loss, OwnLoss
from engine.derivatives.repeats import Repeats
from engine.errors import InputError, NoDerivativeError

__all__ = ["AutogradOracle", "Loss"]

_OF_T = "What is random in it must be a function of t."
_NOT_RANDOM = "Nothing in it may be random."
_FAR_BEYOND = 1e100  # a direction so long is chaos, whatever the loss is


class AutogradOracle:
    """The derivative oracle for losses written in ``autograd.numpy``.

    The losses are handed arrays that cannot be written to and never change. What they give has to
    be the same whenever it is evaluated at the same place: the first gradient is evaluated twice,
    and each one that is evaluated again later is compared with what it was, bit for bit.

    Args:
        training_loss: (w, theta, t) → scalar.
        objective: (w, theta) → scalar.
        theta: (M,) the θ that both losses are evaluated at, or None.

    Raises:
        InputError: a loss is not a function of these arguments. All methods: it writes to its
            arguments, does not give a floating-point scalar, or is not the same again.
        NoDerivativeError: all methods: a derivative is not finite although the loss is.
    """

    def __init__(self, training_loss: Loss, objective: Loss, theta: Floats | None) -> None:
        self._training_loss = OwnLoss("training_loss", training_loss, ("w", "theta", "t"))
        self._objective = OwnLoss("validation_loss", objective, ("w", "theta"))
        self._theta = None if theta is None else _kept(theta)
        self.theta = np.zeros(0) if self._theta is None else self._theta
        self._losses = training_loss, objective
        self._repeats = Repeats()

    @property
    def theta_size(self) -> int:
        """M."""
        return self.theta.size

    def at(self, theta: Floats) -> "AutogradOracle":
        """The same losses at another θ."""
        return AutogradOracle(*self._losses, theta)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        place = _kept(w)
        for _ in range(2 if self._repeats.is_empty else 1):
            loss, gradient = self._evaluate(place, t)
            if self._repeats.is_contradicted(place, t, loss, gradient):
                raise _not_the_same("training_loss", f" at iteration {t}", "w, theta and t", _OF_T)
        return loss, gradient

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`.

        Differentiating twice, autograd may add up the same gradient in another order. So that it
        has the bits that `gradient` gave, it is evaluated once more in the same way.
        """
        _, g = self.gradient(w, t)
        with one_at_a_time(), np.errstate(all="ignore"):  # what is not finite is refused below
            by: Any = 0 if self._theta is None else (0, 1)
            vjp, _ = make_vjp(self._gradient_at(t), argnum=by)(_kept(w), self._theta)
            by_w, by_theta = (vjp(direction), np.zeros(0)) if by == 0 else vjp(direction)
        _check_product(by_w, direction, "w", t)
        _check_product(by_theta, direction, "theta", t)
        return g, by_w, by_theta

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w; see `Oracle`."""
        place = _kept(w)
        self.gradient(place, t)
        with one_at_a_time(), np.errstate(all="ignore"):
            vjp, _ = make_vjp(self._gradient_at(t))(place, self._theta)
        loss, g = self.gradient(w, t)  # compared with what it was before: nobody asks again

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            with one_at_a_time(), np.errstate(all="ignore"):  # what is not finite is refused below
                products = np.array([vjp(direction) for direction in directions])
            for product, direction in zip(products, directions, strict=True):
                _check_product(product, direction, "w", t)
            return products

        return loss, g, Hessian(place.size, times)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ: the gradient by w of ∇_θ L along it."""

        def along(w: Any) -> Any:
            vjp, _ = make_vjp(self._training_loss, argnum=1)(w, self._theta, t)
            return vjp(1.0)

        with one_at_a_time(), np.errstate(all="ignore"):  # what is not finite is refused below
            vjp, _ = make_vjp(along)(_kept(w))
            product = np.asarray(vjp(theta_direction), np.float64)
        _check_product(product, theta_direction, "theta", t)
        return product

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        place = _kept(w)
        found, again = self._evaluate_objective(place), self._evaluate_objective(place)
        value, by_w, by_theta = found
        pairs = zip(found, again, strict=True)
        if not np.isfinite(value):
            raise NoDerivativeError("the value of validation_loss")
        if any(np.asarray(one).tobytes() != np.asarray(other).tobytes() for one, other in pairs):
            raise _not_the_same("validation_loss", "", "w and theta", _NOT_RANDOM)
        for name, product in (("w", by_w), ("theta", by_theta)):
            if not np.isfinite(product).all():
                raise NoDerivativeError(f"the derivative of validation_loss by {name}")
        return value, by_w, by_theta

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        place = _kept(w)
        with np.errstate(all="ignore"):  # what is not finite is refused
            value, again = (float(self._objective(place, self._theta)) for _ in range(2))
        if not np.isfinite(value):
            raise NoDerivativeError("the value of validation_loss")
        if value != again:
            raise _not_the_same("validation_loss", "", "w and theta", _NOT_RANDOM)
        return value

    def _gradient_at(self, t: int) -> Callable[[Any, Any], Any]:
        """∇_w L at iteration t, as autograd can differentiate it."""

        def gradient(w: Any, theta: Any) -> Any:
            vjp, _ = make_vjp(self._training_loss)(w, theta, t)
            return vjp(1.0)

        return gradient

    def _evaluate_objective(self, place: Floats) -> tuple[float, Floats, Floats]:
        with one_at_a_time(), np.errstate(all="ignore"):  # what is not finite is refused
            by: Any = 0 if self._theta is None else (0, 1)
            vjp, value = make_vjp(self._objective, argnum=by)(place, self._theta)
            by_w, by_theta = (vjp(1.0), np.zeros(0)) if by == 0 else vjp(1.0)
        return float(value), by_w, by_theta

    def _evaluate(self, place: Floats, t: int) -> tuple[float, Floats]:
        with one_at_a_time():
            vjp, loss = make_vjp(self._training_loss)(place, self._theta, t)
            with np.errstate(all="ignore"):
                gradient = np.asarray(vjp(1.0), np.float64)
        # Where the loss is not finite either, training has diverged, which the dynamics says.
        is_finite = bool(np.isfinite(gradient).all())
        if np.isfinite(loss) and not is_finite:
            raise NoDerivativeError("the gradient of training_loss by w", t)
        if is_finite and not np.isfinite(loss):
            raise NoDerivativeError("the value of training_loss", t)
        return float(loss), gradient


def _check_product(product: Floats, direction: Floats, name: str, t: int) -> None:
    """Refuse a second derivative that is not finite, unless the direction nearly is not."""
    if np.abs(direction).max(initial=0.0) < _FAR_BEYOND and not np.isfinite(product).all():
        raise NoDerivativeError(f"the second derivative of training_loss by {name}", t)


def _kept(array: Floats) -> Floats:
    """A copy that cannot be written to, and so can be kept by whoever gets it."""
    copy = np.array(array)
    copy.setflags(write=False)
    return copy


def _not_the_same(name: str, where: str, place: str, advice: str) -> InputError:
    return InputError(
        name,
        f"expected the same whenever it is evaluated at the same {place}, found another value or "
        f"gradient{where}. {advice}",
    )
