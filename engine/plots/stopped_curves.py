"""The trials of a strategy that stops early, beside each other: who was stopped, and when."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.experiments.rival import Rival
from engine.plots.base import Line, Plot
from engine.plots.predicted import PREDICTED
from engine.plots.rings import rings_of
from engine.runs.predictions import quantity_of
from engine.runs.strategies_compared import Step, StrategiesRecord, TrialCurve

_MOST = 60
"""Curves of trials, at most; of more, those of the first."""


class _Search(NamedTuple):
    """One search whose trials have curves."""

    rival: Rival
    seed: int
    curves: list[tuple[int, TrialCurve]]


def stopped_curves(record: StrategiesRecord) -> Plot | None:
    """The curves of the first search that may stop trials: grey where they were stopped.

    Each of those goes on, dashed, to where it was predicted to end: a ring, with a bar within which
    it would have ended with a chance of 90 %. None if no strategy stops trials.
    """
    search = _first(record)
    if search is None:
        return None
    quantity, iterations = quantity_of(record.experiment), record.experiment.training.iterations
    best, shown = _best(record, search), search.curves[:_MOST]
    lines = [_line(number, curve) for number, curve in shown if number != best]
    pairs = [(number, curve.prediction) for number, curve in search.curves if curve.prediction]
    stopped = [prediction for _, prediction in pairs]
    names = [f"trial {number + 1}" for number, _ in pairs]
    ends = [float(one.horizon) for one in stopped]
    lines += rings_of(ends, stopped, "reference", names)  # they are read before what ends there
    lines += [_end(number, curve) for number, curve in shown if curve.prediction]
    lines += [
        Line(f"best, trial {number + 1}", curve.at.astype(np.float64), curve.values, 0)
        for number, curve in search.curves
        if number == best
    ]
    told = f"{len(stopped):,} of {len(search.curves):,} stopped, grey"
    return Plot(
        "stopped_curves",
        "Curves stopped early",
        "training iteration",
        quantity,
        tuple(lines),
        (0.0, float(iterations)),
        caption=f"{search.rival.name}, seed {search.seed}: {told}",
    )


def _first(record: StrategiesRecord) -> _Search | None:
    for place, search in enumerate(record.searches):
        steps: Sequence[Step] = record.steps.get(place, ())
        curves = [(number, one.trial) for number, one in enumerate(steps) if one.trial is not None]
        if curves:
            return _Search(search.rival, search.seed, curves)
    return None


def _best(record: StrategiesRecord, search: _Search) -> int:
    place = next(
        at
        for at, one in enumerate(record.searches)
        if one.rival == search.rival and one.seed == search.seed
    )
    objectives = np.array([step.objective for step in record.steps[place]])
    return int(np.nanargmin(objectives)) if np.isfinite(objectives).any() else -1


def _line(number: int, curve: TrialCurve) -> Line:
    """A trial's curve as far as it was trained."""
    x, is_stopped = curve.at.astype(np.float64), curve.prediction is not None
    name = f"trial {number + 1}"
    return Line(name, x, curve.values, "reference" if is_stopped else 0, faint=True)


def _end(number: int, curve: TrialCurve) -> Line:
    """Where it was going."""
    found = curve.prediction
    assert found is not None, "it was stopped"
    x = np.array([float(found.iteration), float(found.horizon)])
    y = np.append(curve.values[-1:], found.value)
    return Line(f"trial {number + 1}, {PREDICTED}", x, y, "reference", "dashed", faint=True)
