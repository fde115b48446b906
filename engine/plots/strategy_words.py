"""The table of a comparison of strategies, in words: a row a strategy."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from engine.experiments.rival import Rival
from engine.runs.strategies_compared import BestSoFar, StrategiesRecord, end_of, value_at

_LEVEL: Final = 1e-6
"""Relative, by which a loss may be above another and still count as reached."""

_CLEARLY: Final = 1.1
"""Times another's test loss, by which one is worse."""


class Outcome(NamedTuple):
    """What a strategy came to; None of what is not known.

    Attributes:
        objective, low, high: the best found at the end: median, least and greatest over seeds.
        test, accuracy: of the same hyperparameters; median over seeds.
        in_time: the best found by the time that the fastest strategy took; median over seeds.
        runs: training runs that it took; median over seeds.
        seconds: the same of seconds.
        to_match: training runs until it is as good, in the median, as the first strategy is in the
            end; None if it never is.
        failure: why there is nothing, or less than all; or "".
    """

    objective: float | None = None
    low: float | None = None
    high: float | None = None
    test: float | None = None
    accuracy: float | None = None
    in_time: float | None = None
    runs: float | None = None
    seconds: float | None = None
    to_match: float | None = None
    failure: str = ""


def headers(record: StrategiesRecord | None = None) -> list[str]:
    """What stands above the columns."""
    name = record.experiment.meta.objective.capitalize() if record else "Objective"
    return [
        "Strategy",
        f"{name} loss",
        "Range",
        "Test loss",
        "Accuracy",
        "In time",
        "Runs",
        "Seconds",
        "To match",
        "Note",
    ]


def outcome_of(record: StrategiesRecord, rival: Rival) -> Outcome:
    """What a strategy came to, as far as it is."""
    found = record.of(rival)
    failure = record.failure_of(rival)
    if not found:
        return Outcome(failure=failure)
    last = np.array([one.objective[-1] for one in found])
    every = [one for other in record.rivals for one in record.of(other)]
    shortest = np.array([end_of(every, "seconds")])
    in_time = [float(value_at(one, "seconds", "objective", shortest)[0]) for one in found]
    return Outcome(
        objective=float(np.median(last)),
        low=float(last.min()),
        high=float(last.max()),
        test=_known_median([one.test[-1] for one in found]),
        accuracy=_known_median([one.accuracy[-1] for one in found]),
        in_time=_known_median(in_time),
        runs=float(np.median([one.runs[-1] for one in found])),
        seconds=float(np.median([one.seconds[-1] for one in found])),
        to_match=_to_match(found, record.of(record.rivals[0])),
        failure=failure,
    )


def headline(record: StrategiesRecord) -> str:
    """What stopping early saved, and what it took in seconds; "" where nothing can be said of it.

    What forecasts took is what is left of the seconds once training is taken off, at the pace of
    the same strategy without them.
    """
    return " ".join(filter(None, (_saved(record, rival) for rival in record.rivals)))


def _saved(record: StrategiesRecord, rival: Rival) -> str:
    """The same of one strategy beside itself without stopping, once both are over."""
    plain = tuple(one for one in rival.settings if one[0] != "stopping")
    twin = Rival(rival.strategy, plain)
    is_of_both = twin != rival and twin in record.rivals
    if not is_of_both or not all(
        place in record.done
        for place, search in enumerate(record.searches)
        if search.rival in (rival, twin)
    ):
        return ""
    own, other = outcome_of(record, rival), outcome_of(record, twin)
    if None in (own.runs, other.runs, own.seconds, other.seconds):
        return ""
    assert own.runs, "it has taken something"
    assert other.runs, "so has this"
    assert own.seconds is not None, "this is known"
    assert other.seconds is not None, "and this"
    forecasts = own.seconds - other.seconds * own.runs / other.runs
    turn = "and" if own.seconds <= other.seconds else "but"
    told = f"{rival.name}, took {_number(own.runs)} training runs instead of {_number(other.runs)}"
    told += f", {turn} {_number(own.seconds)} s instead of {_number(other.seconds)} s"
    if forecasts > 0:
        told += f": about {_number(forecasts)} s went into forecasts"
    return f"{told}."


def cells_of(record: StrategiesRecord, rival: Rival) -> list[str]:
    """One row; cells of what is not known are empty."""
    one = outcome_of(record, rival)
    if one.objective is None:
        is_now = record.current is not None and record.searches[record.current].rival == rival
        note = one.failure or ("searching" if is_now else "")
        return [rival.name, *[""] * (len(headers()) - 2), note]
    low, high = (f"{end:.3g}" for end in (one.low, one.high))
    range_ = "" if low == high else f"{low} to {high}"
    to_match = "" if rival == record.rivals[0] else _number(one.to_match, "never")
    return [
        rival.name,
        f"{one.objective:.4g}",
        range_,
        _number(one.test),
        "" if one.accuracy is None else f"{one.accuracy:.1%}",
        _number(one.in_time),
        _number(one.runs),
        _number(one.seconds),
        to_match,
        one.failure or _stopped(record, rival) or _overfitted(record, rival),
    ]


def _stopped(record: StrategiesRecord, rival: Rival) -> str:
    """How many trials were stopped early, in all its searches; "" if none was."""
    trials = [
        step.trial
        for place, search in enumerate(record.searches)
        if search.rival == rival
        for step in record.steps.get(place, ())
        if step.trial is not None
    ]
    stopped = sum(one.prediction is not None for one in trials)
    return f"{stopped:,} of {len(trials):,} stopped" if stopped else ""


def _overfitted(record: StrategiesRecord, rival: Rival) -> str:
    """What to say of a strategy that is better on what it goes by, and worse on the test part.

    That is than it was at first, or than another strategy.
    """
    found = record.of(rival)
    own = outcome_of(record, rival)
    first = _known_median([one.test[np.isfinite(one.test)][0] for one in found if _has(one)])
    if own.test is None or own.objective is None or first is None:
        return ""
    fell = all(one.objective[-1] < one.objective[np.isfinite(one.objective)][0] for one in found)
    part = record.experiment.meta.objective
    if fell and own.test > first:
        return f"overfits the {part} part: the test loss rose from {first:.3g} to {own.test:.3g}"
    for other in record.rivals:
        their = outcome_of(record, other)
        if their.objective is None or their.test is None:
            continue
        if own.objective < their.objective and own.test > _CLEARLY * their.test:
            return f"better on the {part} part than {other.name}, and worse on the test part"
    return ""


def _has(one: BestSoFar) -> bool:
    return bool(np.isfinite(one.test).any())


def _to_match(found: Sequence[BestSoFar], first: Sequence[BestSoFar]) -> float | None:
    if not first:
        return None
    goal = float(np.median([one.objective[-1] for one in first]))
    goal += _LEVEL * abs(goal)
    x = np.unique(np.concatenate([one.runs for one in found]))
    rows = np.array([value_at(one, "runs", "objective", x) for one in found])
    with np.errstate(invalid="ignore"):
        reached = np.flatnonzero(np.median(rows, axis=0) <= goal)
    return float(x[reached[0]]) if reached.size else None


def _known_median(values: Sequence[float]) -> float | None:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else None


def _number(value: float | None, otherwise: str = "") -> str:
    return otherwise if value is None else f"{value:,.3g}"
