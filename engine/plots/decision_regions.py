"""Which class a network gives to each place of the plane, and how surely."""

from typing import Final

import numpy as np

from engine.plots.base import MapPlot, Points
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene
from engine.tasks.networks import NetworkTask

_PLACES: Final = 161  # along each side
_MOST_POINTS: Final = 400
_CHANGED: Final = {"centre": "centred"}


def decision_regions(what: PlotKind, scene: Scene) -> MapPlot | None:
    """Of a network whose examples have two features."""
    task = scene.stage.task
    if not isinstance(task, NetworkTask) or task.data.features != 2 or not task.data.class_names:
        return None
    w = scene.parameters()
    train = task.given()
    low, high = train.inputs.min(axis=0), train.inputs.max(axis=0)
    margin = 0.08 * (high - low)
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], _PLACES) for i in (0, 1))
    places = np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)
    outputs = task.network.outputs(w, places)
    if task.network.loss == "cross-entropy":
        outputs = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    outputs = np.maximum(outputs, 0)
    total = outputs.sum(axis=1)
    classes = outputs.shape[1]
    share = np.where(total > 0, outputs.max(axis=1) / np.where(total > 0, total, 1), 1 / classes)
    sure = np.clip((share - 1 / classes) / (1 - 1 / classes), 0, 0.999)
    names = task.data.class_names
    shown = slice(0, _MOST_POINTS)
    inputs, targets = train.inputs[shown], train.targets[shown]
    points = tuple(
        Points(name, inputs[targets == number, 0], inputs[targets == number, 1], number)
        for number, name in enumerate(names)
    )
    across, up = (_feature(scene, name) for name in task.dataset.feature_names)
    loss = float(task.network.mean_loss(w, train.inputs, train.targets))
    return MapPlot(
        what.key,
        what.title,
        across,
        up,
        x,
        y,
        (outputs.argmax(axis=1) + sure).reshape(_PLACES, _PLACES),
        "classes",
        points=points,
        caption=f"{scene.name}: training loss {loss:.3g}",
        class_names=names,
    )


def _feature(scene: Scene, name: str) -> str:
    """A feature by its name, with what was done to its numbers."""
    scaling = scene.stage.experiment.data.scaling
    return name if scaling == "none" else f"{name}, {_CHANGED.get(scaling, 'scaled')}"
