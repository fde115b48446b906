"""What a method asks of the losses: the interface of every derivative oracle."""

from typing import Protocol

from engine.arrays import Floats


class Oracle(Protocol):
    """Derivatives of a training loss L(w, θ, t) and an objective f(w, θ), at a fixed θ.

    The gradient must be deterministic: the same w and t give the same bits, from `gradient` and
    from `gradient_and_products` alike. Exact reversal rests on it. Arrays that come back are good
    until the same function is called again.
    """

    theta_size: int

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

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
