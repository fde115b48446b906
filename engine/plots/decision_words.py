"""Decisions that were replayed, in words: one sentence, and a table with a row a curve."""

from typing import Final

from engine.forecasting.curve_sets import CurveSet
from engine.forecasting.replayed import Balance, Decision
from engine.plots.words import apart
from engine.runs.decisions import DecisionsRecord

HEADERS: Final = ["Curve", "Stopped at", "Predicted", "Truth", "Stop", "Saved", "Note"]


def headline(record: DecisionsRecord) -> str:
    """What stopping would have saved, and what it would have cost, in a sentence or two."""
    curves, balance = record.curves, record.balance
    if not record.done:
        return ""
    sentence = (
        f"{percent(balance.saved)} of {curves.spent(balance.total):,.0f} {curves.along}s saved; "
        f"{winners_in_words(balance)} stopped"
    )
    if balance.lost > 0:
        sentence += f", so that the best is {balance.lost:.3g} worse"
    if not record.is_over:
        sentence = f"After {record.done} of {curves.count} curves: {sentence}"
    return f"{sentence}."


def cells_of(record: DecisionsRecord, place: int) -> list[str]:
    """The row of a curve; empty where it is not decided on yet."""
    curves = record.curves
    if place >= record.done:
        return [curves.names[place], *[""] * (len(HEADERS) - 1)]
    decision = record.decisions[place]
    truth, stopped = apart([decision.truth], 4)[0], decision.stopped_at
    if stopped is None:
        return [curves.names[place], "", "", truth, "", "", _why_not(record, decision)]
    return [
        curves.names[place],
        place_in_words(curves, stopped),
        predicted_in_words(decision),
        truth,
        "wrong" if decision.is_wrong else "right",
        percent(1 - stopped / curves.points),
        note_of(record, decision),
    ]


def note_of(record: DecisionsRecord, decision: Decision) -> str:
    """Why a curve was stopped, and what there is to say against it."""
    assert decision.verdict is not None, "it was judged"
    told = _chance(decision)
    if decision.is_wrong:
        told += ", but it would have been the best"
    elif decision.band and not decision.band[0] <= decision.truth <= decision.band[1]:
        told += "; it ended outside the 90 % band"
    return told


def predicted_in_words(decision: Decision) -> str:
    """The value at the end as it was predicted, and half of the 90 % band."""
    assert decision.verdict is not None, "it was judged"
    assert decision.band is not None, "when it was stopped"
    low, high = decision.band
    return f"{decision.verdict.predicted:.3g} ± {(high - low) / 2:.2g}"


def place_in_words(curves: CurveSet, points: int) -> str:
    """Where a curve is after so many points."""
    return f"{curves.x[points - 1]:,.10g}"


def percent(share: float) -> str:
    """A share, as a person says it."""
    number = f"{100 * share:.2g}" if 0 < 100 * share < 1 else f"{100 * share:.0f}"
    return f"{number} %"


def winners_in_words(balance: Balance) -> str:
    """How many winners were stopped, of how many."""
    return f"{balance.wrong} of {balance.winners} winner{'s' * (balance.winners != 1)}"


def _why_not(record: DecisionsRecord, decision: Decision) -> str:
    if decision.best is None:
        return "nothing to beat yet"
    if decision.is_winner:
        return "the best so far"
    if decision.verdict is None:
        return "was better than the best on its way"
    return _chance(decision)


def _chance(decision: Decision) -> str:
    assert decision.verdict is not None, "it was judged"
    assert decision.best is not None, "against the best"
    best = apart([decision.best], 4)[0]
    return f"{percent(decision.verdict.probability)} likely to beat {best}"
