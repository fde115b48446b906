"""Derivatives of logistic regression without a bias, by hand.

With labels y of −1 or 1, margins m = y (X w) and σ the logistic function, the losses of n examples
are their mean log(1 + exp(−m)), and that of training has penalties Σ λᵢ wᵢ² besides:

    ∇_w L = −Xᵀ (y σ(−m)) / n + 2 λ w        ∂²L/∂w² u = Xᵀ (σ(m) σ(−m) X u) / n + 2 λ u
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES, SPREADS, check_penalties

_LAST: Final = 2
"""Places that are remembered besides the first."""


class Signed(NamedTuple):
    """Examples of two classes.

    Attributes:
        inputs: (n, P).
        targets: (n,) −1.0 or 1.0.
    """

    inputs: Floats
    targets: Floats


class _Place(NamedTuple):
    """What is known of the training examples at some w.

    Attributes:
        w: (P,) there.
        loss: the mean, without penalties.
        gradient: (P,) of that.
        curvature: (n,) σ(m) σ(−m) / n.
    """

    w: Floats
    loss: float
    gradient: Floats
    curvature: Floats


class KnownPlaces:
    """What was found where it was asked about first, as where training starts, and last.

    It depends on no penalties, and so serves all oracles of the same examples.
    """

    def __init__(self) -> None:
        self._first: _Place | None = None
        self._last: tuple[_Place, ...] = ()

    def find(self, w: Floats) -> _Place | None:
        """What is known at w (P,)."""
        first = self._first
        for place in self._last if first is None else (*self._last, first):
            if np.array_equal(place.w, w):
                return place
        return None

    def add(self, place: _Place) -> None:
        """Remember one more."""
        self._first = self._first or place
        self._last = (place, *self._last[: _LAST - 1])


class LogisticOracle:
    """The derivative oracle of logistic regression; see `engine.derivatives.oracle.Oracle`.

    Full batch: t makes no difference. θ are the penalties, and the objective is without them.

    Args:
        train: n examples.
        judged: what the objective is of.
        penalties: own values (M,); none for none.
        penalty_granularity: see `engine.hyperparameters.l2_penalties.SPREADS`.
        groups: the parameter group.
        known: what oracles of the same examples have found.
    """

    def __init__(
        self,
        train: Signed,
        judged: Signed,
        penalties: Floats = NO_PENALTIES,
        penalty_granularity: str = "one",
        groups: Sequence[ParameterGroup] = (),
        known: KnownPlaces | None = None,
    ) -> None:
        check_penalties(penalties, penalty_granularity, groups)
        self._train, self._judged = train, judged
        self._signed = -train.targets / len(train.targets)
        self._penalties = np.array(penalties, np.float64)
        self._penalties.setflags(write=False)
        self._granularity, self._groups = penalty_granularity, tuple(groups)
        self._spread = SPREADS[penalty_granularity]
        self._known = known or KnownPlaces()

    @property
    def theta(self) -> Floats:
        """(M,) the penalties; not to be written to."""
        return self._penalties

    @property
    def theta_size(self) -> int:
        """M."""
        return self._penalties.size

    def at(self, theta: Floats) -> "LogisticOracle":
        """The same losses with other penalties (M,)."""
        granularity, groups = self._granularity, self._groups
        return LogisticOracle(self._train, self._judged, theta, granularity, groups, self._known)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss, and ∇_w L (P,)."""
        place = self._at(w)
        if not self.theta_size:
            return place.loss, place.gradient.copy()
        scaled = self._scaled(w)
        return place.loss + float(w @ scaled), place.gradient + 2.0 * scaled

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``."""
        _, gradient = self.gradient(w, t)
        product = self._times(self._at(w), direction)
        if not self.theta_size:
            return gradient, product, np.zeros(0)
        return gradient, product, self._spread.gather(2.0 * w * direction, self._groups)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w."""
        loss, gradient = self.gradient(w, t)
        place, inputs = self._at(w), self._train.inputs

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            return np.array([self._times(place, one) for one in directions]).reshape(-1, w.size)

        def rows(first: int, stop: int) -> Floats:
            found: Floats = (inputs[:, first:stop] * place.curvature[:, None]).T @ inputs
            if self.theta_size:
                full = self._spread.to_parameters(self._penalties, self._groups)
                numbers = np.arange(first, stop)
                found[numbers - first, numbers] += 2.0 * full[numbers]
            return found

        return loss, gradient, Hessian(w.size, times, rows)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of the penalties."""
        return 2.0 * self._spread.scale(theta_direction, self._groups, w)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,), which is 0."""
        inputs, targets = self._judged
        margins = targets * (inputs @ w)
        shares = -targets * _logistic(-margins) / len(targets)
        return mean_loss(margins), shares @ inputs, np.zeros(self.theta_size)

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        return mean_loss(self._judged.targets * (self._judged.inputs @ w))

    def _at(self, w: Floats) -> _Place:
        """What is known there."""
        if (known := self._known.find(w)) is not None:
            return known
        margins = self._train.targets * (self._train.inputs @ w)
        wrong = _logistic(-margins)
        place = _Place(
            w.copy(),
            mean_loss(margins),
            (self._signed * wrong) @ self._train.inputs,
            wrong * (1.0 - wrong) / len(margins),
        )
        self._known.add(place)
        return place

    def _times(self, place: _Place, direction: Floats) -> Floats:
        inputs = self._train.inputs
        product: Floats = (place.curvature * (inputs @ direction)) @ inputs
        if self.theta_size:
            product += 2.0 * self._scaled(direction)
        return product

    def _scaled(self, w: Floats) -> Floats:
        return self._spread.scale(self._penalties, self._groups, w)


def mean_loss(margins: Floats) -> float:
    """The mean log(1 + exp(−m)) of margins m (n,)."""
    return float(np.logaddexp(0.0, -margins).mean())


def _logistic(u: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * u)))
