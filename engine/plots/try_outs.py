"""Training runs that were tried out, as plots."""

import numpy as np

from engine.plots.base import Line, Plot
from engine.runs.try_out import TryOut


def learning_curves(before: TryOut | None, after: TryOut | None) -> Plot:
    """The elementary learning curves of two training runs.

    Args:
        before: a run, or None while there is none.
        after: the other, or None.
    """
    lines = []
    if before:
        x = np.arange(float(len(before.learning_curve)))
        lines.append(Line("original", x, before.learning_curve, "reference", "dashed"))
    if after:
        x = np.arange(float(len(after.learning_curve)))
        lines.append(Line("edited", x, after.learning_curve, 0))
    unit = next((run.kinds[0].unit for run in (before, after) if run), "")
    last = max((len(line.y) - 1 for line in lines), default=1)
    return Plot(
        "tried_learning_curves",
        "Elementary learning curves",
        "training iteration",
        "training loss",
        tuple(lines),
        (0, max(last, 1)),
        y_unit=unit,
    )
