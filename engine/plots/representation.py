"""A representation seen in two dimensions, as it was before learning and as it is."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import PALETTE, Line, Plot
from engine.plots.episode import LETTERS
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene
from engine.tasks.episodes import EpisodesTask

_MOST_DRAWINGS: Final = 40  # of each character
_BEFORE: Final = 1.0  # where the views stand, each a little less than 2 wide
_NOW: Final = 3.0
_REACH: Final = 0.9


def representation(what: PlotKind, scene: Scene) -> Plot | None:
    """Drawings of a few held-out characters along the two directions in which they differ most.

    The characters are those of the first held-out episode. The directions are found anew for each
    view: the first two principal components of its features.
    """
    task = scene.stage.task
    if not isinstance(task, EpisodesTask):
        return None
    reached = scene.hyperparameters
    chosen = next(task.held_out_episodes(reached, 1)).characters[0][: len(PALETTE)]
    before, share_before = _view(task, scene.record.initial, chosen)
    now, share_after = _view(task, reached, chosen)
    lines = []
    for place in range(len(chosen)):
        x = np.concatenate([before[place, :, 0] + _BEFORE, now[place, :, 0] + _NOW])
        y = np.concatenate([before[place, :, 1], now[place, :, 1]])
        order = np.argsort(x, kind="stable")
        lines.append(Line(LETTERS[place], x[order], y[order], place, "points"))
    return Plot(
        what.key,
        what.title,
        "first principal component",
        "second principal component",
        tuple(lines),
        (0.0, 4.0),
        caption=f"{len(chosen)} held-out characters, before learning and {scene.place}: "
        f"{_in_words(share_before)} and {_in_words(share_after)} of the variance",
        counts_x=False,
        x_names=("", "before", "", "now", ""),
    )


def _in_words(share: float) -> str:
    """As in "37%"; features that are all the same do not vary."""
    return f"{share:.0%}" if share else "none"


def _view(
    task: EpisodesTask, hyperparameters: Hyperparameters, chosen: np.ndarray
) -> tuple[Floats, float]:
    """(characters, drawings, 2) places within ±0.9, and the share of the variance they show."""
    drawings = task.held_out.drawings[chosen, :_MOST_DRAWINGS]
    count, each, pixels = drawings.shape
    features = task.features_of(hyperparameters, drawings.reshape(-1, pixels))
    centred = features - features.mean(axis=0)
    along, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    places = along[:, :2] * lengths[:2]
    places *= np.sign(places[0]) + (places[0] == 0)  # either sign would do: keep to one
    reach = np.abs(places).max()
    total = float(np.sum(lengths**2))
    share = float(np.sum(lengths[:2] ** 2)) / total if total else 0.0
    return (_REACH * places / (reach or 1.0)).reshape(count, each, 2), share
