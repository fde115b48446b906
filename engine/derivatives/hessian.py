"""The second derivatives of a training loss at one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Hessian:
    """H = ∂²L/∂w² at one w, θ and t.

    Attributes:
        size: P.
        times: k directions u (P,) → (k, P) H u of each; its bits do not depend on the others.
        quick_rows: see `rows`; if there is a faster way to them than products, else None.
        blocks: where parameters fall into F sets of D that do not bend each other's losses:
            gives (F, D, D) H within each set, which parameter d of set f is d · F + f of; else
            None.
    """

    size: int
    times: Callable[[Sequence[Floats] | Floats], Floats]
    quick_rows: Callable[[int, int], Floats] | None = None
    blocks: Callable[[], Floats] | None = None

    def rows(self, first: int, stop: int) -> Floats:
        """(stop − first, P) rows of H; H is symmetric, and left of its diagonal they may be 0."""
        if self.quick_rows is not None:
            return self.quick_rows(first, stop)
        return self.times(np.eye(stop - first, self.size, first))


def rows_of_regression(
    inputs: Floats, shares: Floats, units: int, twice_penalties: Floats
) -> Callable[[int, int], Floats]:
    """Rows of H for a squared loss without hidden layers, where H is the same everywhere.

    Σ share (x W + b − y)² has 2 Σ share (x, 1) (x, 1)ᵀ for the parameters of each output, and zeros
    for those of different ones.

    Args:
        inputs: (n, D) x.
        shares: (n,) what each example's loss is multiplied by.
        units: outputs.
        twice_penalties: ((D + 1) units,) 2 λ; empty for none.

    Returns:
        See `Hessian.quick_rows`.
    """
    with_ones = np.hstack([inputs, np.ones((len(inputs), 1))])
    are_even = bool(np.all(shares == shares[0]))  # and so need not be multiplied by one by one
    weighted = with_ones if are_even else with_ones * (2 * shares[:, None])

    def rows(first: int, stop: int) -> Floats:
        begin, end = first // units, -(-stop // units)
        products = weighted[:, begin:end].T @ with_ones[:, begin:]
        if are_even:
            products *= 2 * shares[0]
        numbers = np.arange(first, stop)
        rows = np.zeros((stop - first, with_ones.shape[1], units))
        rows[numbers - first, begin:, numbers % units] = products[numbers // units - begin]
        rows = rows.reshape(stop - first, -1)
        if twice_penalties.size:
            rows[numbers - first, numbers] += twice_penalties[first:stop]
        return rows

    return rows
