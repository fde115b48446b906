from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.schedules.schedule_edits import ScheduleEdits
from app.schedules.schedule_table import ScheduleTable
from engine.plots.strokes import Strand

GROUPS = (Strand("weights", 0, "solid"), Strand("biases", 0, "dashed"))
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[ScheduleTable]:
    make_application()
    edits = ScheduleEdits("learning_rates", GROUPS, np.full((6, 2), 0.3), "log")
    made = ScheduleTable(edits)
    edits.setParent(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def edits(table: ScheduleTable) -> ScheduleEdits:
    found = table.findChild(ScheduleEdits)
    assert found is not None
    return found


@pytest.fixture
def refusals(edits: ScheduleEdits) -> list[str]:
    sentences: list[str] = []
    edits.refused.connect(sentences.append)
    return sentences


def type_at(qtbot: QtBot, table: ScheduleTable, row: int, column: int, text: str) -> None:
    index = table.numbers.index(row, column)
    table.setCurrentIndex(index)
    table.edit(index)
    editor = table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # a table takes what was typed a little later


def paste(qtbot: QtBot, table: ScheduleTable, row: int, column: int, text: str) -> None:
    table.clearSelection()
    table.setCurrentIndex(table.numbers.index(row, column))
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(table, Qt.Key.Key_V, CONTROL)


def test_a_number_that_is_typed_is_an_edit(
    qtbot: QtBot, table: ScheduleTable, edits: ScheduleEdits
) -> None:
    type_at(qtbot, table, 2, 1, "0.25")
    assert edits.values[2, 1] == 0.25
    assert (np.delete(edits.values.ravel(), 5) == 0.3).all()
    edits.history.undo()
    assert table.numbers.index(2, 1).data() == "0.3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("many", "expected a number, found “many”"),
        ("-1", "more than 0 and at most 2048, found “-1”"),
        ("nan", "found “nan”"),
        ("1e9", "found “1e9”"),
    ],
)
def test_what_is_no_rate_is_refused_in_one_sentence(
    qtbot: QtBot, table: ScheduleTable, edits: ScheduleEdits, refusals, text: str, words: str
) -> None:
    type_at(qtbot, table, 2, 1, text)
    (sentence,) = refusals
    assert sentence.startswith("Learning rate at iteration 2, biases: ")
    assert words in sentence
    assert not edits.is_changed


def test_columns_are_pasted_from_the_clipboard(
    qtbot: QtBot, table: ScheduleTable, edits: ScheduleEdits
) -> None:
    paste(qtbot, table, 1, 0, "0.1\t0.2\n0.3\t0.4\n")
    np.testing.assert_array_equal(edits.values[1:3], [[0.1, 0.2], [0.3, 0.4]])
    assert edits.history.count() == 1


def test_a_paste_that_does_not_fit_or_holds_no_numbers_changes_nothing(
    qtbot: QtBot, table: ScheduleTable, edits: ScheduleEdits, refusals
) -> None:
    paste(qtbot, table, 5, 0, "0.1\n0.2")
    paste(qtbot, table, 0, 1, "0.1\t0.2")
    paste(qtbot, table, 0, 0, "0.1\nx")
    assert "expected at most 1 rows and 2 columns" in refusals[0]
    assert "found 1 and 2" in refusals[1]
    assert "iteration 1, weights: expected a number, found “x”" in refusals[2]
    assert not edits.is_changed


def test_what_is_copied_can_be_pasted_in_full(
    qtbot: QtBot, table: ScheduleTable, edits: ScheduleEdits
) -> None:
    third = 1 / 3
    paste(qtbot, table, 0, 0, f"{third!r}\n{third / 2!r}")
    table.select_rows(0, 1, [0])
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    paste(qtbot, table, 4, 1, QGuiApplication.clipboard().text())
    np.testing.assert_array_equal(edits.values[4:, 1], [third, third / 2])


def test_changed_numbers_are_bold_and_tell_what_they_were(
    qtbot: QtBot, table: ScheduleTable
) -> None:
    type_at(qtbot, table, 0, 0, "0.5")
    changed = table.numbers.index(0, 0)
    assert changed.data(Qt.ItemDataRole.FontRole).bold()
    assert changed.data(Qt.ItemDataRole.ToolTipRole) == "originally 0.3"
    assert table.numbers.index(1, 0).data(Qt.ItemDataRole.FontRole) is None


def test_selecting_rows_selects_them_in_the_groups_given(table: ScheduleTable) -> None:
    table.selectionModel().select(
        table.numbers.index(5, 0), QItemSelectionModel.SelectionFlag.Select
    )
    table.select_rows(1, 2, [1])
    chosen = {(index.row(), index.column()) for index in table.selectedIndexes()}
    assert chosen == {(1, 1), (2, 1)}


@pytest.mark.parametrize("text", ["x" * 5000, "1" * 5000 + "x", "0.5\v1", "a\x1b[31m\u202eb"])
def test_whatever_is_pasted_is_refused_in_one_line(
    qtbot: QtBot, table: ScheduleTable, refusals: list[str], text: str
) -> None:
    paste(qtbot, table, 5, 1, text)
    assert len(refusals) == 1
    assert refusals[0].isprintable()
    assert len(refusals[0]) <= 300
    assert ": expected " in refusals[0]
