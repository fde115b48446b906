"""What a live plot asks of its lines: how many points to draw, which is nearest, their range."""

from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.plots import Line

_MOST_POINTS: Final = 2000  # more than a screen has columns
_ROUGH: Final = 12.0  # times its range that a line goes up and down
_FEW: Final = 30  # points that are drawn as large dots


def thinned(line: Line) -> tuple[Floats, Floats]:
    """A line's points; of a very long one the least and the greatest of each short stretch."""
    line = line.outline
    if not line.is_joined:  # a gap between them is none
        known = np.isfinite(line.y)
        return line.x[known], line.y[known]
    if len(line.y) <= _MOST_POINTS:
        return line.x, line.y
    stretch = -(-2 * len(line.y) // _MOST_POINTS)
    rows = _stretches(line.y, stretch)
    extremes = np.stack([np.fmin.reduce(rows, axis=1), np.fmax.reduce(rows, axis=1)], axis=1)
    return np.repeat(line.x[::stretch], 2), extremes.ravel()


def thinned_band(line: Line) -> tuple[Floats, Floats, Floats]:
    """A line's places with the lower and the upper end of its band, where both are numbers."""
    line = line.outline
    if line.band is None:
        return (np.zeros(0),) * 3
    x, (low, high) = line.x, line.band
    if len(x) > _MOST_POINTS:
        stretch = -(-2 * len(x) // _MOST_POINTS)
        x = x[::stretch]
        low = np.fmin.reduce(_stretches(low, stretch), axis=1)
        high = np.fmax.reduce(_stretches(high, stretch), axis=1)
    known = np.isfinite(low) & np.isfinite(high)
    return x[known], low[known], high[known]


def same_numbers(before: Line, now: Line) -> bool:
    """Whether a line is drawn already as it is now."""
    columns = ((before.x, now.x), (before.y, now.y), (before.low, now.low))
    return all(_same(*pair) for pair in (*columns, (before.high, now.high)))


def is_a_point(line: Line) -> bool:
    """Whether nothing of a line would be seen but for a dot."""
    return len(line.y) == 1 and bool(np.isfinite(line.y[0]))


def is_rough(y: Floats) -> bool:
    """Whether a line goes up and down so often that its stroke crosses itself all the time."""
    y = y[np.isfinite(y)]
    if y.size < 2:
        return False
    return float(np.abs(np.diff(y)).sum()) > _ROUGH * float(y.max() - y.min())


def readable(line: Line, *, log: bool) -> Any:
    """Which points of a line have a place in the plot."""
    return np.isfinite(line.y) & (line.y > 0 if log else True)


def range_of(columns: list[Floats], *, log: bool) -> tuple[float, float]:
    """The range of all numbers, or of their logarithms; some range even if there is none."""
    values = np.concatenate([np.zeros(0), *columns])
    values = values[np.isfinite(values)]
    if log:
        values = np.log10(values[values > 0])
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-12):
        margin = 0.1 * abs(high) or 0.5
        return low - margin, high + margin
    return low, high


def _stretches(values: Floats, stretch: int) -> Floats:
    """Rows of so many values, the last one filled up with NaN."""
    padded = np.full(-(-len(values) // stretch) * stretch, np.nan)
    padded[: len(values)] = values
    return padded.reshape(-1, stretch)


def _same(before: Floats | None, now: Floats | None) -> bool:
    if before is None or now is None:
        return before is now
    return np.array_equal(before, now, equal_nan=True)


def dot_size(line: Line) -> float:
    """How large its dots are, in pixels: those of few points are larger."""
    if not line.is_joined:
        return 9.0 if len(line.y) <= _FEW else 4.0
    return 6.0
