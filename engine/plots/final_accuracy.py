"""Accuracy of the final models, beside those that were trained with fixed example weights."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.experiments.measures import ALL_EXAMPLES, LEARNED, ORACLE, VALIDATION_ONLY
from engine.plots.base import Line, Plot
from engine.plots.columns import counted, finite
from engine.plots.kind import PlotKind
from engine.plots.strategies import at_the_end
from engine.runs.records import RunRecord

_SMALL: Final = 0.5  # so far below 1, where weights begin to look as if nothing were trained on


class Row(NamedTuple):
    """What one way to weight the examples came to.

    Attributes:
        name: what it is called.
        accuracies: (n,) of each seed, on the test part.
    """

    name: str
    accuracies: Floats

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return float(self.accuracies.mean())

    @property
    def error(self) -> float | None:
        """The standard error of the mean; None of a single seed."""
        n = len(self.accuracies)
        return float(self.accuracies.std(ddof=1) / np.sqrt(n)) if n > 1 else None


def rows_of(record: RunRecord) -> list[Row]:
    """Those of a run that is over, what was learned last; none where nothing has an accuracy."""
    finished = record.end
    if finished is None or "example_weights" not in record.current or "" not in finished.seeds:
        return []
    names = [*(name for name in finished.seeds if name), ""]
    several = [
        Row(name or LEARNED, finite(one.test_accuracy for one in finished.seeds[name]))
        for name in names
    ]
    is_known = all(np.isfinite(row.accuracies).all() for row in several)
    return several if is_known and len(several) > 1 else []


def closed(rows: Sequence[Row]) -> float | None:
    """Which share of what corruption costs was won back: from all examples to the oracle.

    Returns:
        None where no label is corrupted, or nothing is lost by it.
    """
    means = {row.name: row.mean for row in rows}
    if ORACLE not in means:
        return None
    lost = means[ORACLE] - means[ALL_EXAMPLES]
    return (means[LEARNED] - means[ALL_EXAMPLES]) / lost if lost > 0 else None


def _has_validation(record: RunRecord) -> bool:
    """Whether the final models were trained on validation examples, too."""
    finished = record.finished
    return finished is not None and VALIDATION_ONLY in finished.seeds


def final_accuracy(what: PlotKind, record: RunRecord) -> Plot | None:
    """A point a row, with a bar of one standard error over the seeds."""
    rows = rows_of(record)
    if not rows:
        return None
    means = np.array([row.mean for row in rows])
    errors = [row.error for row in rows]
    known = [error for error in errors if error is not None]
    spread = np.array(known) if len(known) == len(rows) else None
    if (share := closed(rows)) is not None:
        caption = f"learned wins back {share:.0%} of what wrong labels cost"
    else:
        caption = f"learned {rows[-1].mean:.1%}"
    most = float(record.current["example_weights"].max())
    if 0 < most < _SMALL and _has_validation(record):
        caption += f"; validation examples weigh as the largest λ, {most:.2g}: only ratios count"
    if spread is not None:
        seeds = len(rows[0].accuracies)
        is_same = not np.any(spread)
        caption += f"; {'the same' if is_same else 'bars: a standard error'} over {seeds} seeds"
    return Plot(
        what.key,
        what.title,
        "trained on",
        "test accuracy",
        (
            Line(
                "test accuracy",
                counted(len(rows)),
                means,
                0,
                "points",
                low=None if spread is None else means - spread,
                high=None if spread is None else means + spread,
            ),
        ),
        (-0.4, len(rows) - 0.6),
        caption=at_the_end(record) + caption,
        y_covers=(0.9, 1.0) if means.min() == 1.0 else None,  # no room for more than all
        x_names=tuple(row.name for row in rows),
    )
