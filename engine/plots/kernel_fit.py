"""The function that kernel ridge fits: its curve, or what is left of the targets."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.data.splits import Part
from engine.plots.base import Colour, Dash, Line, Plot
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene, used_in
from engine.tasks.kernel_ridge import KernelRidgeTask

_PLACES: Final = 400
_MOST_POINTS: Final = 500
_DASHES: Final[tuple[Dash, ...]] = ("points", "triangles")
_WIDTH: Final = "kernel_widths"
_CHANGED: Final = {"centre": "centred"}


def fitted_curve(what: PlotKind, scene: Scene) -> Plot | None:
    """The curve over a single input, with the examples that it was fitted to and judged on."""
    task = scene.stage.task
    if not isinstance(task, KernelRidgeTask) or task.dataset.features != 1:
        return None
    train, judged = task.split.train, task.split.validation
    every = np.concatenate([train.inputs, judged.inputs])
    low, high = float(every.min()), float(every.max())
    x = np.linspace(low, high, _PLACES)
    shown = slice(0, _MOST_POINTS)
    strokes: list[tuple[str, Part, Colour, Dash]] = [
        ("training", train, "reference", "points"),
        ("validation", judged, 2, "triangles"),
    ]
    lines = [
        Line(name, part.inputs[shown, 0], task.own_units(part.targets[shown]), colour, dash)
        for name, part, colour, dash in strokes
    ]
    if scene.moment.meta_iteration > 0:
        lines.append(Line("first", x, _curve(task, scene, 0, x), 1, "dashed"))
    lines.append(Line("fitted curve", x, _curve(task, scene, scene.moment.meta_iteration, x), 0))
    name, scaling = task.dataset.feature_names[0], scene.stage.experiment.data.scaling
    return Plot(
        what.key,
        what.title,
        name if scaling == "none" else f"{name}, {_CHANGED.get(scaling, 'scaled')}",
        task.dataset.target_name or "target",
        tuple(lines),
        (low, high),
        caption=f"{scene.name}: {_errors(scene)}",
        counts_x=False,
    )


def _curve(task: KernelRidgeTask, scene: Scene, index: int, x: Floats) -> Floats:
    iteration = scene.iteration if index else scene.record.iterations
    w = scene.stage.parameters(scene.record, index, iteration)
    width = float(used_in(scene.record, index)[_WIDTH][0])
    return task.own_units(task.predictions(w, width, x[:, None]))


def residuals(what: PlotKind, scene: Scene) -> Plot | None:
    """What is left of validation and test targets, over what was predicted, of several inputs."""
    task = scene.stage.task
    if not isinstance(task, KernelRidgeTask) or task.dataset.features == 1:
        return None
    w = scene.parameters()
    width = float(used_in(scene.record, scene.moment.meta_iteration)[_WIDTH][0])
    parts = {"validation": task.split.validation, "test": task.split.test}
    lines, shown = [], slice(0, _MOST_POINTS)
    for colour, (name, part) in enumerate(parts.items()):
        if len(part.targets):
            predicted = task.predictions(w, width, part.inputs[shown])
            left = task.split.target_scale * (part.targets[shown] - predicted)
            lines.append(Line(name, task.own_units(predicted), left, colour, _DASHES[colour]))
    targets = np.concatenate([task.split.train.targets, *(one.targets for one in parts.values())])
    ends = task.own_units(np.array([targets.min(), targets.max()]))
    level = Line("predicted rightly", ends, np.zeros(2), "reference", "dashed")
    return Plot(
        what.key,
        what.title,
        "predicted",
        "target − predicted",
        (*lines, level),
        (float(ends[0]), float(ends[1])),
        caption=f"{scene.name}: {_errors(scene)}",
        counts_x=False,
    )


def _errors(scene: Scene) -> str:
    measures = scene.record.meta_iterations[scene.moment.meta_iteration].measures
    told = [
        f"{name.removesuffix('_loss')} {error:.3g}"
        for name, error in measures.items()
        if error is not None
    ]
    return f"squared error {', '.join(told)}"
