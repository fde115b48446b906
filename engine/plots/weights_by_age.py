"""How much the past of a series counts, by its age, as it is learned."""

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.past_weights import weights_at
from engine.plots.base import Line, Plot
from engine.plots.hyperparameters import has_plot
from engine.plots.kind import PlotKind
from engine.plots.words import apart
from engine.runs.records import RunRecord

_KIND = "past_weights"


def weights_by_age(what: PlotKind, record: RunRecord) -> Plot | None:
    """The weights as they are now, over those at the start."""
    if not has_plot(record, _KIND):
        return None
    ages = np.arange(1.0, max(record.data.steps, 2) + 1)
    first, current = record.initial[_KIND], record.current[_KIND]
    return Plot(
        what.key,
        what.title,
        "age",
        "weight",
        (
            Line("first", ages, weights_at(first, ages), "reference", "dashed"),
            Line("current", ages, weights_at(current, ages), 0),
        ),
        (0.0, float(ages[-1])),
        caption=_caption(first, current),
        x_unit="steps before the forecast",
        y_covers=(0.0, 1.0),
    )


def _caption(first: Floats, current: Floats) -> str:
    """How far back the past counts."""
    before, now = apart([float(first[0]), float(current[0])], 3)
    if len(current) == 1:
        return f"memory {before} → {now} steps: what is so old counts 37 %"
    return f"window {before} → {now} steps: what is so old counts half; edge {current[1]:.3g}"
