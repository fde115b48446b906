"""Hyperparameters that are the same in all training iterations, over meta-iterations."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.own_problem import called
from engine.experiments.strategies import STRATEGIES
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters, values_of
from engine.plots.base import Dash, Line, Plot
from engine.plots.changes import with_changes
from engine.plots.columns import counted
from engine.plots.hyperparameters import has_plot, is_schedule, setting_of, strands_of
from engine.plots.input_bars import STROKES, parts_of
from engine.plots.kind import PlotKind
from engine.plots.returned import marks_of_best
from engine.plots.strokes import Strand
from engine.plots.time_axis import or_over_time
from engine.runs.records import RunRecord

_MOST_LINES: Final = 6
"""Of a file's own hyperparameters; of more values the range is shown."""
_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed")
_OF_USUAL: Final = "dotted: 1/√fan-in, the usual scale of a layer's weights"


def values(what: PlotKind, record: RunRecord, kind: str) -> Plot | None:
    """A line a group; of a value for each weight a profile over weights, and of more the range."""
    if not has_plot(record, kind):
        return None
    setting = setting_of(record, kind)
    if setting.granularity == "weight":
        return _profile(what, record, kind)
    history = [record.initial, *_reached(record)]
    rows = slice(1) if is_schedule(kind) else slice(None)  # a schedule's are all the same
    columns = np.array([own[rows].ravel() for own in values_of(kind, history)])
    usual: list[Line] = []
    told = ""
    of_kind = KINDS[kind].parts[: columns.shape[1]]
    if setting.granularity == "entry" and len(of_kind) == columns.shape[1]:
        x = counted(len(columns))
        lines = [
            Line(name, x, columns[:, place], place, _DASHES[place % 2])
            for place, name in enumerate(of_kind)
        ]
    elif kind in record.experiment.problem.kinds and columns.shape[1] <= _MOST_LINES:
        x, name = counted(len(columns)), called(record.experiment.problem, kind)
        lines = [
            Line(
                name if columns.shape[1] == 1 else f"{name} {place + 1}",
                x,
                columns[:, place],
                place,
                STROKES[place % len(STROKES)],
            )
            for place in range(columns.shape[1])
        ]
    elif setting.granularity == "entry":
        lines = [_range(columns)]
    elif setting.granularity == "input":
        parts = parts_of(record)
        lines = [_range(columns[:, one], name, n) for n, (name, one) in enumerate(parts.items())]
        told = "medians, and the range of each"
    else:
        strands = strands_of(record, kind)
        lines = [
            Line(name, counted(len(columns)), columns[:, index], colour, dash, factors=factors)
            for index, (name, colour, dash, factors) in enumerate(strands)
        ]
        usual = _usual_scales(record, strands) if kind == "initial_scales" else []
        told = _OF_USUAL if usual else ""
    plot = Plot(
        what.key,
        _title(what, record, kind),
        STRATEGIES[record.experiment.meta.optimizer].unit,
        f"{KINDS[kind].singular} {KINDS[kind].symbol}"
        if is_schedule(kind)
        else called(record.experiment.problem, kind)
        if kind in record.experiment.problem.kinds
        else KINDS[kind].singular,
        (*lines, *usual),
        (0, record.planned),
        log_y=setting.domain == "log",
        caption=with_changes(_caption(record, told), record),
        along="meta-iterations",
        marks=marks_of_best(record, counted(len(columns))),
    )
    return or_over_time(plot, record)


def _title(what: PlotKind, record: RunRecord, kind: str) -> str:
    """The plot's, with the name that a file gives the kind: "θ₁ penalties"."""
    own = record.experiment.problem.kinds.get(kind)
    return what.title if own is None else f"{what.title} {own.name}"


def _reached(record: RunRecord) -> list[Hyperparameters]:
    """Where each meta-step led, or the best so far after each trial.

    At a moment of a meta-iteration its own step is still to come: what is used there is the last.
    """
    done = record.meta_iterations
    is_to_come = record.moment is not None and not record.tries
    return [one.next_hyperparameters for one in (done[:-1] if is_to_come else done)]


def _caption(record: RunRecord, told: str) -> str:
    return "; ".join(filter(None, ("of the best trial so far" if record.tries else "", told)))


def _profile(what: PlotKind, record: RunRecord, kind: str) -> Plot:
    weights = counted(record.parameters)
    first, current = values_of(kind, [record.initial, record.current])
    return Plot(
        what.key,
        what.title,
        "weight",
        f"{KINDS[kind].singular} {KINDS[kind].symbol}",
        (
            Line("first", weights, first, "reference", "dashed"),
            Line("current", weights, current, 0),
        ),
        (0, max(record.parameters - 1, 1)),
        log_y=setting_of(record, kind).domain == "log",
    )


def _range(columns: Floats, name: str = "median and range", colour: int = 0) -> Line:
    """The median of many values, within a band from the least to the greatest."""
    return Line(
        name,
        counted(len(columns)),
        np.median(columns, axis=1),
        colour,
        STROKES[colour],
        low=columns.min(axis=1),
        high=columns.max(axis=1),
    )


def _usual_scales(record: RunRecord, strands: Sequence[Strand]) -> list[Line]:
    """The usual initial scales of weights, one line for each number of inputs of a layer."""
    layers: dict[int, list[int]] = {}
    for index, group in enumerate(record.groups):
        if group.fan_in is not None:
            layers.setdefault(group.fan_in, []).append(index)
    per_group = len(strands) > 1
    across = np.array([0.0, record.planned])
    return [
        Line(
            f"1/√{inputs}",
            across,
            np.full(2, inputs**-0.5),
            strands[places[0]].colour if per_group and len(places) == 1 else "reference",
            "dotted",
        )
        for inputs, places in layers.items()
    ]
