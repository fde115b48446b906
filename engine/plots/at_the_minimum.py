"""Runs whose hypergradients are taken at the minimum of the training loss: what each step takes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.experiments.strategies import STRATEGIES
from engine.plots.base import Along, Line, Plot
from engine.plots.columns import finite, positive
from engine.plots.kind import PlotKind
from engine.plots.losses import loss_unit
from engine.plots.returned import marks_of_best, returns_its_best
from engine.plots.strategies import after_the_first, course, name_of
from engine.plots.time_axis import SECONDS
from engine.plots.words import number_in_words
from engine.runs.best import best_of
from engine.runs.objectives import penalty_of
from engine.runs.records import RunRecord

_CLOSE: Final = 1e-4
"""A distance from the best, relative to it, at which a run is as good as there."""


class Spent(NamedTuple):
    """What a run took up to each of its meta-iterations, that one among them.

    Attributes:
        seconds: (n,) of the method.
        iterations: (n,) of L-BFGS and of conjugate gradients.
    """

    seconds: Floats
    iterations: Floats


def spent(record: RunRecord) -> Spent:
    """What a run took so far."""
    seconds = [0.0 if one.cost is None else one.cost.seconds for one in record.meta_iterations]
    both = [
        0 if one.solution is None else one.solution.iterations + one.solution.rounds
        for one in record.meta_iterations
    ]
    return Spent(np.cumsum(seconds), np.cumsum(both, dtype=np.float64))


class Distance(NamedTuple):
    """How far above the best objective that is known a run was.

    Attributes:
        above: (n,) of each meta-iteration.
        best: that objective.
    """

    above: Floats
    best: float


def distance(record: RunRecord) -> Distance:
    """Against what came out in the end, found exactly; until then, against the best so far.

    Objectives are those that the strategy went by: what they may well come to at worst.
    """
    return _distance(record, finite(one.objective for one in record.meta_iterations))


def distance_at_the_minimum(record: RunRecord) -> Distance:
    """The same of the objective at the minimum of the training loss, as far as that is known.

    It is corrected to first order for how far training was from the minimum. What it says of an
    iterate is then off by the square of the tolerance; as measured, by the tolerance, upwards or
    downwards as it happens, which in the end is far more than iterates are from the best.
    """
    weighed = record.experiment.meta
    return _distance(
        record,
        finite(
            one.objective
            if one.tolerance is None or one.solution is None
            else one.solution.at_minimum + penalty_of(one.hyperparameters, weighed)
            for one in record.meta_iterations
        ),
    )


def _distance(record: RunRecord, found: Floats) -> Distance:
    known = found[np.isfinite(found)]
    best = float(known.min()) if known.size else float("nan")
    name, weight = f"{record.experiment.meta.objective}_loss", record.experiment.meta.penalty
    if record.end and record.end.measures and not weight:
        exact = record.end.measures.get(name)
        best = best if exact is None else exact
    return Distance(found - best, best)


def distance_from_best(what: PlotKind, record: RunRecord) -> Plot | None:
    """The distance from the best over seconds, or over inner iterations."""
    if not returns_its_best(record):
        return None
    above, _ = distance_at_the_minimum(record)
    off = np.where(above == 0, np.nan, np.abs(above))  # what is best stands nowhere
    seconds, iterations = spent(record)
    (others,) = what.axes
    by_iterations = _over(record, off, iterations, _so_many)
    over_seconds = _over(record, off, seconds, _so_long)
    return replace(
        over_seconds,
        key=what.key,
        title=what.title,
        x_label="time of the method",
        x_unit=SECONDS,
        counts_x=False,
        across=SECONDS,
        others=(
            replace(
                by_iterations,
                key=others,
                title=what.title,
                x_label="inner iterations",
                x_unit="L-BFGS and conjugate gradients",
                across="inner iterations",
            ),
        ),
    )


def _over(record: RunRecord, off: Floats, x: Floats, spelled: Callable[[float], str]) -> Plot:
    """Distances over what was spent, ``spelled`` in words; what its axis is called comes later."""
    return Plot(
        "",
        "",
        "",
        "distance of the objective",
        (Line("distance", x, off, 0, single=True),),
        (0.0, float(x[-1]) if len(x) and x[-1] else 1.0),
        log_y=True,
        caption=_caption(record, x, spelled),
        y_unit=loss_unit(record),
        marks=marks_of_best(record, x),
    )


def _so_long(seconds: float) -> str:
    return f"{number_in_words(seconds, 2)} s"


def _so_many(iterations: float) -> str:
    return f"{iterations:,.0f} inner iterations"


def _caption(record: RunRecord, x: Floats, spelled: Callable[[float], str]) -> str:
    if not record.meta_iterations:
        return after_the_first(record)
    told = (_best_in_words(record), _near_in_words(record, x, spelled), _limit_in_words(record))
    return "; ".join(filter(None, told))


def _best_in_words(record: RunRecord) -> str:
    """Which iterate is returned, with its losses; until it is known, the losses as they are now."""
    last = record.meta_iterations[-1].measures
    if record.finished and record.finished.measures:
        last = record.finished.measures
    losses = [(part, last.get(f"{part}_loss")) for part in ("validation", "test")]
    known = [f"{part} loss {loss:.4g}" for part, loss in losses if loss is not None]
    told = ", ".join([*known[:1], *(one.replace(" loss", "") for one in known[1:])])
    best = best_of(record)
    if best is None:
        return told
    name = name_of(record, best)
    return f"★ {name}: {told}" if record.finished else f"★ best so far: {name}; {told}"


def _near_in_words(record: RunRecord, x: Floats, spelled: Callable[[float], str]) -> str:
    """When the run was as good as at its best."""
    above, best = distance_at_the_minimum(record)
    close = np.flatnonzero(np.abs(above) <= _CLOSE * abs(best))
    if not close.size or record.finished is None:
        return ""
    return f"to 0.01 % in {spelled(float(x[close[0]]))}"


def _limit_in_words(record: RunRecord) -> str:
    """Below which distance iterates cannot be told apart: that of the one that is the best."""
    best = best_of(record)
    if record.finished is None or best is None:
        return ""
    above = abs(distance_at_the_minimum(record).above[best])
    return f"equal below {number_in_words(above, 1)}" if above > 0 else ""


def inner_iterations(what: PlotKind, record: RunRecord) -> Plot | None:
    """Iterations of L-BFGS, and of the linear solver, that each meta-iteration took."""
    if record.trains or not record.experiment.method.startswith("implicit"):
        return None
    solutions = [one.solution for one in record.meta_iterations]
    both = [
        (
            np.nan if one is None else float(one.iterations),
            np.nan if one is None else float(one.rounds),
        )
        for one in solutions
    ]
    columns = np.array(both, np.float64).reshape(-1, 2).T
    label, x, ends = course(record, len(both))
    caption = after_the_first(record)
    if len(both):
        totals = np.nansum(columns, axis=1)
        caption = f"{totals[0]:,.0f} of L-BFGS and {totals[1]:,.0f} of the linear solver in all"
    return Plot(
        what.key,
        what.title,
        label,
        "iterations",
        (
            Line("L-BFGS", x, columns[0], 0),
            Line("linear solver", x, columns[1], 1, "dashed"),
        ),
        ends,
        caption=caption,
        along=_ALONG,
        y_covers=(0.0, 1.0),
    )


def tolerances(what: PlotKind, record: RunRecord) -> Plot | None:
    """What a strategy asked for as it went, and what it got."""
    strategy = STRATEGIES[record.experiment.meta.optimizer]
    if not strategy.minimises:
        return None
    every = record.meta_iterations
    asked = positive(finite(one.tolerance for one in every))
    solutions = [one.solution for one in every]
    gradient = positive(finite(None if one is None else one.stationarity for one in solutions))
    residual = positive(finite(None if one is None else one.residual for one in solutions))
    label, x, ends = course(record, len(every))
    caption = after_the_first(record)
    if len(every):
        first, last = (number_in_words(float(asked[place]), 2) for place in (0, -1))
        caption = f"{record.experiment.meta.tolerances}: {first} → {last}"
    return Plot(
        what.key,
        what.title,
        label,
        "tolerance",
        (
            Line("asked for", x, asked, "reference"),
            Line("L-BFGS", x, gradient, 0, "points"),
            Line("linear solver", x, residual, 1, "squares"),
        ),
        ends,
        log_y=True,
        caption=caption,
        y_unit="relative",
        along=_ALONG,
    )


_ALONG: Final[Along] = "meta-iterations"
