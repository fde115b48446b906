"""Elementary learning curves: the training loss at each iteration; of several, their mean."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line, Plot
from engine.plots.columns import counted
from engine.plots.going_on import MOST_PLACES, Curve
from engine.plots.kind import PlotKind
from engine.plots.losses import loss_unit
from engine.plots.strategies import name_of
from engine.runs.records import RunRecord


def learning_curves(what: PlotKind, record: RunRecord) -> Plot | None:
    """The first one, a few in between, the latest as far as it is; None if it is all one run.

    There are none where a method finds the minimum without training.
    """
    if record.is_one_run or not record.trains:
        return None
    each = record.data.summed
    current = np.array(record.learning_curve) / each
    lines = [Line("current", counted(len(current)), current, 0)]
    if record.meta_iterations:
        first = record.meta_iterations[0].learning_curve / each
        between = [
            Line(name_of(record, index), counted(len(first)), curve / each, 0, faint=True)
            for index, curve in _between([done.learning_curve for done in record.meta_iterations])
        ]
        first_line = Line("first", counted(len(first)), first, "reference", "dashed")
        lines = [first_line, *between, *lines]
    return Plot(
        what.key,
        what.title,
        "training iteration",
        "training loss",
        tuple(lines),
        (0, max(record.iterations - 1, 1)),
        caption=_caption(current, [line.name for line in lines if line.faint]),
        y_unit=loss_unit(record),
        along="iterations",
    )


def curve_under_way(record: RunRecord) -> Curve | None:
    """The learning curve while its training goes on, as means over at most 100 equal stretches."""
    if record.is_one_run or record.end or record.moment or not record.trains:
        return None
    whole, losses = record.iterations, record.learning_curve
    done, each = len(losses), record.data.summed
    if not 0 < done < whole:
        return None
    stretch = -(-whole // MOST_PLACES)
    count, starts = done // stretch, stretch * counted(-(-whole // stretch))

    def means() -> Floats:
        known: Floats = np.array(losses[: count * stretch], np.float64) / each
        mean: Floats = known.reshape(count, stretch).mean(axis=1)
        return mean

    return Curve(
        of=losses,
        line="current",
        count=count,
        places=np.floor((starts + np.minimum(starts + stretch, whole) - 1) / 2),
        reached=done - 1,
        end=f"iteration {whole - 1:,}",
        quantity="loss",
        measured=means,
    )


def _caption(current: Floats, pale: Sequence[str]) -> str:
    if not np.isfinite(current).any():
        return "known after the first iteration"
    if not pale:
        return ""
    what = pale[0].rpartition(" ")[0]  # as in "meta-iteration 8" or "seed 9"
    numbers = [name.removeprefix(f"{what} ") for name in pale]
    return f"pale: {what}{'s'[: len(pale) - 1]} {', '.join(numbers)}"


def _between(curves: Sequence[Floats]) -> list[tuple[int, Floats]]:
    """A handful of the curves after the first, which stay the same ones while more are added."""
    stride = 1
    while len(curves) > 5 * stride:
        stride *= 2
    return [(index, curves[index]) for index in range(stride, len(curves) - 1, stride)]
