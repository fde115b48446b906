"""Decisions replayed: which finished curves a rule would have stopped, when, and whether rightly.

Curves come one after the other, as in a search. Each is held against the best end so far of those
that were not stopped, as `engine.forecasting.stopping` says; the first has nothing to beat. What a
curve ended at is known, so that a stop is right or wrong (Domhan, Springenberg and Hutter 2015).
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.forecasting.curve_sets import CurveSet
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.stopping import Rule, Verdict

LEVELS: Final = (0.5, 0.8, 0.9, 0.95)
"""Of the bands whose truths are counted."""

BAND: Final = 0.9
"""Of the band that is shown."""

Known: TypeAlias = Mapping[tuple[int, int], Foreseen | None]
"""Forecasts by curve and points; None where nothing could be said."""


class Decision(NamedTuple):
    """What happened to one curve.

    Attributes:
        curve: its place in the set.
        best: what it had to beat; None: nothing.
        truth: where it ended.
        stopped_at: after how many points it was stopped; None: it was not.
        verdict: of the last forecast that was asked; None: none was.
        band: of an observation at the horizon, when it was stopped; None: it was not.
        is_winner: whether it ended better than the best.
    """

    curve: int
    best: float | None
    truth: float
    stopped_at: int | None
    verdict: Verdict | None
    band: tuple[float, float] | None
    is_winner: bool

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped."""
        return self.stopped_at is not None

    @property
    def is_wrong(self) -> bool:
        """Whether it was stopped, but would have won."""
        return self.is_winner and self.is_stopped


class Balance(NamedTuple):
    """All decisions together.

    Attributes:
        trained, total: points that were trained, of how many.
        stopped: curves that were.
        winners: curves that ended better than the best before them, the first one aside.
        wrong: how many of these were stopped.
        lost: by how much the best end is worse for it, of those not stopped.
    """

    trained: int
    total: int
    stopped: int
    winners: int
    wrong: int
    lost: float

    @property
    def saved(self) -> float:
        """The share of points that were not trained; 0 of none."""
        return 1 - self.trained / self.total if self.total else 0.0


def replay(
    curves: CurveSet, known: Known, rule: Rule, looks: Sequence[int], upto: int | None = None
) -> tuple[Decision, ...]:
    """Decide on curve after curve.

    Args:
        curves: in order.
        known: the forecasts, at least of all looks of the curves that are asked for.
        rule: decides.
        looks: rising, after which points a curve is looked at.
        upto: how many curves are asked for; None: all.
    """
    best: float | None = None
    found = []
    for place in range(curves.count if upto is None else upto):
        decision = _decided(curves, known, rule, looks, place, best)
        found.append(decision)
        if not decision.is_stopped and (best is None or curves.is_better(decision.truth, best)):
            best = decision.truth
    return tuple(found)


def _decided(
    curves: CurveSet,
    known: Known,
    rule: Rule,
    looks: Sequence[int],
    place: int,
    best: float | None,
) -> Decision:
    values, truth = curves.values[place], float(curves.values[place, -1])
    is_winner = best is not None and curves.is_better(truth, best)
    forecasts: list[Foreseen] = []
    verdict = None
    for n in looks if best is not None else ():
        assert best is not None, "else nothing is looked at"
        seen = values[:n][np.isfinite(values[:n])]
        if seen.size and curves.is_better(_best_of(curves, seen), best):
            break  # it has won already
        forecast = known[place, n]
        if forecast is None:
            continue
        forecasts.append(forecast)
        verdict = rule.verdict(forecasts, best)
        if verdict.stop:
            return Decision(place, best, truth, n, verdict, forecast.bands[BAND], is_winner)
    return Decision(place, best, truth, None, verdict, None, is_winner)


def balance_of(curves: CurveSet, decisions: Sequence[Decision]) -> Balance:
    """What decisions come to together."""
    points = curves.points
    trained = sum(one.stopped_at or points for one in decisions)
    kept = np.array([one.truth for one in decisions if not one.is_stopped])
    lost = 0.0
    if kept.size:
        every = np.array([one.truth for one in decisions])
        lost = abs(_best_of(curves, every) - _best_of(curves, kept))
    return Balance(
        trained,
        points * len(decisions),
        sum(one.is_stopped for one in decisions),
        sum(one.is_winner for one in decisions),
        sum(one.is_wrong for one in decisions),
        lost,
    )


def calibration(curves: CurveSet, known: Known, looks: Sequence[int], upto: int) -> Floats:
    """(levels, looks) the share of truths in the bands, over the curves so far; NaN of none.

    A forecaster that is as sure as it should be has as many truths in each band as the band's
    level says.

    Args:
        curves: in order.
        known: the forecasts.
        looks: after which points.
        upto: of how many curves there are forecasts.
    """
    shares = np.full((len(LEVELS), len(looks)), np.nan)
    for column, n in enumerate(looks):
        pairs = [(known[place, n], curves.truths[place]) for place in range(upto)]
        made = [(one, truth) for one, truth in pairs if one is not None]
        for row, level in enumerate(LEVELS):
            inside = [one.bands[level][0] <= truth <= one.bands[level][1] for one, truth in made]
            if inside:
                shares[row, column] = np.mean(inside)
    return shares


def _best_of(curves: CurveSet, values: Floats) -> float:
    return float(values.max() if curves.quantity == "accuracy" else values.min())
