"""The curves of trials on the validation part, and where those that were stopped were going."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from engine.plots.base import Line, Plot
from engine.plots.kind import PlotKind
from engine.plots.losses import loss_unit
from engine.plots.rings import rings_of
from engine.plots.strategies import after_the_first, name_of
from engine.plots.words import apart
from engine.runs.best import best_of
from engine.runs.events import MetaIterationDone
from engine.runs.predictions import quantity_of
from engine.runs.records import RunRecord

_MOST: Final = 60
"""Pale curves: of more trials, those of the last."""


def trial_curves(what: PlotKind, record: RunRecord) -> Plot | None:
    """The best one, and pale ones; of those that were stopped grey ones, and where they were going.

    There are none where nothing may be stopped.
    """
    known = [
        done for done in record.meta_iterations if done.judged is not None and done.judged.size
    ]
    if not record.tries or not (known or record.experiment.stopping.is_on):
        return None
    quantity, best = quantity_of(record.experiment), best_of(record)
    others = [done for done in known if done.index != best][-_MOST:]
    lines = [*_curves(record, others)]
    lines += [
        _curve(f"best, {name_of(record, done.index)}", done) for done in known if done.index == best
    ]
    stopped = [done.prediction for done in known if done.prediction is not None]
    names = [name_of(record, done.index) for done in known if done.prediction is not None]
    lines += rings_of([float(one.horizon) for one in stopped], stopped, "reference", names)
    return Plot(
        what.key,
        what.title,
        "training iteration",
        quantity,
        tuple(lines),
        (0, record.iterations),
        log_y=quantity.endswith("loss") and all(np.nanmin(line.y) > 0 for line in lines),
        caption=_caption(record, known, len(stopped), best),
        y_unit=loss_unit(record) if quantity.endswith("loss") else "",
    )


def _curves(record: RunRecord, trials: Sequence[MetaIterationDone]) -> Iterator[Line]:
    for done in trials:
        name, is_stopped = name_of(record, done.index), done.prediction is not None
        line = _curve(f"{name}, stopped" if is_stopped else name, done)
        yield replace(line, colour="reference" if is_stopped else 0, faint=True)


def _curve(name: str, done: MetaIterationDone) -> Line:
    assert done.judged is not None, "it was measured"
    assert done.judged_at is not None, "and it is known where"
    return Line(name, done.judged_at[: len(done.judged)].astype(np.float64), done.judged)


def _caption(
    record: RunRecord, known: Sequence[MetaIterationDone], stopped: int, best: int | None
) -> str:
    if not known:
        return after_the_first(record)
    told = []
    curve = record.meta_iterations[best].judged if best is not None else None
    if curve is not None and len(curve):
        told.append(f"best {apart([float(curve[-1])], 3)[0]}")
    if stopped:
        told.append(f"grey: {stopped:,} of {len(known):,} stopped early")
        told.append(f"{record.share_saved:.0%} of the training iterations saved")
    return "; ".join(told)
