"""Noisy lines made smooth: each point becomes the mean of the points around it.

The filter is a centred mean: as many points on the left as on the right, fewer of them near the
ends of a line, so that nothing is shifted and straight lines stay as they are. How many depends on
the whole x axis, not on how far a run is; so what is drawn does not change as the run goes on,
but near its end.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line, Plot


@dataclass(frozen=True)
class Smoothing:
    """How strongly lines are smoothed.

    Attributes:
        name: "none", "light", "medium" or "strong".
        share: of the x axis that each mean is taken over.
        least: how many points there are at least on either side of the one in the middle.
    """

    name: str
    share: float
    least: int

    def reach(self, plot: Plot, line: Line) -> int:
        """How many points on either side a mean is taken over."""
        apart = abs(float(line.x[-1] - line.x[0])) / (len(line.x) - 1)
        start, end = plot.x_range
        points = (end - start) / apart if apart else 0.0
        return max(self.least, round(self.share * points / 2)) if self.share else 0


SMOOTHINGS: Final[dict[str, Smoothing]] = {
    each.name: each
    for each in (
        Smoothing("none", 0.0, 0),
        Smoothing("light", 0.03, 1),
        Smoothing("medium", 0.08, 2),
        Smoothing("strong", 0.20, 4),
    )
}
"""By name; "none" first."""


def can_be_smoothed(plot: Plot) -> bool:
    """Whether its lines go along iterations or meta-iterations, and are joined."""
    return plot.along in ("iterations", "meta-iterations") and any(
        line.is_joined and not line.faint for line in plot.lines
    )


def smoothed(plot: Plot, smoothing: Smoothing) -> Plot:
    """A plot with its lines smoothed, and those that were strong as measured behind them, faint.

    Means are of the values themselves, on a logarithmic axis, too. Arrows and bands belong to what
    was measured; what is predicted is smooth already.

    Args:
        plot: any; one that cannot be smoothed stays as it is.
        smoothing: how strongly.
    """
    if not smoothing.share or not can_be_smoothed(plot):
        return plot
    behind, made = [], []
    for line in plot.lines:
        if not line.is_joined or len(line.y) < 3 or line.predicted is not None:
            made.append(line)
            continue
        means = centred_mean(line.y, smoothing.reach(plot, line))
        bare = replace(line, towards=None, came_from=None, low=None, high=None)
        made.append(replace(bare, y=means, smoothed=True))
        if not line.faint:
            name = f"{line.name}, measured"
            behind.append(replace(line, name=name, faint=True, before=line.name, factors=None))
    return replace(plot, lines=(*behind, *made))


def centred_mean(values: Floats, reach: int) -> Floats:
    """The mean of each value and those at most so many places away, as many on both sides.

    Args:
        values: (n,) those that are not finite do not count, and stay gaps.
        reach: how many places; fewer near the ends.

    Returns:
        (n,) the means; NaN in gaps.
    """
    reach = min(reach, (len(values) - 1) // 2)
    if reach < 1:
        return values
    known = np.isfinite(values)
    found = np.where(known, values, 0.0)
    _, exponent = np.frexp(np.abs(found).max())
    unit = 2.0 ** max(int(exponent) - 1, 0)  # sums of so many units do not overflow
    total = _sums(found / unit, reach)
    count = _sums(known.astype(np.float64), reach)
    return np.where(known, total / np.maximum(count, 1.0) * unit, np.nan)


def _sums(values: Floats, reach: int) -> Floats:
    """(n,) sums over windows; none is a difference of larger sums, which would lose digits."""
    start = np.cumsum(values[: 2 * reach])[::2]
    end = np.cumsum(values[::-1][: 2 * reach])[::2][::-1]
    return np.concatenate([start, np.convolve(values, np.ones(2 * reach + 1), "valid"), end])
