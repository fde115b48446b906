"""The first layer's weights in the shape of the images."""

from engine.plots.base import PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.pictures import pictures, units
from engine.plots.stage import Scene
from engine.tasks.networks import NetworkTask


def weight_pictures(what: PlotKind, scene: Scene) -> PicturePlot | None:
    """One picture a class, or one a hidden unit, of a network whose examples are images."""
    task = scene.stage.task
    if not isinstance(task, NetworkTask) or task.data.image_shape is None:
        return None
    features, columns = task.network.sizes[:2]
    are_classes = len(task.network.sizes) == 2 and columns == len(task.data.class_names)
    return pictures(
        what,
        scene.parameters()[: features * columns].reshape(features, columns),
        task.data.image_shape,
        task.data.class_names if are_classes else units(columns),
        "weight",
        scene.name,
    )
