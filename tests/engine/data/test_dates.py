from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.readers.dates import days_in, is_date


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_its_days_however_it_is_written(moment: datetime) -> None:
    days = (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)
    whole = float((moment.date() - datetime(1970, 1, 1).date()).days)
    assert days_in(moment.isoformat()) == pytest.approx(days, abs=1e-9)
    assert days_in(str(moment.date())) == whole
    assert days_in(f"{moment.year:04}/{moment.month}/{moment.day}") == whole
    assert days_in(f" {moment.day}.{moment.month}.{moment.year:04} ") == whole


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("1970-01-02 12:00", 1.5),
        ("2.1.1970 6:00", 1.25),
        ("1970-01-02T00:00:00Z", 1.0),
        ("1970-01-02T01:00:00+01:00", 1.0),
        ("1969-12-31", -1.0),
    ],
)
def test_times_are_fractions_of_a_day(cell: str, days: float) -> None:
    assert is_date(cell)
    assert days_in(cell) == days


@pytest.mark.parametrize(
    "cell", ["01/02/2024", "1-2-24", "30.02.2024", "2024-13-01", "1.2.2024 25:00"]
)
def test_an_uncertain_or_impossible_date_looks_like_one_and_is_none(cell: str) -> None:
    assert is_date(cell)
    assert days_in(cell) is None


@pytest.mark.parametrize("cell", ["", "1.5", "2024", "20240131", "1,5", "abc", "1.2.3.4", "x" * 99])
def test_anything_else_is_no_date(cell: str) -> None:
    assert not is_date(cell)
    assert days_in(cell) is None
