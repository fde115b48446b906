"""The weights of the inputs, one by one, as bars that grow or vanish."""

import numpy as np

from engine.plots.base import Plot
from engine.plots.input_bars import (
    LATER,
    VANISHED,
    are_by_input,
    bars,
    marks_of,
    names_of,
    parts_of,
    weights_of_inputs,
)
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene


def input_weights(what: PlotKind, scene: Scene) -> Plot | None:
    """A bar for the weight of each input; where several leave it, for their length."""
    record = scene.record
    if not are_by_input(record):
        return None
    weights = weights_of_inputs(record, scene.parameters())
    parts = {name: part for name, part in parts_of(record).items() if name != LATER}
    told = [
        f"{name} {np.count_nonzero(np.abs(weights[part]) < VANISHED)} of {weights[part].size}"
        for name, part in parts.items()
    ]
    is_one = record.groups[0].size == record.data.features
    return Plot(
        what.key,
        what.title,
        "input",
        "weight" if is_one else "length of the weights",
        bars(weights, np.zeros(len(weights)), parts),
        (-0.5, len(weights) - 0.5),
        caption=f"{scene.name}; below {VANISHED:g}: {', '.join(told)}",
        x_names=names_of(record, parts),
        thins_names=True,
        marks=marks_of(parts),
    )
