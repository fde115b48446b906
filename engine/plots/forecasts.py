"""A series with its one-step forecasts, and their errors beside those of fixed weights."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.measures import LEARNED, Measures
from engine.plots.base import Dash, Factors, Line, Mark, Plot
from engine.plots.columns import counted, finite
from engine.plots.kind import PlotKind
from engine.plots.losses import loss_unit
from engine.plots.stage import Scene, used_in
from engine.plots.strategies import moves
from engine.plots.words import apart
from engine.tasks.series import BEST_WINDOW, EVEN, SeriesTask

_PARTS: Final[dict[str, Dash]] = {"validation": "solid", "test": "dashed"}
_COLOURS: Final = {LEARNED: 0, EVEN: 1, BEST_WINDOW: 2}


def forecasts(what: PlotKind, scene: Scene) -> Plot | None:
    """The series, and what each value was forecast to be from those before it."""
    task = scene.stage.task
    if not isinstance(task, SeriesTask):
        return None
    walk, dataset, times = task.walk, task.dataset, task.times
    assert dataset.order is not None, "it is a series"
    stop = task.stop
    predicted = task.own_units(walk.predictions(scene.parameters()))
    used = used_in(scene.record, scene.moment.meta_iteration)
    measures = scene.record.meta_iterations[scene.moment.meta_iteration].measures
    lines = [
        Line("series", dataset.order[:stop], dataset.targets[:stop], "reference", "points"),
        Line("forecast", times, predicted, 0),
    ]
    if EVEN in (known := task.compared(used)):
        even = task.own_units(walk.predictions(known[EVEN].parameters))
        lines.append(Line(f"with {EVEN}", times, even, 1, "dashed"))
    marks = [Mark(float(times[0]), "validation", is_part=True)]
    if task.validation < len(times):
        marks.append(Mark(float(times[task.validation]), "test", is_part=True))
    return Plot(
        what.key,
        what.title,
        dataset.order_name or "order",
        dataset.target_name or "value",
        tuple(lines),
        (float(dataset.order[0]), float(dataset.order[stop - 1])),
        caption=f"{scene.name}: {_typical(task, measures)}",
        marks=tuple(marks),
        counts_x=False,
        years_x=dataset.has_years,
        dates_x=dataset.has_dates,
    )


def _typical(task: SeriesTask, measures: Measures) -> str:
    """How far forecasts are off, in the unit of the series."""
    told = [
        f"{part} {task.scale * np.sqrt(error):.3g}"
        for part in _PARTS
        if (error := measures.get(f"{part}_loss")) is not None
    ]
    return f"off by {', '.join(told)} (root mean square)"


def forecast_errors(what: PlotKind, scene: Scene) -> Plot | None:
    """Errors of forecasts by what is learned, over meta-iterations; level lines without."""
    task, record = scene.stage.task, scene.record
    if not isinstance(task, SeriesTask) or not moves(record):
        return None
    index = scene.moment.meta_iteration
    judged = [done.measures for done in record.meta_iterations[: index + 1]]
    is_last = index == len(record.meta_iterations) - 1
    if is_last and record.finished and record.finished.measures:
        judged.append(record.finished.measures)
    known = {name: one.measures for name, one in task.compared(used_in(record, index)).items()}
    ends = np.array([0.0, float(max(record.planned, 1))])
    lines = []
    for part, dash in _PARTS.items():
        errors = finite(measures[f"{part}_loss"] for measures in judged)
        if np.isfinite(errors).any():
            lines.append(_line(LEARNED, part, dash, counted(len(judged)), errors))
    for name, measures in known.items():
        for part, dash in _PARTS.items():
            if (error := measures[f"{part}_loss"]) is not None:
                lines.append(_line(name, part, dash, ends, np.full(2, error)))
    return Plot(
        what.key,
        what.title,
        "meta-iteration",
        "error of forecasts",
        tuple(lines),
        (0, record.planned),
        caption=_caption({LEARNED: judged[-1], **known}),
        y_unit=loss_unit(record),
        along="meta-iterations",
    )


def _line(name: str, part: str, dash: Dash, x: Floats, y: Floats) -> Line:
    factors = Factors("weighting", name, part)
    return Line(f"{name}, {part}", x, y, _COLOURS[name], dash, factors=factors)


def _caption(rows: Mapping[str, Measures]) -> str:
    """Test errors, which nothing was chosen by."""
    errors = {name: measures["test_loss"] for name, measures in rows.items()}
    known = {name: error for name, error in errors.items() if error is not None}
    told = zip(known, apart([*known.values()], 3), strict=True)
    return f"test: {', '.join(f'{name} {error}' for name, error in told)}" if known else ""
