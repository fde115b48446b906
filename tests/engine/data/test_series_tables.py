"""Tables with a column of dates or numbers that puts their rows in order: series."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from files_for_tests import csv_file, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset
from engine.data.datasets import load_dataset
from engine.data.readers import Reading, look_at, read_dataset
from engine.data.readers.series import in_years

MIXED = "when,who,flow\n2020-03-01,a,3\n2020-01-01,b,1\n2020-02-01,c,2\n"


def read(folder: Path, text: str, target: str | None = None, **said: object) -> Dataset:
    return read_dataset(csv_file(folder, text), target, reading=Reading(**said))  # type: ignore[arg-type]


def test_rows_are_put_in_the_order_of_their_dates_and_other_columns_are_left_out(
    tmp_path: Path,
) -> None:
    dataset = read(tmp_path, MIXED, order="when")
    assert dataset.kind == "series"
    assert dataset.targets.tolist() == [1.0, 2.0, 3.0], "numbers, and no classes"
    assert dataset.order is not None
    np.testing.assert_allclose(dataset.order, [2020.0, 2020 + 31 / 366, 2020 + 60 / 366])
    assert (dataset.order_name, dataset.target_name) == ("when", "flow")
    assert dataset.inputs.shape == (3, 0)
    told = "\n".join(dataset.notes)
    assert "rows are put in the order of 'when'" in told
    assert dataset.has_dates
    assert "1 other column is left out" in told


@pytest.mark.parametrize("target", [None, "flow"])
def test_the_last_column_but_the_order_is_forecast_if_nothing_else_is_said(
    tmp_path: Path, target: str | None
) -> None:
    dataset = read(tmp_path, "flow,year\n1.5,1871\n2.5,1872\n", target, order="year")
    assert dataset.targets.tolist() == [1.5, 2.5]
    assert dataset.has_years


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 40_000), min_size=2, max_size=20, unique=True), st.randoms())
def test_the_order_of_the_rows_in_the_file_makes_no_difference(days: list[int], random) -> None:  # type: ignore[no-untyped-def]
    rows = [f"{date(1900, 1, 1) + timedelta(day)},{day}.5" for day in sorted(days)]
    shuffled = random.sample(rows, len(rows))
    with TemporaryDirectory() as folder:
        first, second = (
            read(Path(folder), "when,y\n" + "\n".join(each), order="when")
            for each in (rows, shuffled)
        )
    assert first.targets.tobytes() == second.targets.tobytes()
    assert first.order is not None
    assert second.order is not None
    assert first.order.tobytes() == second.order.tobytes()
    assert np.all(np.diff(first.order) > 0)


def test_years_are_those_of_the_calendar() -> None:
    days = np.array([0.0, 364.0, 365.0, -1.0, 182.5 + 365 * 2])
    expected = [1970.0, 1970 + 364 / 365, 1971.0, 1970 - 1 / 365, 1972 + 182.5 / 366]
    np.testing.assert_allclose(in_years(days), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "target", "order", "expected"),
    [
        (MIXED, None, "who", "column 'who': expected dates or numbers that say the order, found"),
        (MIXED, "who", "when", "column 'who': expected numbers to forecast, because the rows"),
        (MIXED, "when", "when", "a column of the order that is neither predicted nor ignored"),
        (MIXED, None, "day", "expected a column named 'day'"),
        ("t,y\n1,2\n1,3\n", None, "t", "expected a different date or number in each row, found"),
        ("t,y\n1,2\n,3\n", None, "t", "line 3, column 't': expected a number"),
    ],
)
def test_what_is_no_series_is_refused(
    tmp_path: Path, text: str, target: str | None, order: str, expected: str
) -> None:
    path = csv_file(tmp_path, text)
    assert expected in refusal(path, target=target, reading=Reading(order=order))


def test_a_gap_is_told(tmp_path: Path) -> None:
    text = "t,y\n" + "".join(f"{t},{t}.5\n" for t in (1, 2, 3, 4, 9))
    notes = read(tmp_path, text, order="t").notes
    assert any("some steps are longer than others" in note for note in notes)


def test_a_preview_says_no_more_than_which_column_is_the_order(tmp_path: Path) -> None:
    preview = look_at(csv_file(tmp_path, MIXED))
    target, reading = preview.settings("flow", (), "refuse", "when")
    assert target is None
    assert reading == Reading(order="when")


def test_the_nile_is_the_series_of_the_literature() -> None:
    nile = load_dataset("nile")
    assert nile.kind == "series"
    assert nile.size == 100
    assert nile.targets.mean() == pytest.approx(919.35)
    assert nile.targets.std(ddof=1) == pytest.approx(169.2275, abs=1e-4)
    assert (nile.targets.min(), nile.targets.max()) == (456.0, 1370.0)
    assert nile.order is not None
    assert (nile.order[0], nile.order[-1]) == (1871.0, 1970.0)
    assert nile.order[nile.targets.argmin()] == 1913.0
