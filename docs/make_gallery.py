"""Draw the pictures of the gallery's cards, each from a real run of its experiment.

Every experiment of ``resources/experiments`` is run for a while; what its card promises is drawn
from the run's own numbers: the paths on the surface, the schedules, the regions, the memory. A
picture has no axes and no words, a transparent background, and comes in two variants, since lines
that are strong on white are weak on black:

    resources/gallery/NAME-light.png and NAME-dark.png, 640 × 360 pixels

The same versions of the packages draw the same bytes each time, but for what is measured in seconds
(forward-or-reverse). All of it takes about a minute:

    python -m docs.make_gallery [--only NAME]
"""

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.theme import DARK, LIGHT, Theme
from docs.gallery_of_comparisons import crossing, six_ways
from docs.gallery_of_inputs import weights_that_vanish
from docs.gallery_of_searches import searches, stopped_early
from docs.gallery_of_the_past import forecast_series, smoother_curve
from docs.gallery_of_tolerances import funnel, parting
from docs.gallery_of_weights import two_histograms
from docs.gallery_parts import (
    WHOLE,
    axes_in,
    before_and_after,
    both_ways,
    draw_group,
    draw_regions,
    fading,
    ten_pictures,
    trajectory_of,
)
from engine.experiments.files import list_experiments, override
from engine.files import write_whole
from engine.hyperparameters.interactions import as_matrix
from engine.plots.real_time import applied_values
from engine.plots.scenes import every_plot
from engine.plots.strokes import strands
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize
from engine.tasks.surface import surface

FOLDER = Path(__file__).parent.parent / "resources" / "gallery"
_WIDTH, _HEIGHT, _DOTS = 3.2, 1.8, 200

Draw = Callable[[Figure, Theme, RunRecord], None]


def learned_meanwhile(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The learning rate and the decay as they are learned, below them the loss that falls."""
    above, below = (
        axes_in(figure, (0.06, bottom, 0.88, height))
        for bottom, height in ((0.44, 0.48), (0.1, 0.3))
    )
    above.set_yscale("log")
    for place, kind in enumerate(("learning_rates", "decays")):
        values = applied_values(record, kind)[:, 0]
        above.plot(values, color=theme.lines[place], linewidth=2.0)
    below.set_yscale("log")
    below.plot(record.learning_curve, color=theme.muted, linewidth=0.6, alpha=0.6)
    judged = [
        (record.stretch * (done.index + 1), done.measures.validation)
        for done in record.meta_iterations
        if done.measures.validation is not None
    ]
    below.plot(*zip(*judged, strict=True), color=theme.lines[2], linewidth=1.8)


def interactions(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The map of which digits are drawn together."""
    axes = axes_in(figure, (0.28, 0.04, 0.44, 0.44 * 16 / 9))
    matrix = as_matrix(record.current["interactions"])
    axes.imshow(matrix, cmap=fading(theme.lines[0], theme, 0.85), vmin=0.0, vmax=matrix.max())


def run(name: str) -> RunRecord:
    """Run an experiment of the gallery to its end."""
    experiment = list_experiments()[name]
    record: RunRecord | None = None
    for event in optimize(override(experiment, _SHORTER.get(name, {}))):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def draw(name: str, theme: Theme, record: RunRecord) -> bytes:
    """The picture of an experiment in a theme, as PNG."""
    with style.context(["default", {"lines.solid_capstyle": "round"}]):
        figure = Figure(figsize=(_WIDTH, _HEIGHT))
        FigureCanvasAgg(figure)
        PICTURES[name](figure, theme, record)
        content = io.BytesIO()
        metadata = {"Software": "Retrograde"}
        figure.savefig(content, format="png", dpi=_DOTS, transparent=True, metadata=metadata)
    return content.getvalue()


def paths(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The surface from above, and the way downhill of three meta-iterations."""
    axes = axes_in(figure, WHOLE)
    x, y = np.meshgrid(np.linspace(-1.5, 2.55, 300), np.linspace(0.0, 4.5, 300))
    height = surface(x, y)
    levels = np.linspace(250, 800, 12)
    axes.contourf(x, y, height, levels, cmap=fading(theme.lines[0], theme, 0.5), extend="both")
    axes.contour(x, y, height, levels, colors=theme.muted, linewidths=0.4, alpha=0.7)
    last = len(record.meta_iterations) - 1
    for index, colour in ((0, 4), (1, 1), (last, 2)):
        walk = trajectory_of(record, index)
        ink = theme.lines[colour]
        axes.plot(walk[:, 0], walk[:, 1], color=theme.card, linewidth=3.2)
        axes.plot(walk[:, 0], walk[:, 1], color=ink, linewidth=1.6, marker=".", markersize=3)
        axes.plot(*walk[-1], "o", color=ink, markersize=8, markeredgecolor=theme.card)
    axes.plot(*trajectory_of(record, 0)[0], "*", color=theme.ink, markersize=12)
    axes.set(xlim=(-1.5, 2.55), ylim=(0.0, 4.5))


def fan_of_curves(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Elementary learning curves, from the first, pale, to the last, strong."""
    axes = axes_in(figure)
    curves = [done.learning_curve for done in record.meta_iterations][::3]
    shades = fading(theme.lines[0], theme, 0.85)
    for index, curve in enumerate(curves):
        axes.plot(curve, color=shades(index / (len(curves) - 1)), linewidth=1.2)
    axes.plot(curves[-1], color=theme.lines[0], linewidth=2.4)


def three_numbers(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """A learning rate, a decay and a penalty as they settle, one above the other."""
    history = [done.hyperparameters for done in record.meta_iterations]
    series = (
        np.log([step["learning_rates"][0, 0] for step in history]),
        np.array([step["decays"][0, 0] for step in history]),
        np.log([step["l2_penalties"][0] for step in history]),
    )
    for place, values in enumerate(series):
        axes = axes_in(figure, (0.05, 0.70 - 0.305 * place, 0.90, 0.22))
        axes.axhline(values[-1], color=theme.rule, linewidth=1.0)
        axes.plot(values, color=theme.lines[place], linewidth=2.2)
        axes.plot(
            len(values) - 1, values[-1], "o", color=theme.lines[place], markersize=5, clip_on=False
        )


def regions(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Which class is likeliest where, after training with the last hyperparameters."""
    draw_regions(axes_in(figure, WHOLE), theme, record, 1.6)


def schedule_of_decays(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Momentum decays over training, first and last."""
    axes = axes_in(figure)
    before_and_after(axes, theme, record, lambda values: values["decays"][:, 0], 2)


def regions_and_schedules(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Three spirals, and the two schedules that untangled them."""
    draw_regions(axes_in(figure, (0.0, 0.0, 0.5, 1.0)), theme, record, 1.15)
    rates = axes_in(figure, (0.55, 0.55, 0.41, 0.37))
    before_and_after(rates, theme, record, lambda values: np.log(values["learning_rates"][:, 0]), 0)
    decays = axes_in(figure, (0.55, 0.08, 0.41, 0.37))
    before_and_after(decays, theme, record, lambda values: values["decays"][:, 0], 1)


def mountain_of_memory(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The trajectory as it would pile up, and the bit buffer in its place, both to scale."""
    axes = axes_in(figure, (0.05, 0.10, 0.90, 0.80))
    done = record.meta_iterations[-1]
    total = record.iterations
    steps = np.arange(2 * total + 1)
    trajectory = 16.0 * record.parameters * np.minimum(steps, steps[::-1])
    buffer = np.asarray(done.buffer_curve, np.float64)
    axes.fill_between(steps, trajectory, color=theme.lines[1], alpha=0.25, linewidth=0)
    axes.plot(steps, trajectory, color=theme.lines[1], linewidth=2.0)
    axes.plot(steps, buffer, color=theme.lines[0], linewidth=2.6)


def into_chaos(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The loss along a sweep of the learning rate, and below it the length of its gradient."""
    losses = [done.losses.training for done in record.meta_iterations]
    norms = [done.hypergradient_norm for done in record.meta_iterations]
    for values, room, colour in (
        (losses, (0.05, 0.53, 0.90, 0.41), 0),
        (norms, (0.05, 0.06, 0.90, 0.41), 3),
    ):
        axes = axes_in(figure, room)
        ink = theme.lines[colour]
        axes.plot(np.log10(values), color=ink, linewidth=1.2, marker=".", markersize=2.5)


def mean_and_error(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The hypergradient of each layer's learning rates over many seeds, with its error."""
    axes = axes_in(figure)
    axes.axhline(0.0, color=theme.muted, linewidth=1.0)
    samples = np.array(
        [
            done.hypergradient["learning_rates"] * done.hyperparameters["learning_rates"]
            for done in record.meta_iterations
        ]
    )
    mean, error = samples.mean(0), samples.std(0, ddof=1) / np.sqrt(len(samples))
    early = mean[: -len(mean) // 10]  # the last step of all stands out far above the others
    axes.set_ylim(1.3 * early.min(), -0.5 * early.min())
    for index, group in enumerate(record.groups):
        if group.role != "weights" or group.layer is None:
            continue
        middle, wide, ink = mean[:, index], error[:, index], theme.lines[group.layer]
        axes.fill_between(
            np.arange(len(middle)), middle - wide, middle + wide, color=ink, alpha=0.3
        )
        axes.plot(middle, color=ink, linewidth=1.6)


def learned_images(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The ten images that were learned."""
    shape = record.data.image_shape
    assert shape is not None
    images = record.current["training_inputs"]
    most = float(np.percentile(np.abs(images), 99.5))
    several = [image.reshape(shape) for image in images]
    ten_pictures(figure, several, both_ways(theme), (-most, most))


def mixing_matrices(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """How the tasks share each layer, from the lowest one on the left."""
    colours = both_ways(theme)
    for layer, matrix in enumerate(record.current["sharing"]):
        products = matrix @ matrix.T
        size = np.sqrt(np.diag(products))
        axes = axes_in(figure, (0.045 + 0.315 * layer, 0.24, 0.28, 0.28 * 16 / 9))
        axes.imshow(products / np.outer(size, size), cmap=colours, vmin=-1, vmax=1)


def parted_characters(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """Drawings of characters, as the network has them before learning and after."""
    axes = axes_in(figure)
    [plot] = [one for one in every_plot(record) if one.key == "representation"]
    for line, colour in zip(plot.lines, theme.lines, strict=False):
        axes.scatter(line.x, line.y, s=7, color=colour, linewidths=0)


def penalties(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """A picture of penalties for each digit, dark where pixels are silenced."""
    shape = record.data.image_shape
    assert shape is not None
    span = record.groups[0].span
    matrix = np.log(record.current["l2_penalties"][span]).reshape(shape[0] * shape[1], -1)
    low, high = np.percentile(matrix, [3, 97])
    several = [-column.reshape(shape) for column in matrix.T]
    ten_pictures(figure, several, "cividis", (-high, -low))


def eight_schedules(figure: Figure, theme: Theme, record: RunRecord) -> None:
    """The learning rates of every layer over training."""
    axes = axes_in(figure)
    rates = np.log(record.current["learning_rates"])
    axes.axhline(np.log(record.initial["learning_rates"][0, 0]), color=theme.muted, linewidth=1.0)
    for strand, values in zip(strands(record.groups, per_group=True), rates.T, strict=True):
        draw_group(axes, theme, values, strand)


PICTURES: dict[str, Draw] = {
    "toy": paths,
    "one-number": fan_of_curves,
    "regression": three_numbers,
    "moons": regions,
    "momentum": schedule_of_decays,
    "spirals": regions_and_schedules,
    "long-way-back": mountain_of_memory,
    "pixel-penalties": penalties,
    "initial-hypergradient": mean_and_error,
    "learned-data": learned_images,
    "weight-sharing": mixing_matrices,
    "hyper-representation": parted_characters,
    "chaos": into_chaos,
    "schedules": eight_schedules,
    "six-ways": six_ways,
    "real-time": learned_meanwhile,
    "forward-or-reverse": crossing,
    "with-or-without": searches,
    "race": stopped_early,
    "task-interactions": interactions,
    "hyper-cleaning": two_histograms,
    "hoag": funnel,
    "hoag-per-input": parting,
    "inputs-pruned": weights_that_vanish,
    "weights-on-the-past": forecast_series,
    "kernel-ridge": smoother_curve,
}
_SHORTER = {"long-way-back": {"meta.iterations": "3"}}  # its picture does not change any more


def main() -> None:
    """Draw all pictures, or that of one experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PICTURES)
    only = parser.parse_args().only
    for name in PICTURES:
        if only in (None, name):
            record = run(name)
            for theme in (LIGHT, DARK):
                path = FOLDER / f"{name}-{theme.name}.png"
                write_whole(path, draw(name, theme, record))
                print(path)


if __name__ == "__main__":
    main()
