"""Sets of finished curves: those that ship, those of a table, and what cannot be one."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from engine.forecasting.curve_sets import SHIPPED, looks, shipped_curves, whole_curves
from engine.forecasting.curve_tables import read_curves


@pytest.mark.parametrize(("name", "count"), [("digits", 40), ("breast-cancer", 28), ("mnist", 32)])
def test_curves_ship_by_data_set(name: str, count: int) -> None:
    curves = shipped_curves(name)
    assert (curves.count, curves.points, curves.quantity) == (count, 100, "accuracy")
    assert curves.x[0] == 1
    assert curves.x[-1] == 100
    losses = shipped_curves(name, "loss")
    assert 0 < losses.count < count
    assert losses.quantity == "loss"


def test_there_is_no_other_set() -> None:
    with pytest.raises(InputError, match="expected one of digits, breast-cancer and mnist, found"):
        shipped_curves("iris")
    assert [*SHIPPED] == ["digits", "breast-cancer", "mnist"]


def test_curves_that_end_early_are_left_out_and_names_are_told_apart() -> None:
    whole = np.array([0.1, np.nan, 0.3, 0.4])
    early = np.array([0.1, 0.2, 0.3, np.nan])
    found = whole_curves("a", "A", "accuracy", [("x", whole), ("y", early), ("x", whole)])
    assert found.names == ("x", "x (2)")
    assert found.remark == "Without 1 curve that ends before the others do."
    with pytest.raises(InputError, match="expected at least two learning curves that reach the la"):
        whole_curves("a", "A", "accuracy", [("x", whole), ("y", early)])


@pytest.mark.parametrize(
    ("points", "every", "found"), [(100, 30, [30, 60, 90]), (4, 1, [3]), (10, 5, [5]), (9, 9, [])]
)
def test_curves_are_looked_at_from_three_points_on_and_not_at_their_end(
    points: int, every: int, found: list[int]
) -> None:
    assert looks(points, every).tolist() == found


def _file(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "names", "first", "quantity"),
    [
        ("a,b\n.1,.2\n.2,.3\n.3,.4\n.4,.5\n", ("a", "b"), 1, "accuracy"),
        ("epoch;a;b\n0;.1;.2\n1;.2;.3\n2;;.4\n3;.4;.5\n", ("a", "b"), 0, "accuracy"),
        (".1,.2\n.2,.3\n.3,.4\n.4,.5\n", ("curve 1", "curve 2"), 1, "accuracy"),
        ("a,b\n4,2\n3,2\n2,1\n1,.5\n", ("a", "b"), 1, "loss"),
        ("loss 1,loss 2\n.4,.2\n.3,.2\n.2,.1\n.1,.05\n", ("loss 1", "loss 2"), 1, "loss"),
    ],
)
def test_a_table_has_a_column_a_curve(
    tmp_path: Path, text: str, names: tuple[str, ...], first: int, quantity: str
) -> None:
    found = read_curves(_file(tmp_path, text))
    assert (found.names, found.first, found.quantity) == (names, first, quantity)
    assert (found.name, found.title, found.values.shape) == ("mine", "mine.csv", (2, 4))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.csv: expected a column of numbers for each learning curve, found none."),
        ("a\n.1\n.2\n", "mine.csv: expected at least two learning curves, a column for each, "),
        ("a,b\n.1,.2\n.1\n", "mine.csv, line 3: expected 2 columns, found 1."),
        ("a,b\n.1,x\n", "mine.csv, line 2: expected a number, found 'x'."),
        ("a,b\n.1,.2\n.2,.3\n", "mine.csv: expected curves of at least 4 points, found 2."),
        ("a,b\n.1,.2\n.2,\n", "mine.csv: expected at least two learning curves that reach the"),
    ],
)
def test_another_table_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_curves(_file(tmp_path, text))
    assert str(refusal.value).startswith(said)


def test_accuracies_lie_between_0_and_1(tmp_path: Path) -> None:
    path = _file(tmp_path, "a,b\n4,2\n3,2\n2,1\n1,.5\n")
    with pytest.raises(InputError, match="expected accuracies between 0 and 1, found 4"):
        read_curves(path, "accuracy")


def test_unnamed_curves_that_rise_to_a_hundred_are_not_taken_for_losses(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("".join(f"{10 * n},{9 * n},{100 - n}\n" for n in range(1, 10)))
    with pytest.raises(InputError, match=r"runs\.csv: .* may be percentages, .* divided by 100\."):
        read_curves(path)
    path.write_text("".join(f"{100 - 9 * n},{95 - 8 * n},{n}\n" for n in range(1, 10)))
    assert read_curves(path).quantity == "loss", "most of them fall"
