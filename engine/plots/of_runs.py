"""The plots of a run, made from its record."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Floats
from engine.groups import fan_in
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import AnyPlot, Line, Plot, bytes_in_words
from engine.plots.pictures import learned_pictures, penalty_pictures
from engine.plots.samples import is_averaged, mean_hypergradient
from engine.plots.sharing import comparison, sharing_pictures
from engine.plots.strokes import colour_of_layer, stroke_of_group
from engine.plots.sweeps import is_a_sweep, sweep_plots
from engine.runs.records import RunRecord


def plots(record: RunRecord) -> list[AnyPlot]:
    """All plots that mean something for a run, in the order in which they are shown."""
    if is_a_sweep(record):
        return [*sweep_plots(record), learning_curves(record), memory(record)]
    return [
        *_hyperparameter_plots(record),
        meta_learning_curves(record),
        *comparison(record),
        learning_curves(record),
        memory(record),
        hypergradient_norm(record),
    ]


def _hyperparameter_plots(record: RunRecord) -> list[AnyPlot]:
    settings = record.experiment.hyperparameters
    if is_averaged(record):
        schedules: tuple[str, ...] = ("learning_rates", "decays")
        return [mean_hypergradient(record, k) for k in schedules if getattr(settings, k).free]
    free = [kind for kind in KINDS if kind == "learning_rates" or getattr(settings, kind).free]
    return [
        *(
            _HYPERPARAMETER_PLOTS[kind](record, kind)
            for kind in free
            if kind in _HYPERPARAMETER_PLOTS
        ),
        *penalty_pictures(record),
        *learned_pictures(record),
        *sharing_pictures(record),
    ]


def saving_in_words(buffer_bytes: int, trajectory_bytes: int, parameters: int) -> str:
    """How much less the buffer takes than the float64 trajectory, for a caption."""
    if not buffer_bytes:
        return f"no bits dropped; replaces a trajectory of {bytes_in_words(trajectory_bytes)}"
    ratio = trajectory_bytes / buffer_bytes
    bits = 8 * buffer_bytes / parameters
    times = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    return f"{times} × less than in float64; {bits:.3g} bits per parameter"


def schedule(record: RunRecord, kind: str) -> Plot:
    """A schedule over training iterations, a line a group: as it was first, and as it is."""
    title = KINDS[kind].title
    symbol = {"learning_rates": "α", "decays": "γ"}[kind]
    iterations = _count(record.iterations)
    per_group = "group" in getattr(record.experiment.hyperparameters, kind).granularity
    names = [group.name for group in record.groups] if per_group else ["all groups"]
    first, current = record.initial.arrays()[kind], record.current.arrays()[kind]
    following = record.following.arrays()[kind] if record.following else None
    previous = record.previous.arrays()[kind] if record.previous else None
    before = [
        Line(f"{name}, first", iterations, first[:, index], *stroke_of_group(index), faint=True)
        for index, name in enumerate(names)
    ]
    now = [
        Line(
            name,
            iterations,
            current[:, index],
            *stroke_of_group(index),
            towards=None if following is None else following[:, index],
            came_from=None if previous is None else previous[:, index],
        )
        for index, name in enumerate(names)
    ]
    arrows = "; arrows: the next meta-step" if record.following else ""
    arrows = "; arrows: the last meta-step" if record.previous else arrows
    return Plot(
        kind,
        title.capitalize(),
        "training iteration",
        f"{title.removesuffix('s')} {symbol}",
        (*before, *now),
        (0, max(record.iterations - 1, 1)),
        caption=f"pale: initial; strong: current{arrows}",
    )


def values_over_meta_iterations(record: RunRecord, kind: str) -> Plot:
    """Initial scales or penalties as they move; penalties by weight as a profile over weights."""
    setting = getattr(record.experiment.hyperparameters, kind)
    title, name = KINDS[kind].title.capitalize(), KINDS[kind].title.removesuffix("s")
    if setting.granularity == "weight":
        weights = _count(record.parameters)
        first, current = record.initial.l2_penalties, record.current.l2_penalties
        return Plot(
            kind,
            f"{title} per weight",
            "weight",
            f"{name} λ",
            (
                Line("first", weights, first, "reference", "dashed"),
                Line("current", weights, current, 0),
            ),
            (0, max(record.parameters - 1, 1)),
            log_y=setting.domain == "log",
        )
    history = [record.initial, *(done.next_hyperparameters for done in record.meta_iterations)]
    values = np.array([step.arrays()[kind] for step in history])
    per_group = setting.granularity == "group"
    names = [group.name for group in record.groups] if per_group else ["all groups"]
    usual = _usual_scales(record, per_group=per_group) if kind == "initial_scales" else []
    return Plot(
        kind,
        title,
        "meta-iteration",
        name,
        (
            *(
                Line(name, _count(len(history)), values[:, index], *stroke_of_group(index))
                for index, name in enumerate(names)
            ),
            *usual,
        ),
        (0, record.experiment.meta.iterations),
        log_y=setting.domain == "log",
        caption="dotted: 1/√fan-in, the usual scale of a layer's weights" if usual else "",
    )


def _usual_scales(record: RunRecord, *, per_group: bool) -> list[Line]:
    """The usual initial scales of weights, one line for each number of inputs of a layer."""
    colours: dict[int, list[int]] = {}
    inputs_of = fan_in(record.groups)
    for index, group in enumerate(record.groups):
        if group.name in inputs_of:
            colours.setdefault(inputs_of[group.name], []).append(colour_of_layer(index))
    across = np.array([0.0, record.experiment.meta.iterations])
    return [
        Line(
            f"1/√{inputs}",
            across,
            np.full(2, inputs**-0.5),
            layers[0] if per_group and len(layers) == 1 else "reference",
            "dotted",
        )
        for inputs, layers in colours.items()
    ]


def meta_learning_curves(record: RunRecord) -> Plot:
    """Losses after training, over meta-iterations."""
    unit = "nats" if record.experiment.model.loss == "cross-entropy" else "squared distance"
    done = record.meta_iterations
    finals = record.finished.losses if record.finished else None
    judged = [step.losses for step in done] + ([finals] if finals else [])
    lines = []
    for colour, (part, dash) in enumerate(
        (("training", "solid"), ("validation", "solid"), ("test", "dashed"))
    ):
        values = [getattr(losses, part) for losses in judged]
        if any(value is not None for value in values):
            y = np.array([np.nan if value is None else value for value in values])
            lines.append(Line(part, _count(len(y)), y, colour, dash))  # type: ignore[arg-type]
    caption = ""
    if len(judged) > 1 and is_averaged(record):
        objective = record.experiment.meta.objective
        sample = np.array([getattr(losses, objective) for losses in judged])
        spread = f"{sample.mean():.3g} ± {sample.std(ddof=1):.2g}"
        caption = f"{objective} loss {spread} over {len(sample)} seeds"
    elif len(judged) > 1:
        parts = (record.experiment.meta.objective, "test")  # a task may not judge the objective
        told = [
            _change_in_words(part, [getattr(losses, part) for losses in judged]) for part in parts
        ]
        caption = next(filter(None, told), "")
        if judged[-1].test_accuracy is not None:
            caption += f"; test accuracy {judged[-1].test_accuracy:.1%}"
    return Plot(
        "losses",
        "Loss after training",
        "meta-iteration",
        f"loss ({unit})",
        tuple(lines),
        (0, record.experiment.meta.iterations),
        caption=caption,
    )


def _change_in_words(part: str, losses: Sequence[float | None]) -> str:
    known = [loss for loss in losses if loss is not None]
    return f"{part} loss {known[0]:.3g} → {known[-1]:.3g}" if known else ""


def learning_curves(record: RunRecord) -> Plot:
    """Elementary learning curves: the first one, a few in between, the latest as far as it is."""
    unit = "nats" if record.experiment.model.loss == "cross-entropy" else "squared distance"
    current = np.array(record.learning_curve)
    lines = [Line("current", _count(len(current)), current, 0)]
    if record.meta_iterations:
        first = record.meta_iterations[0].learning_curve
        between = [
            Line(f"meta-iteration {index + 1}", _count(len(first)), curve, 0, faint=True)
            for index, curve in _between([done.learning_curve for done in record.meta_iterations])
        ]
        lines = [Line("first", _count(len(first)), first, "reference", "dashed"), *between, *lines]
    return Plot(
        "learning_curves",
        "Elementary learning curve",
        "training iteration",
        f"training loss ({unit})",
        tuple(lines),
        (0, max(record.iterations - 1, 1)),
    )


def memory(record: RunRecord) -> Plot:
    """The information buffer as it fills and drains, against what it saves and what it must hold.

    x counts steps: T of training, then T of reversal.
    """
    total = record.iterations
    steps = _count(2 * total + 1)
    depth = np.minimum(steps, steps[::-1]).astype(np.int64)
    trajectory = 16.0 * record.parameters * depth
    filled = np.array(record.buffer_curve, np.float64)
    lines = [
        Line("full trajectory (float64)", steps, _positive(trajectory), 1),
        Line("bit buffer", _count(len(filled)), _positive(filled), 0),
    ]
    if record.entropy_bytes is not None:
        bound = _positive(record.entropy_bytes[depth])
        lines.append(Line("entropy bound", steps, bound, "reference", "dashed"))
    caption = ""
    if record.meta_iterations:
        done = record.meta_iterations[-1]
        caption = saving_in_words(
            done.memory.buffer_bytes, done.memory.trajectory_bytes, record.parameters
        )
        came_back = "reversed bit for bit\N{NO-BREAK SPACE}✓"
        exact = came_back if done.reversed_exactly else "reversal failed ✗"
        caption = f"{caption}; {exact}"
    return Plot(
        "memory",
        "Memory",
        f"step (training to {total}, then reversing)",
        "memory (bytes)",
        tuple(lines),
        (0, 2 * total),
        log_y=True,
        bytes_y=True,
        caption=caption,
    )


def hypergradient_norm(record: RunRecord) -> Plot:
    """Norm of the hypergradient over meta-iterations."""
    norms = np.array([done.hypergradient_norm for done in record.meta_iterations])
    return Plot(
        "hypergradient",
        "Hypergradient norm",
        "meta-iteration",
        "norm (loss per unit of coordinate)",
        (Line("hypergradient", _count(len(norms)), _positive(norms), 3),),
        (0, record.experiment.meta.iterations),
        log_y=True,
    )


_HYPERPARAMETER_PLOTS: Final[dict[str, Callable[[RunRecord, str], Plot]]] = {
    "learning_rates": schedule,
    "decays": schedule,
    "initial_scales": values_over_meta_iterations,
    "l2_penalties": values_over_meta_iterations,
}


def _between(curves: list[Floats]) -> list[tuple[int, Floats]]:
    """A handful of the curves after the first, which stay the same ones while more are added."""
    stride = 1
    while len(curves) > 5 * stride:
        stride *= 2
    return [(index, curves[index]) for index in range(stride, len(curves) - 1, stride)]


def _count(length: int) -> Floats:
    return np.arange(length, dtype=np.float64)


def _positive(values: ArrayLike) -> Floats:
    array = np.asarray(values, np.float64)
    return np.where(array > 0, array, np.nan)
