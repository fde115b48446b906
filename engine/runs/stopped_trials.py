"""Trials of which some training runs were stopped, put together."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.runs.events import MetaIterationDone
from engine.runs.telling import frozen
from engine.runs.trial import Outcome
from engine.search.trials import Stopped


def each_of(found: Iterable[Outcome | list[Outcome]]) -> list[Outcome]:
    """The outcomes of jobs for a seed each, or for several."""
    return [one for part in found for one in (part if isinstance(part, list) else [part])]


def mean_so_far(curves: Sequence[Floats]) -> Floats:
    """(n,) the mean of several curves, at each place of those that go so far."""
    rows = np.full((len(curves), max(map(len, curves))), np.nan)
    for row, curve in zip(rows, curves, strict=True):
        row[: len(curve)] = curve
    known = np.isfinite(rows)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, rows, 0).sum(0) / known.sum(0))


def as_search_knows(done: MetaIterationDone) -> Stopped:
    """What a search is told of a trial that was stopped."""
    found, curve = done.prediction, done.judged
    assert found is not None, "it was stopped"
    assert curve is not None, "it was measured"
    if found.quantity.endswith("loss"):
        return Stopped(found.value, curve)
    return Stopped(float("nan"), -curve)


def curve_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What was measured along training, and where; nothing if nothing may be stopped."""
    curve = mean_so_far([one.judged for one in outcomes])
    if not len(curve):
        return {}
    return {"judged_at": frozen(outcomes[0].judged_at), "judged": frozen(curve)}
