"""Derivatives for stretches of training, as compiled calls: what an oracle may also be able to say.

Where a small model's derivatives take microseconds, asking for them iteration by iteration takes
longer than finding them. An oracle whose derivatives are compiled can hand over the calls that find
them, for many iterations in a row (see `engine.kernels.stretches`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.arrays import Floats, Integers


@dataclass(frozen=True, eq=False)
class Calls:
    """What finds the derivatives of a stretch of iterations.

    Attributes:
        count: n, the iterations of the stretch.
        addresses: (m,) of calls, kept as `engine.kernels.calls` does; to be done in this order with
            the number of each iteration, 0 … n − 1.
        gradient: (P,) where they leave ∇_w L.
        product: (P,) where they leave ∇_w (g · u); of no use without a direction.
        losses: (n,) where they leave the training losses.
        finish: to be called with the number of iterations that have been done: what they lose is
            taken off the adjoint of θ then at the latest.
        kept: what has to live while they are called.
    """

    count: int
    addresses: Integers
    gradient: Floats
    product: Floats
    losses: Floats
    finish: Callable[[int], None]
    kept: object


@runtime_checkable
class TellsCalls(Protocol):
    """What a `TrainingOracle` also has that can hand over compiled calls.

    What they compute has the same bits as what it computes itself.
    """

    def forward_calls(self, w: Floats, iterations: range) -> Calls | None:
        """Calls that find gradients.

        Args:
            w: (P,) elementary parameters, wherever they are when a call is done.
            iterations: of a stretch, in order; the calls may be for the first of them alone.

        Returns:
            None where there are no such calls.
        """

    def reverse_calls(
        self, w: Floats, iterations: range, direction: Floats, theta: Floats
    ) -> Calls | None:
        """Calls that find gradients and second derivatives, and take ∇_θ (g · u) off an adjoint.

        Args:
            w: see `forward_calls`.
            iterations: see there; they go down.
            direction: (P,) u, whatever it is when a call is done.
            theta: (M,) the adjoint of θ, to be changed.

        Returns:
            None where there are no such calls.
        """
