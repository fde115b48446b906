"""How well held-out episodes are learned, over meta-iterations, with what it is compared with."""

import numpy as np

from engine.plots.base import Dash, Line, Plot
from engine.plots.changes import with_changes
from engine.plots.columns import finite
from engine.plots.kind import PlotKind
from engine.plots.losses import judgements
from engine.plots.strategies import after_the_first, course, is_a_sweep
from engine.runs.records import RunRecord

ERROR = "test_accuracy_error"
"""The measure that says how far a mean over episodes may be off."""

_DASHES: tuple[Dash, ...] = ("dashed", "dotted", "solid")


def episode_accuracy(what: PlotKind, record: RunRecord) -> Plot | None:
    """The mean accuracy within its standard error; at last also of every baseline."""
    if is_a_sweep(record) or "representation" not in record.initial:
        return None
    judged = judgements(record)
    label, x, ends = course(record, len(judged))
    y = finite(measures.get("test_accuracy") for measures in judged)
    error = finite(measures.get(ERROR) for measures in judged)
    lines = [Line("learned", x, y, 0, low=y - error, high=y + error)]
    across = np.array(ends, np.float64)
    baselines = record.end.baselines if record.end else {}
    for number, (name, measures) in enumerate(baselines.items()):
        if (accuracy := measures.get("test_accuracy")) is not None:
            dash = _DASHES[number % len(_DASHES)]
            lines.append(Line(name, across, np.full(2, accuracy), number + 1, dash))
    chance = 1 / record.started_from.episodes.ways
    lines.append(Line("chance", across, np.full(2, chance), "reference", "dotted"))
    return Plot(
        what.key,
        what.title,
        label,
        "accuracy",
        tuple(lines),
        ends,
        caption=with_changes(_caption(record, y, error), record),
        along="meta-iterations",
    )


def _caption(record: RunRecord, y: np.ndarray, error: np.ndarray) -> str:
    if not len(y):
        return after_the_first(record)
    settings = record.started_from.episodes
    shots = "1 drawing" if settings.shots == 1 else f"{settings.shots} drawings"
    said = f"{settings.ways} classes that were never seen, {shots} of each: {y[-1]:.1%}"
    return f"{said} ± {error[-1]:.1%}" if np.isfinite(error[-1]) else said
