"""What a method asks of the losses: the interface of every derivative oracle."""

from typing import Protocol, runtime_checkable

from engine.arrays import Floats, Integers
from engine.derivatives.hessian import Hessian


class TrainingOracle(Protocol):
    """Derivatives of a training loss L(w, θ, t) at a fixed θ.

    The gradient must be deterministic: the same w and t give the same bits, from `gradient` and
    from `gradient_and_products` alike. Exact reversal rests on it. Arrays that come back are good
    until the same function is called again.
    """

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Both second-order products from one evaluation.

        Args:
            w: (P,) elementary parameters.
            t: training iteration.
            direction: (P,) the vector u.

        Returns:
            g = ∇_w L (P,), ∇_w (g · u) (P,), and ∇_θ (g · u) (M,).
        """


class Oracle(TrainingOracle, Protocol):
    """Derivatives of a training loss, and of an objective f(w, θ), at a fixed θ."""

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The training loss at iteration t, ∇_w L (P,), and the second derivatives ∂²L/∂w².

        Along many directions at one place these take less than `gradient_and_products` does. w is
        not to be changed meanwhile.
        """

    @property
    def theta(self) -> Floats:
        """(M,) θ; not to be written to."""

    @property
    def theta_size(self) -> int:
        """M."""

    def at(self, theta: Floats) -> "Oracle":
        """The same losses at another θ (M,)."""

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) how ∇_w L at iteration t moves with θ, along a direction (M,): ∂²L/∂w∂θ times it."""

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""


@runtime_checkable
class BatchOracle(Protocol):
    """An oracle whose objective is a mean over examples, and can be asked of some of them."""

    @property
    def judged_examples(self) -> int:
        """How many examples the objective is a mean over."""

    def objective_on(self, w: Floats, chosen: Integers) -> tuple[float, Floats, Floats]:
        """What `Oracle.objective` gives, of those examples alone whose indices are chosen."""


@runtime_checkable
class ThroughFeatures(Protocol):
    """What an `Oracle` also has whose θ enters the losses only through features of its own.

    Derivatives by θ are then those by the features, pulled back: as that is linear, once for all
    iterations instead of in each.
    """

    @property
    def inner(self) -> Oracle:
        """The same losses, where θ are the features."""

    def pull_back(self, by_features: Floats) -> Floats:
        """(M,) derivatives by θ, of those by the features."""
