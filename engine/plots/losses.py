"""Losses after training, over meta-iterations: the meta-learning curve."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line, Plot
from engine.plots.columns import counted, finite
from engine.plots.kind import PlotKind
from engine.plots.strategies import is_a_sweep, is_averaged
from engine.runs.records import RunRecord
from engine.tasks.task import Losses


def losses(what: PlotKind, record: RunRecord) -> Plot | None:
    """A line for each part of the data; the last point is the final judgement."""
    if is_a_sweep(record):
        return None
    judged = judgements(record)
    return Plot(
        what.key,
        what.title,
        "meta-iteration",
        "loss",
        tuple(lines_of_losses(counted(len(judged)), judged)),
        (0, record.experiment.meta.iterations),
        caption=_caption(record, judged) if len(judged) > 1 else "",
        y_unit=record.loss_unit,
    )


def judgements(record: RunRecord) -> list[Losses]:
    """The losses of every meta-iteration, and at last those of where the run arrived."""
    finals = record.finished.losses if record.finished else None
    return [done.losses for done in record.meta_iterations] + ([finals] if finals else [])


def lines_of_losses(x: Floats, judged: Sequence[Losses], *, points: bool = False) -> list[Line]:
    """A line for each part of the data of which a loss is known somewhere.

    Args:
        x: (n,) where each of the losses stands.
        judged: the n losses.
        points: whether they are not joined.
    """
    lines = []
    for colour, part in enumerate(("training", "validation", "test")):
        y = finite(getattr(losses, part) for losses in judged)
        if np.any(np.isfinite(y)):
            joined = Line(part, x, y, colour, "dashed" if part == "test" else "solid")
            lines.append(Line(part, x, y, colour, "points") if points else joined)
    return lines


def _caption(record: RunRecord, judged: Sequence[Losses]) -> str:
    objective = record.experiment.meta.objective
    if is_averaged(record):
        sample = np.array([getattr(losses, objective) for losses in judged])
        spread = f"{sample.mean():.3g} ± {sample.std(ddof=1):.2g}"
        return f"{objective} loss {spread} over {len(sample)} seeds"
    changes = (
        _change_in_words(part, [getattr(losses, part) for losses in judged])
        for part in (objective, "test")  # a task may not judge the objective
    )
    caption = next(filter(None, changes), "")
    if judged[-1].test_accuracy is not None:
        caption += f"; test accuracy {judged[-1].test_accuracy:.1%}"
    return caption


def _change_in_words(part: str, losses: Sequence[float | None]) -> str:
    known = [loss for loss in losses if loss is not None]
    return f"{part} loss {known[0]:.3g} → {known[-1]:.3g}" if known else ""
