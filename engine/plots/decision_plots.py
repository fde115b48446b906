"""Plots of decisions that were replayed: curves, what thresholds save, how sure forecasts were."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.forecasting.curve_sets import CurveSet
from engine.forecasting.replayed import LEVELS, Decision
from engine.plots.bars import drawn_band
from engine.plots.base import Colour, Dash, Line, Mark, Plot
from engine.plots.decision_words import percent, winners_in_words
from engine.runs.decisions import DecisionsRecord

_WAITING: Final = "known once the first curve is forecast"
_NOBODY: Final = "nothing has been stopped so far"
_DASHES: Final[tuple[Dash, ...]] = ("dotted", "dashed", "solid", "solid")


def decision_plots(record: DecisionsRecord) -> list[Plot]:
    """All plots of a replay as far as it is."""
    return [_curves(record), _threshold(record), _calibration(record), _ends(record)]


def stroke_of(record: DecisionsRecord, place: int) -> tuple[Colour, Dash]:
    """The stroke of a curve in the table: grey where it was stopped, red where wrongly."""
    if place >= record.done or not record.decisions[place].is_stopped:
        return 0, "solid"
    return "wrong" if record.decisions[place].is_wrong else "reference", "solid"


def _curves(record: DecisionsRecord) -> Plot:
    """Every curve, grey from where it was stopped; predicted and true ends of these."""
    curves, decisions = record.curves, record.decisions
    lines = [line for one in decisions for line in _pieces(record, one)]
    kept = [one for one in decisions if not one.is_stopped]
    if kept:
        sign = 1 if curves.quantity == "accuracy" else -1
        best = max(kept, key=lambda one: sign * one.truth)
        lines.append(Line("best", curves.x, curves.values[best.curve], 0))
    stopped = [one for one in decisions if one.is_stopped]
    lines += _marks(record, [one for one in stopped if not one.is_wrong], "stopped")
    lines += _marks(record, [one for one in stopped if one.is_wrong], "stopped wrongly")
    end = np.full(len(stopped), curves.x[-1])
    if stopped:
        truths = np.array([one.truth for one in stopped])
        lines += [
            _rings(end, stopped, curves),
            Line("truth", end, truths, 4, "points", each=_names(curves, stopped)),
        ]
    caption = f"{len(stopped)} of {record.done} stopped; grey: not trained"
    return Plot(
        "curves",
        "Curves and where they were stopped",
        curves.along,
        curves.quantity,
        tuple(lines),
        (min(0.0, float(curves.x[0])), float(curves.x[-1])),
        log_y=curves.quantity == "loss" and bool(np.nanmin(curves.values) > 0),
        caption=caption if record.done else _WAITING,
    )


def _pieces(record: DecisionsRecord, decision: Decision) -> Iterator[Line]:
    curves = record.curves
    name, x, y = curves.names[decision.curve], curves.x, curves.values[decision.curve]
    if decision.stopped_at is None:
        yield Line(name, x, y, 0, faint=True)
        return
    n = decision.stopped_at
    yield Line(f"{name}, trained", x[:n], y[:n], 0, faint=True)
    colour: Colour = "wrong" if decision.is_wrong else "reference"
    yield Line(f"{name}, not trained", x[n - 1 :], y[n - 1 :], colour, faint=True)


def _marks(record: DecisionsRecord, several: list[Decision], name: str) -> list[Line]:
    """Where curves were stopped."""
    if not several:
        return []
    curves = record.curves
    where = [_last_before(record, one) for one in several]
    y = np.array([curves.values[one.curve, n] for one, n in zip(several, where, strict=True)])
    is_wrong = several[0].is_wrong
    colour: Colour = "wrong" if is_wrong else "reference"
    dash: Dash = "crosses" if is_wrong else "squares"
    return [Line(name, curves.x[where], y, colour, dash, each=_names(curves, several))]


def _names(curves: CurveSet, several: list[Decision]) -> tuple[str, ...]:
    return tuple(curves.names[one.curve] for one in several)


def _last_before(record: DecisionsRecord, decision: Decision) -> int:
    """The place of the last value that was there when a curve was stopped."""
    values = record.curves.values[decision.curve, : decision.stopped_at]
    return int(np.flatnonzero(np.isfinite(values))[-1])


def _rings(x: Floats, stopped: list[Decision], curves: CurveSet) -> Line:
    """Predictions with their bands, each with its curve's name."""
    means = [one.verdict.predicted for one in stopped if one.verdict is not None]
    bands = np.array([one.band for one in stopped if one.band is not None])
    rings = Line(
        "predicted",
        x,
        np.array(means),
        3,
        "rings",
        low=bands[:, 0],
        high=bands[:, 1],
        each=_names(curves, stopped),
    )
    return rings if drawn_band(rings) is None else replace(rings, name="predicted, with 90 % band")


def _threshold(record: DecisionsRecord) -> Plot:
    """What is saved, and which winners are lost, with other thresholds."""
    along, threshold = record.curves.along, record.asked.rule.threshold
    found, balance = record.balances() if record.done else [], record.balance
    x = np.array([one for one, _ in found])
    saved = np.array([each.saved for _, each in found])
    wrong = np.array([each.wrong / each.winners if each.winners else np.nan for _, each in found])
    lines = [
        Line(f"{along}s saved", x, saved, 0, single=True),
        Line("winners stopped", x, wrong, "wrong", "dashed", single=True),
    ]
    told = f"{percent(balance.saved)} saved, {winners_in_words(balance)} stopped"
    return Plot(
        "threshold",
        "What a threshold saves",
        "threshold",
        "share",
        tuple(lines) if found else (),
        (0.0, float(max(0.5, threshold))),
        caption=told if found else _WAITING,
        marks=(Mark(threshold, percent(threshold)),),
        counts_x=False,
        y_covers=(0.0, 1.0),
    )


def _calibration(record: DecisionsRecord) -> Plot:
    """The share of truths in each band, by how much of a curve was known."""
    curves, looks = record.curves, np.array(record.asked.looks)
    x = curves.x[looks - 1]
    shares = record.calibration()
    ends = np.array([x[0], x[-1]])
    lines = []
    for place, (level, share) in enumerate(zip(LEVELS, shares, strict=True)):
        lines.append(Line(f"{percent(level)} band", x, share, place, _DASHES[place], single=True))
        aim = Line(f"{percent(level)}", ends, np.full(2, level), place, "dotted", faint=True)
        lines.append(aim)
    many = f"{record.forecasts:,} forecasts"
    return Plot(
        "calibration",
        "Truths within the bands",
        f"{curves.along}s known",
        "share of truths",
        tuple(lines) if record.done else (),
        (min(0.0, float(x[0])), float(curves.x[-1])),
        caption=f"{many}; dotted: promised" if record.done else _WAITING,
        y_covers=(0.0, 1.0),
    )


def _ends(record: DecisionsRecord) -> Plot:
    """Where the stopped curves ended, over where they were predicted to."""
    stopped = [one for one in record.decisions if one.is_stopped]
    lines: list[Line] = []
    x_range = (0.0, 1.0)
    if stopped:
        truths = np.array([one.truth for one in stopped])
        rings = _rings(truths, stopped, record.curves)
        wrong = np.array([one.is_wrong for one in stopped])
        lines = [rings]
        if wrong.any():
            names = _names(record.curves, [one for one in stopped if one.is_wrong])
            crosses = truths[wrong], rings.y[wrong]
            lines.append(Line("stopped wrongly", *crosses, "wrong", "crosses", each=names))
        room = 0.05 * (float(np.ptp(truths)) or 1.0)
        x_range = float(truths.min()) - room, float(truths.max()) + room
        lines.append(
            Line("as predicted", np.array(x_range), np.array(x_range), "reference", "dotted")
        )
    return Plot(
        "ends",
        "Predicted and true ends",
        f"true {record.curves.quantity}",
        f"predicted {record.curves.quantity}",
        tuple(lines),
        x_range,
        caption=f"of {len(stopped)} that were stopped" if stopped else _NOBODY,
        counts_x=False,
    )
