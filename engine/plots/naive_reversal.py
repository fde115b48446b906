"""What naive and exact reversal make of a path over the surface of two weights.

Section 2.2 of Maclaurin, Duvenaud and Adams (2015), on the surface of its figure 1.
"""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import AnyPlot, Colour, Dash, Line, MapPlot
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene, used_in
from engine.plots.surface_maps import RETRACED, TRAINING, map_of_surface, sides
from engine.runs.naive_reversal import Bits, NaivePath
from engine.runs.naive_reversal import naive_reversal as undo_naively
from engine.runs.records import RunRecord
from engine.runs.replay import Replay, replay_key
from engine.runs.replicates import Key, training_problem
from engine.tasks.surface import SurfaceTask

_BITS: Final[tuple[Bits, Bits]] = (16, 32)
_DRAWN: Final[tuple[tuple[Bits, Colour, Dash], ...]] = ((32, 3, "solid"), (16, 1, "solid"))
_ITERATIONS, _LOG_RATE, _DECAY = 46, -5.5, 0.8
"""With which the paper shows naive reversal: so small a decay drops many bits."""


def naive_reversal(what: PlotKind, scene: Scene) -> AnyPlot | None:
    """The same map at every moment of a run over the surface."""
    stage, record = scene.stage, scene.record
    task = stage.task
    if not isinstance(task, SurfaceTask) or record.is_one_run:
        return None
    return stage.once(what.key, lambda: _reversal_map(what, task, record))


def _reversal_map(what: PlotKind, task: SurfaceTask, record: RunRecord) -> MapPlot:
    """One training run of the surface, undone with the information buffer and without.

    What is drawn are the paper's settings, whose decay of 0.8 drops a third of a bit at each step;
    how far naive reversal misses the start of the run's own first training is told as well.
    """
    experiment, key, used = record.experiment, replay_key(record.experiment, 0), used_in(record, 0)
    shown = Hyperparameters(
        {
            "learning_rates": np.full((_ITERATIONS, 1), np.exp(_LOG_RATE)),
            "decays": np.full((_ITERATIONS, 1), _DECAY),
            "initial_scales": np.ones(1),
        }
    )
    there, back = _exact(SurfaceTask(), experiment, (0, 0, 0), shown)
    x, y = sides(there)
    naive = {bits: _naive(SurfaceTask(), experiment, (0, 0, 0), shown, bits) for bits in _BITS}
    lines = [
        Line("training", there[:, 0], there[:, 1], TRAINING),
    ]
    for bits, colour, dash in _DRAWN:
        seen = _inside(naive[bits].back, x, y)
        leaves = "" if len(seen) == len(naive[bits].back) else " (leaves the map)"
        lines.append(Line(f"undone in {bits} bits{leaves}", seen[:, 0], seen[:, 1], colour, dash))
    exactly = Line("undone exactly", back[:, 0], back[:, 1], RETRACED, "dashed")
    lines.append(exactly)  # on top, and dashed: training can be seen between
    missed = [naive[bits].distance(there[0]) for bits in _BITS]
    missed.append(float(np.linalg.norm(back[-1] - there[0])))
    own = _own_distances(task, experiment, key, used)
    of_the_run = f"this run's by {', '.join(map(_in_words, own))}"
    if not own:
        of_the_run = "this run's own training cannot be undone"
    told = ", ".join(
        f"{_in_words(apart)} ({name})"
        for name, apart in zip(("16 bits", "32 bits", "exactly"), missed, strict=True)
    )
    caption = f"the paper's example, not this run: start missed by {told}; {of_the_run}"
    return map_of_surface(what, x, y, there, lines, caption)


def _exact(
    task: SurfaceTask, experiment: Experiment, key: Key, used: Hyperparameters
) -> tuple[Floats, Floats]:
    """(T + 1, 2) each: the way of training, and of its exact reversal."""
    replay, last = Replay(task, experiment, key, used), len(used["learning_rates"])
    ways = []
    for iterations in (range(last + 1), range(last, -1, -1)):
        way = []
        for iteration in iterations:
            replay.seek(iteration)
            way.append(replay.w)
        ways.append(np.array(way))
    return ways[0], ways[1]


def _naive(
    task: SurfaceTask, experiment: Experiment, key: Key, used: Hyperparameters, bits: Bits
) -> NaivePath:
    return undo_naively(training_problem(task, experiment, key, used)[0], bits)


def _own_distances(
    task: SurfaceTask, experiment: Experiment, key: Key, used: Hyperparameters
) -> list[float]:
    """How far reversal ends from the start in 16 bits, in 32, and exactly; empty if it cannot."""
    if not training_problem(task, experiment, key, used)[0].can_be_undone:
        return []
    there, back = _exact(task, experiment, key, used)
    missed = [_naive(task, experiment, key, used, bits).distance(there[0]) for bits in _BITS]
    return [*missed, float(np.linalg.norm(back[-1] - there[0]))]


def _inside(path: Floats, x: Floats, y: Floats) -> Floats:
    """A path up to where it leaves the picture, or the range of its numbers."""
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    outside = ~np.all((path >= low) & (path <= high), axis=1)
    return path[: int(np.argmax(outside)) if outside.any() else len(path)]


def _in_words(distance: float) -> str:
    return f"{distance:.2g}" if np.isfinite(distance) else "out of range"
