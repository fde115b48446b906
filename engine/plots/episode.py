"""One episode of held-out characters: what is learned from, and what was said of other drawings."""

from typing import Final

import numpy as np

from engine.plots.base import PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.pictures import MOST_PICTURES, pictures
from engine.plots.stage import Scene
from engine.tasks.episodes import EpisodesTask

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def episode(what: PlotKind, scene: Scene) -> PicturePlot | None:
    """The first held-out episode, whose classifier is trained on what was learned by then."""
    task = scene.stage.task
    if not isinstance(task, EpisodesTask):
        return None
    judged = next(task.held_out_episodes(scene.hyperparameters, 1))
    drawn, said = judged.episodes, judged.scores[0].argmax(axis=1)
    ways = min(drawn.ways, MOST_PICTURES // 2)
    first = np.array([np.flatnonzero(drawn.train_targets[0] == way)[0] for way in range(ways)])
    # The same ones at every moment, some of each class.
    order = np.argsort(drawn.query_targets[0] % drawn.ways, kind="stable")
    each = len(order) // drawn.ways
    turn = order.reshape(drawn.ways, each).T.ravel()[: MOST_PICTURES - ways]
    names = [f"learns {_letter(way)}" for way in range(ways)]
    for query in turn:
        answer, right = _letter(said[query]), _letter(drawn.query_targets[0, query])
        names.append(f"{answer} ✓" if answer == right else f"{answer} ✗ is {right}")
    shown = np.concatenate([drawn.train[0, first], drawn.queries[0, turn]])
    count = int(np.sum(said == drawn.query_targets[0]))
    caption = (
        f"{scene.place}: {count} of {len(said)} right; "
        "“learns A” is what its classifier sees of A, then what it says of others"
    )
    return pictures(
        what, shown.T.astype(np.float64), task.held_out.shape, names, "ink", caption, "sequential"
    )


def _letter(way: int) -> str:
    return LETTERS[way] if way < len(LETTERS) else str(way + 1)
