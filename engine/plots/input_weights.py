"""The weights of the inputs, one by one, as bars that grow or vanish."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Plot
from engine.plots.input_bars import LATER, are_by_input, bars, names_of, parts_of
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene
from engine.tasks.networks import NetworkTask

VANISHED: Final = 0.01
"""A weight that is smaller counts as none."""


def input_weights(what: PlotKind, scene: Scene) -> Plot | None:
    """A bar for the weight of each input; where several leave it, for their length."""
    record, task = scene.record, scene.stage.task
    if not are_by_input(record) or not isinstance(task, NetworkTask):
        return None
    weights = weights_of_inputs(task, scene.parameters())
    parts = {name: part for name, part in parts_of(record).items() if name != LATER}
    told = [
        f"{np.count_nonzero(np.abs(weights[part]) < VANISHED)} of {weights[part].size} {name}"
        for name, part in parts.items()
    ]
    is_one = task.network.sizes[1] == 1
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
    )


def weights_of_inputs(task: NetworkTask, w: Floats) -> Floats:
    """(D,) the weight that leaves each input; the length of the vector where there are several."""
    features, units = task.network.sizes[:2]
    matrix = w[: features * units].reshape(features, units)
    return matrix[:, 0].copy() if units == 1 else np.linalg.norm(matrix, axis=1)
