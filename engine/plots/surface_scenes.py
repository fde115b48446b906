"""Maps of the surface of two weights: the paths of training over it, and what reversal makes of it.

Figure 1 of Maclaurin, Duvenaud and Adams (2015).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import Colour, Dash, Line, MapPlot, Points
from engine.runs.moments import Moment, iteration_at
from engine.runs.naive_reversal import Bits, NaivePath, naive_reversal
from engine.runs.replay import Replay
from engine.runs.replicates import Key, training_problem
from engine.tasks.surface import SurfaceTask, surface

PLACES: Final = 161
"""Along each side of a map."""

_FEW: Final = 5  # paths that each have a colour of their own
_COLOURS: Final[tuple[Colour, ...]] = (5, 1, 3, 2, 4)  # apart from each other on the levels
_RETRACED: Final[Colour] = 4
_BITS: Final[tuple[Bits, Bits]] = (16, 32)
_DRAWN: Final[tuple[tuple[Bits, Colour, Dash], ...]] = ((32, 3, "dashed"), (16, 1, "solid"))
_ITERATIONS, _LOG_RATE, _DECAY = 46, -5.5, 0.8
"""With which the paper shows naive reversal: so small a decay drops many bits."""


def loss_surface(paths: Sequence[Floats], moment: Moment) -> MapPlot:
    """The loss over both weights, with the way that training took, and takes back.

    Args:
        paths: (T + 1, 2) each: one a meta-iteration, the last one up to the moment.
        moment: whose meta-iteration is the last of them.
    """
    x, y = _sides(np.concatenate(list(paths)))
    path, last = paths[-1], len(paths[-1]) - 1
    place, few = iteration_at(moment, last), len(paths) <= _FEW
    lines = [
        Line(
            f"meta-iteration {index + 1}",
            earlier[:, 0],
            earlier[:, 1],
            _COLOURS[index] if few else "reference",
            faint=not few,
        )
        for index, earlier in _some(paths[:-1])
    ]
    name, colour = f"meta-iteration {len(paths)}", _COLOURS[len(paths) - 1 if few else 0]
    if moment.step > last:
        back = path[place:][::-1]
        lines.append(Line(name, path[:, 0], path[:, 1], colour, "dashed"))
        lines.append(Line("retraced exactly", back[:, 0], back[:, 1], _RETRACED))
    else:
        lines.append(Line(name, path[: place + 1, 0], path[: place + 1, 1], colour))
    height = float(surface(*path[place]))
    return MapPlot(
        "loss_surface",
        "Loss surface",
        "weight w₁",
        "weight w₂",
        x,
        y,
        surface(*np.meshgrid(x, y)),
        "levels",
        "loss",
        (_start(path),),
        tuple(lines),
        caption=f"after {place} iterations: loss {height:.4g}",
    )


def reversal_map(
    task: SurfaceTask, experiment: Experiment, key: Key, used: Hyperparameters
) -> MapPlot:
    """One training run of the surface, undone with the information buffer and without.

    What is drawn are the paper's settings, whose decay of 0.8 drops a third of a bit at each step;
    how far naive reversal misses the start of the run's own training is told as well.

    Args:
        task: of the run.
        experiment: of the run.
        key: of the run's first training.
        used: what that was trained with.
    """
    shown = Hyperparameters(
        {
            "learning_rates": np.full((_ITERATIONS, 1), np.exp(_LOG_RATE)),
            "decays": np.full((_ITERATIONS, 1), _DECAY),
            "initial_scales": np.ones(1),
        }
    )
    there, back = _exact(SurfaceTask(), experiment, (0, 0, 0), shown)
    x, y = _sides(there)
    start = there[0]
    naive = {bits: _naive(SurfaceTask(), experiment, (0, 0, 0), shown, bits) for bits in _BITS}
    lines = [
        Line("training", there[:, 0], there[:, 1], 5),
        Line("undone exactly", back[:, 0], back[:, 1], _RETRACED),
    ]
    for bits, colour, dash in _DRAWN:
        seen = _inside(naive[bits].back, x, y)
        lines.append(Line(f"undone in {bits} bits", seen[:, 0], seen[:, 1], colour, dash))
    missed = [naive[bits].distance(start) for bits in _BITS]
    missed.append(float(np.linalg.norm(back[-1] - start)))
    own = _own_distances(task, experiment, key, used)
    told = ", ".join(
        f"{name} {_in_words(apart)}"
        for name, apart in zip(("16 bits", "32 bits", "exact"), missed, strict=True)
    )
    return MapPlot(
        "naive_reversal",
        "Reversal, naive and exact",
        "weight w₁",
        "weight w₂",
        x,
        y,
        surface(*np.meshgrid(x, y)),
        "levels",
        "loss",
        (_start(there),),
        tuple(lines),
        caption=f"{_ITERATIONS} steps with γ = {_DECAY:g}. Distance from the start after reversal: "
        f"{told}; in this run's first meta-iteration {', '.join(map(_in_words, own))}",
    )


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
    return naive_reversal(training_problem(task, experiment, key, used)[0], bits)


def _own_distances(
    task: SurfaceTask, experiment: Experiment, key: Key, used: Hyperparameters
) -> list[float]:
    """How far reversal ends from the start in 16 bits, in 32, and exactly."""
    there, back = _exact(task, experiment, key, used)
    missed = [_naive(task, experiment, key, used, bits).distance(there[0]) for bits in _BITS]
    return [*missed, float(np.linalg.norm(back[-1] - there[0]))]


def _inside(path: Floats, x: Floats, y: Floats) -> Floats:
    """A path up to where it leaves the picture, or the range of its numbers."""
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    outside = ~np.all((path >= low) & (path <= high), axis=1)
    return path[: int(np.argmax(outside)) if outside.any() else len(path)]


def _sides(everywhere: Floats) -> tuple[Floats, Floats]:
    """Places along both sides of a map that shows all points, with a margin."""
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = np.maximum(0.25 * (high - low), 0.5)
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], PLACES) for i in (0, 1))
    return x, y


def _start(path: Floats) -> Points:
    return Points("start", path[:1, 0], path[:1, 1], "reference")


def _some(paths: Sequence[Floats]) -> list[tuple[int, Floats]]:
    """A handful of them, evenly spaced."""
    stride = max(1, -(-len(paths) // _FEW))
    return list(enumerate(paths))[::stride]


def _in_words(distance: float) -> str:
    return f"{distance:.2g}" if np.isfinite(distance) else "out of range"
