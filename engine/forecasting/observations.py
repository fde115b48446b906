"""What is observed of a learning curve, as its forecasters see it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.arrays import Floats

MOST_POINTS: Final = 48
"""Of a curve that are told apart; of longer ones neighbours are taken together."""

_RISEN: Final = 0.05
_ENOUGH: Final = 5
_PARTS: Final = 4
_FEWEST_TOGETHER: Final = 3
_CERTAIN: Final = 2.5  # deviations
_NOTABLE: Final = 0.01


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


def before_the_rise(y: Floats) -> int:
    """How many values the program published with the paper leaves out at the beginning of a curve.

    All before the first five in a row that are by 0.05 above the first value; none without such.

    Args:
        y: (n,) rising, between 0 and 1, NaN where it was not measured.
    """
    known = np.flatnonzero(np.isfinite(y))
    risen = y[known] > y[known[0]] + _RISEN
    in_a_row = np.convolve(risen, np.ones(_ENOUGH, int), "valid") == _ENOUGH
    return int(known[np.argmax(in_a_row)]) if in_a_row.any() and len(y) >= _ENOUGH else 0


def lost_lately(y: Floats) -> float:
    """By how much a curve has got worse since it was best; 0 unless that is more than noise.

    Means of neighbours are compared, a quarter of the curve each; the noise is that of second
    differences, which no steady change adds to.

    Args:
        y: (n,) rising.
    """
    width = max(len(y) // _PARTS, _FEWEST_TOGETHER)
    if len(y) < 2 * width:
        return 0.0
    means = np.convolve(y, np.full(width, 1 / width), "valid")
    lost = float(means.max() - means[-1])
    noise = float(np.sqrt(np.mean(np.diff(y, 2) ** 2) / 6))
    return lost if lost > max(_CERTAIN * noise * np.sqrt(2 / width), _NOTABLE) else 0.0


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
