"""Dates along an axis: those of the calendar, as many as have room, told apart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.readers.series import in_years
from engine.plots.dates import date_in_words, date_of, date_ticks

START = datetime(1970, 1, 1, tzinfo=UTC)
TIMES = st.datetimes(datetime(1600, 1, 1), datetime(2400, 12, 31)).map(
    lambda time: time.replace(microsecond=0, tzinfo=UTC)
)


def years(time: datetime) -> float:
    return float(in_years(np.array([(time - START).total_seconds() / 86_400]))[0])


@given(time=TIMES)
def test_a_time_is_found_again_to_the_second(time: datetime) -> None:
    assert str(date_of(years(time))) == time.strftime("%Y-%m-%dT%H:%M:%S").zfill(19)


def test_a_time_of_day_is_written_where_there_is_one() -> None:
    assert date_in_words(years(datetime(2020, 2, 29, tzinfo=UTC))) == "2020-02-29"
    assert date_in_words(years(datetime(2020, 2, 29, 6, 30, tzinfo=UTC))) == "2020-02-29 06:30"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (3, ["2020-03-02", "2020-03-03", "2020-03-04"]),
        (28, ["2020-03-02", "2020-03-09", "2020-03-16", "2020-03-23"]),
        (360, ["2020-04", "2020-07", "2020-10", "2021-01"]),
        (3_600, ["2022", "2024", "2026", "2028", "2030"]),
        (36_500, ["2040", "2060", "2080", "2100", "2120"]),
    ],
)
def test_ticks_are_round_dates_of_the_calendar(days: int, expected: list[str]) -> None:
    first = datetime(2020, 3, 1, 12, tzinfo=UTC)
    ticks = date_ticks(years(first), years(first + timedelta(days=days)), 52)
    assert [text for _, text in ticks] == expected
    for place, text in ticks:
        assert date_in_words(place).startswith(text)


@given(start=TIMES, days=st.floats(0.02, 40_000), letters=st.integers(14, 120))
def test_as_many_ticks_as_have_room_rise_and_are_all_different(
    start: datetime, days: float, letters: int
) -> None:
    low, high = years(start), years(start + timedelta(days=days))
    ticks = date_ticks(low, high, letters)
    assert sum(len(text) + 3 for _, text in ticks) <= letters
    assert all(low <= place <= high for place, _ in ticks)
    assert all(before < after for (before, _), (after, _) in pairwise(ticks))
    assert len({text for _, text in ticks}) == len(ticks)


@pytest.mark.parametrize("ends", [(0.0, 0.0), (float("nan"), 1.0), (-1e5, 1e5)])
def test_any_range_has_ticks_or_none(ends: tuple[float, float]) -> None:
    assert len(date_ticks(*ends, 60)) <= 10
