"""Constraints: convex sets that hyperparameters are kept in, by Euclidean projection."""

import math
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
        comes_first: whether the nearest point is that of where the meta-step led. Of others it is
            that of the nearest values in their kind's range, which are at least 0.
    """

    words: str
    has_bound: bool
    project: Callable[[Floats, float], Floats]
    comes_first: bool = False


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


def largest_sum(values: Floats, bound: float) -> Floats:
    """The nearest values of at least 0 that sum to at most the bound."""
    return l1_ball(np.maximum(values, 0.0), bound)


def box_with_sum(values: Floats, bound: float) -> Floats:
    """The nearest values from 0 to 1 that sum to at most the bound.

    They are clip(x − m, 0, 1) with the least m ≥ 0 that meets the bound (Franceschi, Donini,
    Frasconi and Pontil 2017, section 5.1). Their sum falls as m grows, and bends where a value
    leaves 1 or reaches 0. Bisection finds the two bends around m; the sum is straight between them,
    so that what is missing at the upper one is shared out evenly among the values that move there.
    """
    kept = np.clip(values, 0.0, 1.0)
    if math.fsum(kept) <= bound:
        return kept
    bends = np.unique(np.concatenate([[0.0], values, values - 1.0]))
    bends = bends[bends >= 0.0]
    low, high = 0, len(bends) - 1  # the sum is above the bound at low, and not at high
    while high - low > 1:
        middle = (low + high) // 2
        is_above = math.fsum(np.clip(values - bends[middle], 0.0, 1.0)) > bound
        low, high = (middle, high) if is_above else (low, middle)
    before, after = (np.clip(values - bends[place], 0.0, 1.0) for place in (low, high))
    moving = before > after
    after[moving] += math.fsum([bound, *-after]) / np.count_nonzero(moving)
    nearest: Floats = np.minimum(after, 1.0)
    return nearest


CONSTRAINTS: Final[dict[str, Constraint]] = {
    "non-negative": Constraint("are at least 0", False, non_negative),
    "simplex": Constraint("are at least 0 and sum to {bound:g}", True, simplex, comes_first=True),
    "L1 ball": Constraint("have absolute values that sum to at most {bound:g}", True, l1_ball),
    "sum": Constraint("are at least 0 and sum to at most {bound:g}", True, largest_sum),
    "box and sum": Constraint(
        "are from 0 to 1 and sum to at most {bound:g}", True, box_with_sum, comes_first=True
    ),
}
"""By the name that an experiment gives. The box is every kind's own range."""
