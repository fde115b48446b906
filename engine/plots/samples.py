"""Hypergradients averaged over many seeds at one place: meta-iterations that are samples."""

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Line, Plot
from engine.plots.strokes import stroke_of_group
from engine.runs.events import MetaIterationDone
from engine.runs.records import RunRecord

_KEYS: Final[dict[str, str]] = {
    "learning_rates": "mean_hypergradient",
    "decays": "mean_hypergradient_decays",
}
_SYMBOLS: Final[dict[str, str]] = {"learning_rates": "α", "decays": "γ"}


class _Statistics(NamedTuple):
    """Mean and standard error over samples, (T, groups) each; no error of one sample."""

    mean: Floats
    error: Floats | None


_found: Final[WeakKeyDictionary[MetaIterationDone, dict[str, _Statistics]]] = WeakKeyDictionary()
"""By the last of the samples, because plots are made anew for each frame."""


def is_averaged(record: RunRecord) -> bool:
    """Whether a run's meta-iterations are samples: nothing moves between them."""
    return record.experiment.meta.optimizer == "none"


def mean_hypergradient(record: RunRecord, kind: str) -> Plot:
    """Mean hypergradient of a schedule in its coordinate, with its standard error as a band.

    Args:
        record: a run whose meta-iterations are samples.
        kind: "learning_rates" or "decays".
    """
    setting = getattr(record.experiment.hyperparameters, kind)
    count, per_group = len(record.meta_iterations), "group" in setting.granularity
    names = [group.name for group in record.groups] if per_group else ["all groups"]
    iterations = np.arange(record.iterations, dtype=np.float64)
    title, last = KINDS[kind].title.removesuffix("s"), max(record.iterations - 1, 1)
    lines = [Line("zero", np.array([0.0, last]), np.zeros(2), "reference", "dotted", faint=True)]
    if count:
        mean, error = _statistics(record, kind, per_group=per_group)
        lines += [
            Line(
                name,
                iterations,
                mean[:, index],
                *stroke_of_group(index),
                low=None if error is None else mean[:, index] - error[:, index],
                high=None if error is None else mean[:, index] + error[:, index],
            )
            for index, name in enumerate(names)
        ]
    unit = "" if setting.domain == "identity" else f"{setting.domain} "
    caption = "mean over N = 1 seed" if count == 1 else f"mean over N = {count} seeds"
    return Plot(
        _KEYS[kind],
        f"Mean hypergradient of the {title}s",
        "training iteration",
        f"∂f / ∂ {unit}{_SYMBOLS[kind]}",
        tuple(lines),
        (0, last),
        caption=f"{caption}; band: one standard error" if count > 1 else caption,
    )


def _statistics(record: RunRecord, kind: str, *, per_group: bool) -> _Statistics:
    """Of the derivatives by a schedule's coordinates, over the meta-iterations done."""
    found = _found.setdefault(record.meta_iterations[-1], {})
    if kind not in found:
        transform = DOMAINS[getattr(record.experiment.hyperparameters, kind).domain]
        slope = transform.slope(transform.to_coordinate(record.initial.arrays()[kind]))
        gradients = [done.hypergradient.arrays()[kind] for done in record.meta_iterations]
        samples = slope * np.array(gradients)
        if not per_group:
            samples = samples.sum(axis=2, keepdims=True)
        count = len(samples)
        error = samples.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else None
        found[kind] = _Statistics(samples.mean(axis=0), error)
    return found[kind]
