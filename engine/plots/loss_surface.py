"""The loss over two weights, with the way that training took, and takes back.

Figure 1 of Maclaurin, Duvenaud and Adams (2015).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Colour, Line, MapPlot
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene
from engine.plots.surface_maps import RETRACED, TRAINING, loss_in_words, map_of_surface, sides
from engine.tasks.surface import SurfaceTask

_FEW: Final = 5  # paths that each have a colour of their own
_COLOURS: Final[tuple[Colour, ...]] = (TRAINING, 1, 3, 2, 4)  # apart from each other on the levels


def loss_surface(what: PlotKind, scene: Scene) -> MapPlot | None:
    """A path for each meta-iteration up to the moment's, in which it goes as far as the moment."""
    if not isinstance(scene.stage.task, SurfaceTask):
        return None
    record, moment = scene.record, scene.moment
    count = 1 if record.is_one_run else moment.meta_iteration + 1
    paths = [scene.stage.path(record, index) for index in range(count)]
    x, y = sides(np.concatenate(paths))
    path, place, few = paths[-1], scene.iteration, len(paths) <= _FEW
    lines = [
        Line(
            f"meta-iteration {index}",
            earlier[:, 0],
            earlier[:, 1],
            _COLOURS[index] if few else "reference",
            faint=not few,
        )
        for index, earlier in _some(paths[:-1])
    ]
    name, colour = f"meta-iteration {len(paths) - 1}", _COLOURS[len(paths) - 1 if few else 0]
    if record.is_one_run:
        name = "training"
    if moment.step > record.iterations:
        back = path[place:][::-1]
        lines.append(Line(name, path[:, 0], path[:, 1], colour, "dashed"))
        lines.append(Line("retraced exactly", back[:, 0], back[:, 1], RETRACED))
    else:
        lines.append(Line(name, path[: place + 1, 0], path[: place + 1, 1], colour))
    caption = f"{scene.name}: {loss_in_words(path[place])}"
    return map_of_surface(what, x, y, path, lines, caption)


def _some(paths: Sequence[Floats]) -> list[tuple[int, Floats]]:
    """A handful of them, evenly spaced."""
    stride = max(1, -(-len(paths) // _FEW))
    return list(enumerate(paths))[::stride]
