"""What is observed of a learning curve, as its forecasters see it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.arrays import Floats

MOST_POINTS: Final = 48
"""Of a curve that are told apart; of longer ones neighbours are taken together."""

_RISEN: Final = 0.05
_ENOUGH: Final = 5


@dataclass(frozen=True)
class Points:
    """Observations.

    Attributes:
        x: (n,) epochs, rising, from 1.
        y: (n,) means of observations.
        counts: (n,) of how many.
        scatters: (n,) the sum of their squares around the mean.
    """

    x: Floats
    y: Floats
    counts: Floats
    scatters: Floats


def flat_beginning(y: Floats) -> int:
    """How many values at the beginning of a curve are left out because it was flat.

    All but the last one before the curve rises; nothing while it does not: until five values are
    by 0.05 above the first, whatever happens may be noise.

    Args:
        y: (n,) rising, between 0 and 1, NaN where it was not measured.
    """
    finite = y[np.isfinite(y)]
    risen = np.isfinite(y) & (y > finite[0] + _RISEN)
    if risen.sum() < _ENOUGH:
        return 0
    return max(int(np.argmax(risen)) - 1, 0)


def observed_points(y: Floats) -> Points:
    """Points of a curve; many are taken together, evenly along ln x, as families change there.

    Args:
        y: (n,) by epoch from 1; NaN: not measured there.
    """
    x = np.flatnonzero(np.isfinite(y)).astype(np.float64) + 1
    y = y[np.isfinite(y)]
    if len(x) <= MOST_POINTS:
        return Points(x, y, np.ones(len(x)), np.zeros(len(x)))
    edges = np.concatenate([_edges(x[-1]), [np.inf]])
    where = np.searchsorted(edges, x, side="right")
    _, where = np.unique(where, return_inverse=True)
    counts = np.bincount(where).astype(np.float64)
    mean_x = np.bincount(where, x) / counts
    mean_y = np.bincount(where, y) / counts
    away_x, away_y = x - mean_x[where], y - mean_y[where]
    along = np.bincount(where, away_x * away_y)
    spread = np.maximum(np.bincount(where, away_x**2), 1e-300)
    scatters = np.bincount(where, away_y**2) - along**2 / spread  # around a line through each
    return Points(mean_x, mean_y, counts, np.maximum(scatters, 0.0))


def _edges(last: float) -> Floats:
    """Where groups of epochs begin, at most `MOST_POINTS`: one by one first, then ever larger."""
    growth = 1.0
    while True:
        edges, now = list[float](), 1.0
        while now <= last:
            edges.append(now)
            now += max(1.0, np.floor(now * (growth - 1)))
        if len(edges) <= MOST_POINTS:
            return np.array(edges)
        growth += 0.01
