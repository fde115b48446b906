"""What several of the gallery's pictures are made of: axes, colours, what a run came through."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from app.theme import Theme
from engine.arrays import Floats
from engine.hyperparameters.values import Hyperparameters
from engine.plots.strokes import Strand
from engine.runs.records import RunRecord
from engine.runs.replay import Replay, replay_key
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask

INSIDE = (0.05, 0.08, 0.90, 0.84)
WHOLE = (0.0, 0.0, 1.0, 1.0)

Room = tuple[float, float, float, float]


def axes_in(figure: Figure, room: Room = INSIDE) -> Axes:
    """Axes without lines and words, in a part of the picture."""
    axes: Axes = figure.add_axes(room)
    axes.set_axis_off()
    axes.margins(0.02, 0.06)
    return axes


def ten_pictures(
    figure: Figure, several: list[Floats], colours: Any, limits: tuple[float, float]
) -> None:
    """Ten pictures in two rows."""
    for digit, picture in enumerate(several):
        column, row = digit % 5, digit // 5
        axes = axes_in(figure, (0.05 + 0.182 * column, 0.52 - 0.346 * row, 0.172, 0.172 * 16 / 9))
        axes.imshow(picture, cmap=colours, vmin=limits[0], vmax=limits[1])
        height, width = picture.shape
        axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))


def both_ways(theme: Theme) -> LinearSegmentedColormap:
    """From one colour of the palette over the card's own to another."""
    ends = [theme.lines[1], theme.card, theme.lines[0]]
    return LinearSegmentedColormap.from_list("both ways", ends)


def draw_group(axes: Axes, theme: Theme, values: Floats, strand: Strand) -> None:
    """One parameter group's line, as in the window: a colour a layer, biases dashed."""
    is_strong = strand.dash == "solid"
    dashes: Any = "-" if is_strong else (0, (4, 2))
    strength = {"linewidth": 1.6} if is_strong else {"linewidth": 1.2, "alpha": 0.6}
    axes.plot(values, color=theme.lines[strand.colour], linestyle=dashes, **strength)


def before_and_after(
    axes: Axes,
    theme: Theme,
    record: RunRecord,
    values: Callable[[Hyperparameters], Floats],
    colour: int,
) -> None:
    """A line of values at the start of a run, and at its end."""
    axes.plot(values(record.initial), color=theme.muted, linewidth=1.2, linestyle=(0, (3, 2)))
    axes.plot(values(record.current), color=theme.lines[colour], linewidth=2.0)


def fading(colour: str, theme: Theme, pale: float) -> LinearSegmentedColormap:
    """From a colour that is nearly the card's to the colour itself."""
    mixed = tuple(
        pale * back + (1 - pale) * front
        for front, back in zip(to_rgb(colour), to_rgb(theme.card), strict=True)
    )
    ends = [mixed, to_rgb(theme.card)] if pale == 0.5 else [mixed, to_rgb(colour)]
    return LinearSegmentedColormap.from_list("fading", ends)


def trajectory_of(record: RunRecord, meta_iteration: int) -> Floats:
    """(T + 1, P) the parameters of a meta-iteration, iteration by iteration."""
    replay = replay_of(record, meta_iteration)
    places = []
    for iteration in range(record.iterations + 1):
        replay.seek(iteration)
        places.append(replay.w)
    return np.array(places)


def replay_of(record: RunRecord, meta_iteration: int) -> Replay:
    """A training run of a meta-iteration, again."""
    task = make_task(record.experiment)
    key = replay_key(record.experiment, meta_iteration)
    used = record.meta_iterations[meta_iteration].hyperparameters
    return Replay(task, record.experiment, key, used)


def draw_regions(axes: Axes, theme: Theme, record: RunRecord, ratio: float) -> None:
    """Regions of the classes, surer where stronger, and the training examples on them."""
    task = make_task(record.experiment)
    assert isinstance(task, NetworkTask)
    last = len(record.meta_iterations) - 1
    replay = replay_of(record, last)
    replay.seek(record.iterations)
    inputs, targets = task.split.train.inputs, task.split.train.targets
    centre = (inputs.max(axis=0) + inputs.min(axis=0)) / 2
    half = 1.12 * (inputs.max(axis=0) - inputs.min(axis=0)) / 2
    x = np.linspace(centre[0] - half[0], centre[0] + half[0], 480)
    y = np.linspace(centre[1] - half[1], centre[1] + half[1], 270)
    grid = np.stack([part.ravel() for part in np.meshgrid(x, y)], axis=1)
    outputs = np.asarray(task.network.outputs(replay.w, grid))
    shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    tones = np.array([to_rgb(colour) for colour in theme.lines[: shares.shape[1]]])
    surest = shares.max(axis=1, keepdims=True)
    sure = 0.16 + 0.34 * (surest - 1 / shares.shape[1]) / (1 - 1 / shares.shape[1])
    likeliest = tones[shares.argmax(axis=1)]
    mixed = sure * likeliest + (1 - sure) * np.array(to_rgb(theme.card))
    box = (x[0], x[-1], y[0], y[-1])
    axes.imshow(mixed.reshape(270, 480, 3), extent=box, origin="lower", aspect="auto")
    for index, colour in enumerate(theme.lines[: shares.shape[1]]):
        mine = inputs[targets == index][:: 1 if ratio > 1.5 else 2]
        axes.scatter(
            mine[:, 0], mine[:, 1], s=9, color=colour, edgecolors=theme.card, linewidths=0.4
        )
    axes.set(xlim=box[:2], ylim=box[2:])
