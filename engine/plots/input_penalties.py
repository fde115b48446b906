"""The L2 penalties of the inputs, one by one, as bars that grow from where they started."""

import numpy as np

from engine.hyperparameters.values import values_of
from engine.plots.base import Plot
from engine.plots.input_bars import are_by_input, bars, marks_of, names_of, parts_of
from engine.plots.kind import PlotKind
from engine.runs.records import RunRecord


def input_penalties(what: PlotKind, record: RunRecord) -> Plot | None:
    """A bar up where a penalty grew, and down where it shrank; noise apart from what is real."""
    if not are_by_input(record):
        return None
    start, now = values_of("l2_penalties", [record.initial, record.current])
    parts = parts_of(record)
    told = [
        f"{name} {np.count_nonzero(now[part] > start[part])} of {now[part].size}"
        for name, part in parts.items()
    ]
    return Plot(
        what.key,
        what.title,
        "input",
        "L2 penalty",
        bars(now, start, parts),
        (-0.5, len(now) - 0.5),
        log_y=bool(np.all(start > 0)) and bool(np.all(now > 0)),
        caption=f"larger than at the start: {', '.join(told)}",
        x_names=names_of(record, parts),
        y_unit="λ",
        thins_names=True,
        marks=marks_of(parts),
    )
