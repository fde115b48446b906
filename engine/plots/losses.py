"""Losses after training, over meta-iterations: the meta-learning curve."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.measures import Measure, Measures
from engine.experiments.tasks import task_of
from engine.plots.base import Dash, Line, Plot
from engine.plots.changes import up_to_the_last, with_changes
from engine.plots.columns import counted, finite
from engine.plots.going_on import Curve
from engine.plots.kind import PlotKind
from engine.plots.returned import marks_of_best
from engine.plots.rings import rings_of
from engine.plots.strategies import (
    after_the_first,
    course,
    is_a_sweep,
    is_averaged,
    moves,
    name_of,
)
from engine.plots.time_axis import or_over_time
from engine.plots.words import apart
from engine.runs.records import RunRecord

_STROKES: Final[dict[str, tuple[Dash, Dash]]] = {
    "training": ("dotted", "squares"),
    "validation": ("solid", "points"),
    "test": ("dashed", "triangles"),
}
"""Of each part of the data, joined and not: they are told apart without colours, too."""


def losses(what: PlotKind, record: RunRecord) -> Plot | None:
    """A line for each part of the data; the last point is the final judgement."""
    if is_a_sweep(record) or record.is_one_run or record.tries:
        return None
    judged = judgements(record)
    label, x, ends = course(record, len(judged))
    plot = Plot(
        what.key,
        what.title,
        label,
        "loss",
        (*lines_of_losses(record, x, judged, points=is_averaged(record)), *_predicted(record)),
        ends,
        caption=up_to_the_last(with_changes(_caption(record, judged), record), record),
        y_unit=loss_unit(record),
        along="meta-iterations",
        marks=marks_of_best(record, x),
    )
    return or_over_time(plot, record)


def meta_learning_curve(record: RunRecord) -> Curve | None:
    """The objective's losses while meta-optimization goes on, to those of where it will arrive."""
    if not moves(record) or record.is_one_run or record.tries or record.end or record.moment:
        return None
    done, planned = len(record.meta_iterations), record.planned
    if not 0 < done <= planned:
        return None
    part = record.experiment.meta.objective
    return Curve(
        of=record.meta_iterations,
        line=part,
        count=done,
        places=counted(planned + 1),
        reached=done - 1,
        end=name_of(record, planned),
        quantity="loss",
        measured=lambda: finite(one.get(f"{part}_loss") for one in judgements(record)[:done]),
    )


def _predicted(record: RunRecord) -> list[Line]:
    """Where the objective of a run that was stopped would have been at its end."""
    found = record.finished.prediction if record.finished else None
    if found is None or not found.quantity.endswith("loss"):
        return []
    return rings_of([float(found.horizon)], [found])


def judgements(record: RunRecord) -> list[Measures]:
    """The measures of every meta-iteration, and at last those of where the run arrived."""
    finals = record.finished.measures if record.finished else None
    return [done.measures for done in record.meta_iterations] + ([finals] if finals else [])


def loss_unit(record: RunRecord) -> str:
    """What a run's losses are counted in; empty if they have no unit."""
    return _losses_of(record)[0].unit


def lines_of_losses(
    record: RunRecord, x: Floats, judged: Sequence[Measures], *, points: bool = False
) -> list[Line]:
    """A line for each part of the data of which a loss is known somewhere.

    Args:
        record: of the run.
        x: (n,) where each of the judgements stands.
        judged: the n judgements.
        points: whether they are not joined.
    """
    known = [
        (colour, measure.part, y)
        for colour, measure in enumerate(_losses_of(record))
        for y in (finite(measures[measure.name] for measures in judged),)
        if np.any(np.isfinite(y))
    ]
    strokes = _STROKES if len(known) > 1 else {part: _STROKES["validation"] for _, part, _ in known}
    return [Line(part, x, y, colour, strokes[part][points]) for colour, part, y in known]


def _losses_of(record: RunRecord) -> list[Measure]:
    """Those of its task's measures that are losses."""
    measures = task_of(record.experiment).measures(record.experiment)
    return [measure for measure in measures if measure.quantity == "loss"]


def _caption(record: RunRecord, judged: Sequence[Measures]) -> str:
    if not judged:
        return after_the_first(record)
    objective = record.experiment.meta.objective
    if is_averaged(record) and len(judged) > 1:
        sample = finite(measures[f"{objective}_loss"] for measures in judged)
        spread = f"{sample.mean():.3g} ± {sample.std(ddof=1):.2g}"
        return f"{objective} loss {spread} over {len(sample)} seeds"
    changes = (
        _change_in_words(part, [measures.get(f"{part}_loss") for measures in judged])
        for part in (objective, "test")  # a task may not judge the objective
    )
    caption = next(filter(None, changes), "")
    if judged[-1].test_accuracy is not None:
        caption += f"; test accuracy {judged[-1].test_accuracy:.1%}"
    return "; ".join(filter(None, [caption, _last_in_words(record)]))


def _last_in_words(record: RunRecord) -> str:
    """In what the training of the last point differs from those before, if it does."""
    end, done = record.finished.measures if record.finished else None, record.meta_iterations
    if end is None or not done:
        return ""
    length, told = record.experiment.training.final_iterations, []
    if end.get("validation_loss") is None and done[-1].measures.get("validation_loss") is not None:
        told.append("on the validation part, too")
    if length is not None and length != record.iterations:
        told.append(f"for {length:,} iterations")
    return f"last, the final model: trained {', '.join(told)}" if told else ""


def _change_in_words(part: str, losses: Sequence[float | None]) -> str:
    known = [loss for loss in losses if loss is not None]
    ends = apart(known[:1] + known[1:][-1:], 3)
    return f"{part} loss {' → '.join(ends)}" if ends else ""
