"""The dialog that imports a table: with the keyboard alone, for screen readers, in both themes."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from driving import click
from importing import (
    cancel_button,
    import_button,
    import_dialog,
    open_by_clicks,
    set_choice,
    set_role,
    wait_for_words,
    words,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app import dress
from app import theme as themes
from app.data.import_dialog import ImportDialog
from app.data.preview_table import BECOMES, ROLE, TYPE

PLAIN = "width,kind,height\n" + "".join(f"{i}.5,{'uvw'[i % 3]},{i}.25\n" for i in range(30))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(PLAIN)
    return path


def texts(dialog: ImportDialog, row: int) -> list[str]:
    numbers = dialog.table.numbers
    return [numbers.index(row, column).data() for column in range(numbers.columnCount())]


def press_key(qtbot: QtBot, key: Qt.Key) -> None:
    """Press a key where the keyboard is."""
    popup = QApplication.activePopupWidget()
    if not popup:  # the offscreen platform activates nothing once a popup has closed
        window = QApplication.activeModalWidget()
        assert window is not None
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
    where = popup.focusWidget() if popup else QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, key)


def test_enter_imports_a_file_that_is_fine_as_it_stands(
    hall: Hall, qtbot: QtBot, table: Path
) -> None:
    open_by_clicks(qtbot, hall.setup.data, table)
    with qtbot.waitSignal(hall.setup.data.edited):
        press_key(qtbot, Qt.Key.Key_Return)
    assert hall.setup.experiment().data.file == str(table)


def test_a_role_is_chosen_with_the_keyboard_alone(hall: Hall, qtbot: QtBot, table: Path) -> None:
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    assert QApplication.focusWidget() is dialog.table
    press_key(qtbot, Qt.Key.Key_Right)
    press_key(qtbot, Qt.Key.Key_Space)
    press_key(qtbot, Qt.Key.Key_End)
    press_key(qtbot, Qt.Key.Key_Return)
    assert dialog.roles.target == "kind"
    assert "30 examples, 2 features, 3 classes." in wait_for_words(qtbot, dialog)
    with qtbot.waitSignal(hall.setup.data.edited):
        press_key(qtbot, Qt.Key.Key_Return)
    assert hall.setup.experiment().data.target == "kind"


def test_escape_and_cancel_leave_the_data_as_they_were(
    hall: Hall, qtbot: QtBot, table: Path
) -> None:
    before = hall.setup.experiment()
    open_by_clicks(qtbot, hall.setup.data, table)
    press_key(qtbot, Qt.Key.Key_Escape)
    click(qtbot, cancel_button(open_by_clicks(qtbot, hall.setup.data, table)))
    assert QApplication.activeModalWidget() is None
    assert hall.setup.experiment() == before
    assert not hall.setup.history.canUndo()


def test_enter_does_nothing_while_nothing_can_be_imported(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a\n1\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert not import_button(dialog).isEnabled()
    press_key(qtbot, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()


def test_each_column_has_its_role_its_type_and_what_becomes_of_it(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    lines = [
        f"{i},{i}.5,{'' if i == 3 else i % 4},a b,2024-01-01,,{'uv'[i % 2]}" for i in range(30)
    ]
    path.write_text("\n".join(["id,size,count,colour,when,none,kind", *lines]))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert texts(dialog, ROLE) == [
        *("ignored", "feature", "feature", "feature", "ignored", "ignored", "target")
    ]
    assert texts(dialog, TYPE) == [
        "whole numbers",
        "numbers",
        "whole numbers, some missing",
        "text, 1 different",
        "dates",
        "empty",
        "text, 2 different",
    ]
    assert texts(dialog, BECOMES) == [
        "left out: it counts the rows",
        "a number",
        "a number",
        "columns of 0 and 1",
        "left out: it holds dates",
        "left out: it is empty",
        "what is predicted",
    ]
    set_role(qtbot, dialog, "when", "feature")
    assert texts(dialog, BECOMES)[4] == "days since 1970-01-01"
    assert [dialog.choices.boxes["target"].itemText(place) for place in range(7)] == [
        *("id", "size", "count", "colour", "when", "none", "kind")
    ]
    dialog.reject()


def test_of_many_remarks_the_first_are_shown_and_all_are_in_the_tip(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,c,d,x,kind\n" + "u,v,w,x,1.5,p\nv,w,x,y,2.5,q\n" * 5 + "u,v,w,x,,p\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    lines = words(dialog).split("\n")
    assert lines[:2] == [
        "10 examples, 9 features, 2 classes.",
        "1 of 11 rows is left out, because a cell is missing.",
    ]
    assert lines[-1] == "… and 3 more remarks."
    assert len(lines) == 4
    assert "Column 'd': its 2 texts are columns of 0 and 1." in dialog.summary.toolTip()
    assert dialog.summary.height() >= 4 * dialog.fontMetrics().lineSpacing()
    dialog.reject()


def test_names_of_columns_are_whole_in_their_headers(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("the length of a leaf in centimetres,i,kind\n1.5,2,u\n2.5,3,v\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    header = dialog.table.horizontalHeader()
    qtbot.waitUntil(lambda: dialog.table.role_box(2) is not None)
    for column in range(3):
        assert header.sectionSize(column) >= header.sectionSizeHint(column)
    assert dialog.table.numbers.headerData(0, Qt.Orientation.Horizontal) == (
        "the length of a leaf in centimetres"
    )
    dialog.reject()


def test_the_target_moves_and_comes_back(hall: Hall, qtbot: QtBot, table: Path) -> None:
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    assert dialog.roles.target == "height"
    set_role(qtbot, dialog, "kind", "target")
    assert texts(dialog, ROLE) == ["feature", "target", "feature"]
    assert dialog.choices.boxes["target"].currentText() == "kind"
    set_role(qtbot, dialog, "kind", "ignored")
    assert texts(dialog, ROLE) == ["feature", "ignored", "target"]
    said = set_role(qtbot, dialog, "height", "feature")
    assert said == "Choose the column to predict: its role is Target."
    assert not import_button(dialog).isEnabled()
    assert dialog.choices.boxes["target"].currentIndex() == -1
    set_choice(qtbot, dialog, "target", "width")
    assert texts(dialog, ROLE) == ["target", "ignored", "feature"]
    dialog.reject()


def test_roles_stay_when_the_file_is_looked_at_again(hall: Hall, qtbot: QtBot, table: Path) -> None:
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    set_role(qtbot, dialog, "width", "ignored")
    set_choice(qtbot, dialog, "encoding", "latin-1")
    assert texts(dialog, ROLE) == ["ignored", "feature", "target"]
    dialog.reject()


def test_how_the_file_is_written_can_be_said(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("größe;b;art\n1,5;2;ü\n2,5;3;ä\n".encode("latin-1"))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    shown = {name: box.currentData() for name, box in dialog.choices.boxes.items()}
    assert shown == {
        "encoding": "windows-1252",
        "separator": "semicolon",
        "decimal": "comma",
        "header": True,
        "missing": "refuse",
        "target": "art",
    }
    said = set_choice(qtbot, dialog, "decimal", "point")
    assert said == (
        "Line 2, column 'größe': expected a number with a decimal point and no other signs, "
        "found '1,5'."
    )
    said = set_choice(qtbot, dialog, "encoding", "utf-8")
    assert said.startswith("Line 1: expected UTF-8 text (save it as UTF-8, or choose the encoding)")
    assert dialog.table.numbers.rowCount() == 0
    set_choice(qtbot, dialog, "encoding", "latin-1")
    set_choice(qtbot, dialog, "decimal", "comma")
    assert "2 examples, 2 features, 2 classes." in words(dialog)
    set_choice(qtbot, dialog, "header", False)
    assert dialog.table.numbers.headerData(0, Qt.Orientation.Horizontal) == "column 1"
    dialog.reject()


def test_a_file_that_is_not_there_is_named(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    hall.setup.data.open_path(str(tmp_path / "gone.csv"))
    dialog = import_dialog(qtbot)
    assert "expected a file" in words(dialog).lower()
    assert not import_button(dialog).isEnabled()
    dialog.reject()


def test_what_stands_in_a_file_is_shown_as_plain_text(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "<b>table.csv"
    path.write_text("<img src=x>,kind\n<i>red,u\n1.5,v\n2.5,<b>w\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    labels = [label for label in dialog.findChildren(QLabel) if "<" in label.text()]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    dialog.reject()


def test_every_control_has_a_name(hall: Hall, qtbot: QtBot, table: Path) -> None:
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    qtbot.waitUntil(lambda: dialog.table.role_box(2) is not None)
    names = [box.accessibleName() for box in dialog.findChildren(QComboBox)]
    assert set(names) == {
        *("Encoding", "Separator", "Decimal mark", "First row", "Missing cells", "Target"),
        *("Role of width", "Role of kind", "Role of height"),
    }
    read = QAccessible.queryAccessibleInterface(dialog.table)
    assert read.text(QAccessible.Text.Name) == "First rows"
    about = dialog.table.numbers.index(ROLE, 2)
    assert about.data(Qt.ItemDataRole.AccessibleDescriptionRole).startswith("Press Space")
    dialog.reject()


def test_a_column_that_is_chosen_as_the_target_says_so_whole(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "narrow.csv"
    path.write_text("a,b,kind\n" + "1,2,u\n2,3,v\n" * 9)
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    dialog.table.setColumnWidth(0, 40)  # as in type that is wider
    set_role(qtbot, dialog, "a", "target")
    assert texts(dialog, BECOMES)[0] == "what is predicted"
    assert dialog.table.columnWidth(0) > dialog.table.sizeHintForColumn(0)
    dialog.reject()


def test_a_text_among_numbers_is_named_in_the_preview(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "stray.csv"
    path.write_text("a,b,kind\n" + "1.5,2,u\n2.5,3,v\n" * 9 + "unknown to all,3,v\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert texts(dialog, TYPE)[0] == "numbers, but for “unknown …all”"
    dialog.reject()


@pytest.mark.parametrize("theme", [themes.LIGHT, themes.DARK], ids=["light", "dark"])
def test_columns_that_are_left_out_are_grey_in_both_themes(
    hall: Hall, qtbot: QtBot, table: Path, theme: themes.Theme
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    dress.apply_to_application(application, theme)
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    set_role(qtbot, dialog, "kind", "ignored")
    brush = dialog.table.numbers.index(TYPE, 1).data(Qt.ItemDataRole.ForegroundRole)
    assert brush.color().name().upper() == theme.muted
    assert dialog.table.numbers.index(TYPE, 0).data(Qt.ItemDataRole.ForegroundRole) is None
    dialog.reject()


def test_a_thousand_columns_get_their_boxes_as_they_come_into_view(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "wide.csv.gz"
    names = ",".join(f"pixel {i}" for i in range(1000)) + ",kind\n"
    rows = "".join("0.5," * 1000 + f"{'uv'[i % 2]}\n" for i in range(20))
    path.write_bytes(gzip.compress((names + rows).encode()))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    qtbot.waitUntil(lambda: dialog.table.role_box(0) is not None)
    assert dialog.table.role_box(1000) is None
    dialog.table.horizontalScrollBar().setValue(dialog.table.horizontalScrollBar().maximum())
    qtbot.waitUntil(lambda: dialog.table.role_box(1000) is not None)
    box = dialog.table.role_box(1000)
    assert box is not None
    assert box.currentData() == "target"
    dialog.reject()


def test_other_kinds_of_file_need_no_dialog(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "points.npz"
    np.savez(path, x=np.arange(20.0).reshape(10, 2), y=np.arange(10) % 2)
    with qtbot.waitSignal(hall.setup.data.edited):
        hall.setup.data.open_path(str(path))
    assert QApplication.activeModalWidget() is None
    assert not hall.setup.data.columns.isVisible()
