"""Finished curves, forecast as far as they were known after a while."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import engine
from engine.errors import InputError
from engine.forecasting.curve_sets import CurveSet, whole_curves
from engine.forecasting.replayed import LEVELS
from engine.forecasting.stopping import Rule
from engine.runs.decisions import (
    CurveForecast,
    DecisionsFinished,
    DecisionsRecord,
    DecisionsStarted,
    Replayed,
    checked,
)
from engine.runs.replay_decisions import replay_decisions


@pytest.fixture(scope="module")
def curves() -> CurveSet:
    t = np.arange(1, 13)
    ends = (0.9, 0.4, 0.95)
    return whole_curves(
        "three", "Three", "accuracy", [(f"to {end}", end * (1 - np.exp(-t / 2))) for end in ends]
    )


@pytest.fixture(scope="module")
def record(curves: CurveSet) -> DecisionsRecord:
    asked = Replayed(curves, Rule(0.05, 1, 3), 5)
    started, *events = [
        event
        for event in replay_decisions(asked)
        if isinstance(event, DecisionsStarted | CurveForecast | DecisionsFinished)
    ]
    assert isinstance(started, DecisionsStarted)
    made = DecisionsRecord(started)
    for event in events:
        made.add(event)
    return made


def test_forecasts_are_those_of_the_beginnings_of_curves(
    curves: CurveSet, record: DecisionsRecord
) -> None:
    assert record.is_over
    assert record.forecasts == 6
    for place in range(3):
        for n in (5, 10):
            expected = engine.forecast(curves.values[place, :n], 12)
            found = record.forecast(place, n)
            assert found is not None
            assert found.points == n
            assert found.mean[0] == expected.mean[-1]
            assert found.probability_better(0.85) == expected.probability_better(0.85)
            for level in LEVELS:
                assert found.bands[level] == tuple(end[-1] for end in expected.band(level))


def test_the_curve_that_cannot_win_is_stopped(record: DecisionsRecord) -> None:
    assert [one.stopped_at for one in record.decisions] == [None, 5, None]
    assert record.balance.trained == 12 + 5 + 12
    assert (record.balance.winners, record.balance.wrong) == (1, 0)


def test_another_rule_needs_no_other_forecasts(curves: CurveSet, record: DecisionsRecord) -> None:
    later = Replayed(curves, Rule(0.05, 2, 3), 5)
    assert record.can_be(later)
    assert not record.can_be(Replayed(curves, Rule(), 4))
    assert not record.can_be(Replayed(curves, Rule(), 5, "domhan-eleven"))
    before = record.asked
    record.asked = later
    assert record.decisions[1].stopped_at == 10
    record.asked = before
    assert record.decisions[1].stopped_at == 5
    thresholds = dict(record.balances())
    assert thresholds[0.05] == record.balance


def test_who_forecasts_does_not_matter_and_nothing_is_forecast_twice(
    curves: CurveSet, record: DecisionsRecord
) -> None:
    with ThreadPoolExecutor(1) as executor:
        events = list(replay_decisions(Replayed(curves, Rule(), 5), executor))
    for event in events:
        if isinstance(event, CurveForecast):
            for n, one in event.forecasts.items():
                assert one is record.forecast(event.index, n)  # remembered


def test_beginnings_that_say_nothing_are_passed_over() -> None:
    gap = np.array([np.nan, np.nan, np.nan, np.nan, 0.5, 0.6])
    curves = whole_curves("a", "A", "accuracy", [("one", gap), ("other", gap)])
    made = None
    for event in replay_decisions(Replayed(curves, Rule(0.05, 1, 3), 3)):
        if isinstance(event, DecisionsStarted):
            made = DecisionsRecord(event)
        elif made is not None:
            made.add(event)
    assert made is not None
    assert made.forecasts == 0
    assert not any(one.is_stopped for one in made.decisions)


@pytest.mark.parametrize(
    ("rule", "every", "model", "said"),
    [
        (Rule(0.0), 5, "three-families", "threshold: expected a number between 0 and 1, found 0"),
        (Rule(0.05, 0), 5, "three-families", "patience: expected a whole number from 1 to 12"),
        (Rule(0.05, 1, 2), 5, "three-families", "least: expected a whole number from 3 to 12"),
        (Rule(), 12, "three-families", "every: expected a whole number from 1 to 11, found 12."),
        (Rule(), 5, "two", "model: expected one of three-families and domhan-eleven, found 'two'."),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_sentence(
    curves: CurveSet, rule: Rule, every: int, model: str, said: str
) -> None:
    with pytest.raises(InputError) as refusal:
        checked(Replayed(curves, rule, every, model))
    assert str(refusal.value).startswith(said)
