"""Learning curves are read from CSV files, or refused in one sentence."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from engine.forecasting.curve_files import read_curve


def _file(folder: Path, text: str) -> Path:
    path = folder / "curve.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "values", "first", "name"),
    [
        ("0.1\n0.2\n0.3\n", [0.1, 0.2, 0.3], 1, ""),
        ("val_accuracy\n0.1\n0.2\n", [0.1, 0.2], 1, "val_accuracy"),
        ("epoch,loss\n1,2.5\n2,1.5\n", [2.5, 1.5], 1, "loss"),
        ("0,0.1\n1,0.2\n", [0.1, 0.2], 0, ""),
        ("1;0.1\n4;0.2\n", [0.1, np.nan, np.nan, 0.2], 1, ""),
        ("epoch\tacc\n2\t0.1\n3\t\n4\t0.2\n", [np.nan, 0.1, np.nan, 0.2], 1, "acc"),
        ("0.1\nnan\n0.3", [0.1, np.nan, 0.3], 1, ""),
    ],
)
def test_a_curve_is_read(
    tmp_path: Path, text: str, values: list[float], first: int, name: str
) -> None:
    found = read_curve(_file(tmp_path, text))
    np.testing.assert_array_equal(found.values, values)
    assert (found.first, found.name) == (first, name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "curve.csv: expected a column of numbers, found none."),
        ("epoch,loss\n", "curve.csv: expected a column of numbers, found none."),
        (
            "1,2,3\n",
            "line 1: expected one column, or epochs and values, found 3 columns.",
        ),
        ("a\nb\n", "curve.csv, line 2: expected a number, found 'b'."),
        (
            "1,0.1\n1,0.2\n",
            "line 2: expected epochs that rise, so one after 1, found 1.",
        ),
        ("1,0.1\n1.5,0.2\n", "curve.csv, line 2: expected the number of an epoch, found '1.5'."),
        ("1,0.1\n0.2\n", "curve.csv, line 2: expected an epoch and a value, found one cell."),
    ],
)
def test_what_is_no_curve_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_curve(_file(tmp_path, text))
    assert str(caught.value).removeprefix("curve.csv, ") == said.removeprefix("curve.csv, ")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: expected a file, found none at"):
        read_curve(tmp_path / "none.csv")
