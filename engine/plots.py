"""The plots of a run, as data: named lines with labels and units.

The window draws them live, `engine.figures` draws them for print, and both the table behind a plot
and its CSV file are made from the same lines; so whatever shows a plot shows the same numbers.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.exact import Floats
from engine.hyperparameters import KINDS, Kind
from engine.records import RunRecord

Colour = int | Literal["reference"]

PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, safe for colour-blind people; their yellow is too pale on white."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a plot.

    Attributes:
        name: what the legend calls it.
        x, y: (n,) its points; NaN in y leaves a gap.
        colour: place in the palette, or "reference" for a neutral tone.
        dash: its stroke.
        faint: drawn thin and pale, as what was before.
    """

    name: str
    x: Floats
    y: Floats
    colour: Colour = 0
    dash: Literal["solid", "dashed", "dotted"] = "solid"
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Plot:
    """A plot, whatever draws it.

    Attributes:
        key: its name in files.
        title, x_label, y_label: for people; labels carry the unit.
        lines: what is drawn.
        x_range: the range that x will cover by the end, known beforehand.
        log_y: whether the y axis is logarithmic.
        bytes_y: whether y counts bytes, so that ticks say kB and MB.
        caption: one line under the title; may be empty.
    """

    key: str
    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    x_range: tuple[float, float]
    log_y: bool = False
    bytes_y: bool = False
    caption: str = ""


def plots(record: RunRecord) -> list[Plot]:
    """All plots that mean something for a run, in the order in which they are shown."""
    free = [
        kind
        for kind in KINDS
        if kind == "learning_rates" or getattr(record.experiment.hyperparameters, kind).free
    ]
    hyperparameters = [_HYPERPARAMETER_PLOTS[kind](record, kind) for kind in free]
    return [
        *hyperparameters,
        meta_learning_curves(record),
        learning_curves(record),
        memory(record),
        hypergradient_norm(record),
    ]


def table(plot: Plot) -> tuple[list[str], list[list[float]]]:
    """A plot's numbers as a table: a column of x, then one a line, NaN where a line has none.

    Returns:
        The header, and the rows.
    """
    places = np.unique(np.concatenate([np.zeros(0), *(line.x for line in plot.lines)]))
    columns = [places]
    for line in plot.lines:
        column = np.full(len(places), np.nan)
        column[np.searchsorted(places, line.x)] = line.y
        columns.append(column)
    header = [plot.x_label, *(line.name for line in plot.lines)]
    return header, np.stack(columns, axis=1).tolist()


def to_csv(plot: Plot) -> str:
    """A plot's numbers as CSV, with every digit; empty cells where a line has no value."""
    header, rows = table(plot)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if np.isnan(value) else repr(value) for value in row] for row in rows)
    return text.getvalue()


def saving_in_words(buffer_bytes: int, trajectory_bytes: int, parameters: int) -> str:
    """How much less the buffer takes than the float64 trajectory, for a caption."""
    if not buffer_bytes:
        return f"nothing dropped: {bytes_in_words(trajectory_bytes)} of trajectory not stored"
    ratio = trajectory_bytes / buffer_bytes
    bits = 8 * buffer_bytes / parameters
    times = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    return f"{times} × less than in float64; {bits:.3g} bits a parameter"


def schedule(record: RunRecord, kind: Kind) -> Plot:
    """A schedule over training iterations, a line a group: as it was first, and as it is."""
    title = KINDS[kind].title
    symbol = {"learning_rates": "α", "decays": "γ"}[kind]
    iterations = _count(record.iterations)
    per_group = "group" in getattr(record.experiment.hyperparameters, kind).granularity
    names = [group.name for group in record.groups] if per_group else ["all groups"]
    first, current = record.initial.arrays()[kind], record.current.arrays()[kind]
    before = [
        Line(f"{name}, first", iterations, first[:, index], *_stroke(index), faint=True)
        for index, name in enumerate(names)
    ]
    now = [
        Line(name, iterations, current[:, index], *_stroke(index))
        for index, name in enumerate(names)
    ]
    return Plot(
        kind,
        title.capitalize(),
        "training iteration",
        f"{title.removesuffix('s')} {symbol}",
        (*before, *now),
        (0, max(record.iterations - 1, 1)),
        caption="thin and pale: at the start; strong: now",
    )


def values_over_meta_iterations(record: RunRecord, kind: Kind) -> Plot:
    """Initial scales or penalties as they move; penalties by weight as a profile over weights."""
    setting = getattr(record.experiment.hyperparameters, kind)
    title, name = KINDS[kind].title.capitalize(), KINDS[kind].title.removesuffix("s")
    if setting.granularity == "weight":
        weights = _count(record.parameters)
        first, current = record.initial.l2_penalties, record.current.l2_penalties
        return Plot(
            kind,
            f"{title} by weight",
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
    names = [g.name for g in record.groups] if setting.granularity == "group" else ["all groups"]
    return Plot(
        kind,
        title,
        "meta-iteration",
        name,
        tuple(
            Line(name, _count(len(history)), values[:, index], *_stroke(index))
            for index, name in enumerate(names)
        ),
        (0, record.experiment.meta.iterations),
        log_y=setting.domain == "log",
    )


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
    if len(judged) > 1:
        objective = record.experiment.meta.objective
        start, end = getattr(judged[0], objective), getattr(judged[-1], objective)
        caption = f"{objective} loss {start:.3g} → {end:.3g}"
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


def learning_curves(record: RunRecord) -> Plot:
    """Elementary learning curves: the first one, and the latest as far as it is."""
    unit = "nats" if record.experiment.model.loss == "cross-entropy" else "squared distance"
    current = np.array(record.learning_curve)
    lines = [Line("current", _count(len(current)), current, 0)]
    if record.meta_iterations:
        first = record.meta_iterations[0].learning_curve
        lines.insert(0, Line("first", _count(len(first)), first, "reference", "dashed"))
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
        exact = "reversed bit for bit ✓" if done.reversed_exactly else "reversal failed ✗"
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


_HYPERPARAMETER_PLOTS: Final[dict[Kind, Callable[[RunRecord, Kind], Plot]]] = {
    "learning_rates": schedule,
    "decays": schedule,
    "initial_scales": values_over_meta_iterations,
    "l2_penalties": values_over_meta_iterations,
}


def _stroke(group: int) -> tuple[int, Literal["solid", "dashed"]]:
    """A colour a layer, whose weights are drawn solid and whose biases dashed."""
    return group // 2 % len(PALETTE), "dashed" if group % 2 else "solid"


def _count(length: int) -> Floats:
    return np.arange(length, dtype=np.float64)


def _positive(values: ArrayLike) -> Floats:
    array = np.asarray(values, np.float64)
    return np.where(array > 0, array, np.nan)


def bytes_in_words(count: float) -> str:
    """A number of bytes for a tick or a caption: "1.5 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB" if abs(count) < 999.5 else f"{count:.0f} TB"
