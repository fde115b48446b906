"""Constraints: convex sets that hyperparameters are kept in, by Euclidean projection."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats


class Constraint(NamedTuple):
    """A set that values are projected onto after each meta-step.

    Attributes:
        words: what holds in it, as the end of a sentence; ``{bound}`` stands for its bound.
        has_bound: whether it needs one.
        project: (n,) values and the bound → (n,) the nearest point of the set.
    """

    words: str
    has_bound: bool
    project: Callable[[Floats, float], Floats]


def non_negative(values: Floats, bound: float = 0.0) -> Floats:
    """The nearest values of at least 0; the bound plays no part."""
    return np.maximum(values, 0.0)


def simplex(values: Floats, bound: float) -> Floats:
    """The nearest values of at least 0 whose sum is the bound.

    Duchi, Shalev-Shwartz, Singer and Chandra (2008), "Efficient projections onto the l1-ball",
    figure 1: every value is lowered by the same amount, and what falls below 0 stays there. That
    amount is found below the largest value, since a small bound is lost beside large values.
    """
    below = values - values.max()
    falling = np.sort(below)[::-1]
    excess = np.cumsum(falling) - bound
    counts = np.arange(1, len(values) + 1)
    kept = np.flatnonzero(falling > excess / counts)[-1]
    lowered: Floats = np.maximum(below - excess[kept] / counts[kept], 0.0)
    return lowered


def l1_ball(values: Floats, bound: float) -> Floats:
    """The nearest values whose absolute values sum to at most the bound."""
    sizes = np.abs(values)
    if sizes.sum() <= bound:
        return values.copy()
    return np.asarray(np.sign(values) * simplex(sizes, bound))


CONSTRAINTS: Final[dict[str, Constraint]] = {
    "non-negative": Constraint("are at least 0", False, non_negative),
    "simplex": Constraint("are at least 0 and sum to {bound:g}", True, simplex),
    "L1 ball": Constraint("have absolute values that sum to at most {bound:g}", True, l1_ball),
}
"""By the name that an experiment gives. The box is every kind's own range."""
