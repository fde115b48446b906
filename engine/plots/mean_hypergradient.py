"""Hypergradients averaged over many seeds at one place: meta-iterations that are samples.

Figure 4 of Maclaurin, Duvenaud and Adams (2015).
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Line, Plot
from engine.plots.columns import counted
from engine.plots.hyperparameters import setting_of, strands_of
from engine.plots.kind import PlotKind
from engine.plots.strategies import after_the_first, is_averaged
from engine.runs.records import RunRecord


class Statistics(NamedTuple):
    """Over samples, of what sets each line apart.

    Attributes:
        mean: (T, lines).
        low, high: (T, lines) the mean minus and plus its standard error; None of one sample.
    """

    mean: Floats
    low: Floats | None
    high: Floats | None

    @property
    def error(self) -> Floats | None:
        """(T, lines) the standard error, as wide as its band."""
        return None if self.high is None else self.high - self.mean


def mean_hypergradient(what: PlotKind, record: RunRecord, kind: str) -> Plot | None:
    """Mean hypergradient of a schedule in its coordinate, with its standard error as a band.

    Args:
        what: the catalogue's entry.
        record: of a run whose meta-iterations may be samples.
        kind: a schedule.
    """
    setting = setting_of(record, kind)
    if not is_averaged(record) or not setting.free:
        return None
    if any(len(done.hypergradient[kind]) != record.iterations for done in record.meta_iterations):
        return None  # the method gives it for all iterations together
    count, last = len(record.meta_iterations), max(record.iterations - 1, 1)
    iterations = counted(record.iterations)
    lines = [Line("zero", np.array([0.0, last]), np.zeros(2), "reference", "dotted", faint=True)]
    if count:
        mean, low, high = statistics(record, kind)
        lines += [
            Line(
                name,
                iterations,
                mean[:, index],
                colour,
                dash,
                low=None if low is None else low[:, index],
                high=None if high is None else high[:, index],
                factors=factors,
            )
            for index, (name, colour, dash, factors) in enumerate(strands_of(record, kind))
        ]
    domain = "" if setting.domain == "identity" else f"{setting.domain} "
    caption = f"mean over N = {count:,} seed{'' if count == 1 else 's'}"
    if count > 1:
        caption += "; band: one standard error"
    return Plot(
        what.key,
        what.title,
        "training iteration",
        f"∂f / ∂ {domain}{KINDS[kind].symbol}",
        tuple(lines),
        (0, last),
        caption=caption if count else after_the_first(record),
        along="iterations",
    )


def statistics(record: RunRecord, kind: str) -> Statistics:
    """Of the derivatives by a schedule's coordinates, over the meta-iterations done."""
    setting = setting_of(record, kind)
    transform = DOMAINS[setting.domain]
    slope = transform.slope(transform.to_coordinate(record.initial[kind]))
    gradients = [done.hypergradient[kind] for done in record.meta_iterations]
    samples = slope * np.array(gradients)
    if "group" not in setting.granularity:
        samples = samples.sum(axis=2, keepdims=True)
    mean, count = samples.mean(axis=0), len(samples)
    if count == 1:
        return Statistics(mean, None, None)
    error = samples.std(axis=0, ddof=1) / np.sqrt(count)
    return Statistics(mean, mean - error, mean + error)
