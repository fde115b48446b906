import numpy as np
import pytest
from plots_to_show import banded, levels, named_points, pictures, plot_of, shown
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.plots.plot_table import PlotTable
from engine.plots import AnyPlot, Line, table

PLOT = plot_of(
    Line("one", np.arange(3.0), np.array([0.1, np.nan, 1 / 3])),
    Line("two", np.arange(2.0), np.array([5.0, 6.0])),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> PlotTable:
    made = PlotTable(PLOT)
    shown(qtbot, made)
    return made


def cells(dialog: PlotTable) -> list[list[str]]:
    model = dialog.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_table_has_a_column_a_line_and_empty_cells_where_there_is_nothing(
    dialog: PlotTable,
) -> None:
    header = [dialog.model.headerData(n, Qt.Orientation.Horizontal) for n in range(3)]
    assert header == ["steps", "one", "two"]
    assert cells(dialog) == [["0", "0.1", "5"], ["1", "", "6"], ["2", "0.333333", ""]]


def test_cells_have_the_digits_that_tell_them_from_the_next(qtbot: QtBot) -> None:
    values = np.array([0.30012341, 0.30012342, 0.4])
    made = PlotTable(plot_of(Line("loss", np.arange(3.0), values)))
    shown(qtbot, made)
    assert [row[1] for row in cells(made)] == ["0.30012341", "0.30012342", "0.4"]


def test_copy_puts_every_digit_on_the_clipboard(qtbot: QtBot, dialog: PlotTable) -> None:
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        f"steps\tone\ttwo\n0.0\t0.1\t5.0\n1.0\t\t6.0\n2.0\t{1 / 3!r}\t\n"
    )


def test_chosen_rows_are_copied_alone_and_by_keyboard(qtbot: QtBot, dialog: PlotTable) -> None:
    dialog.view.selectionModel().select(
        dialog.model.index(1, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    qtbot.keyClick(dialog.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "steps\tone\ttwo\n1.0\t\t6.0\n"


def test_close_closes(qtbot: QtBot, dialog: PlotTable) -> None:
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


@pytest.mark.parametrize("plot", [pictures(), levels()])
def test_pictures_and_maps_have_tables_too(qtbot: QtBot, plot: AnyPlot) -> None:
    dialog = PlotTable(plot)
    shown(qtbot, dialog)
    assert dialog.model.rowCount() == len(table(plot)[1]) > 10
    assert all(all(row) for row in cells(dialog))


def test_a_plot_without_numbers_has_an_empty_table(qtbot: QtBot) -> None:
    dialog = PlotTable(plot_of())
    shown(qtbot, dialog)
    assert dialog.model.rowCount() == 0
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "steps\n"


def test_the_table_says_what_it_is(dialog: PlotTable) -> None:
    assert "A title" in dialog.windowTitle()
    assert "A title" in dialog.view.accessibleName()
    assert dialog.view.accessibleDescription() == "3 rows, as of when this table was opened."


def test_names_stand_in_the_table_as_names(qtbot: QtBot) -> None:
    made = PlotTable(named_points())
    shown(qtbot, made)
    assert cells(made)[1] == ["tied lowest layer", "2", "3"]
    assert made.model.as_text([2]).splitlines()[1] == "learned\t3.0\t4.0"


def test_marks_are_told_below_the_table(qtbot: QtBot) -> None:
    made = PlotTable(banded())
    shown(qtbot, made)
    assert made.view.accessibleDescription().endswith("Marked in the plot: chaos from 4.")
    assert made.model.header == ["steps", "mean", "mean, low", "mean, high"]
