"""Hands for the dialog that imports a table, and for the one before it that asks for the file."""

from pathlib import Path

from driving import choose, click
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.data.import_dialog import ImportDialog
from app.data.roles import Role
from app.setup.data_fields import DataFields

PATIENCE = 30_000


def open_by_clicks(qtbot: QtBot, data: DataFields, path: Path) -> ImportDialog:
    """Click "Open file…", type the name of a file, and wait for what is said of it."""
    click(qtbot, data.open_file)
    asking = QApplication.activeModalWidget()
    assert isinstance(asking, QFileDialog)
    line = asking.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    line.setText(str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    return import_dialog(qtbot)


def import_dialog(qtbot: QtBot) -> ImportDialog:
    """The dialog on top, once it says something of its file."""

    def is_open() -> bool:
        return isinstance(QApplication.activeModalWidget(), ImportDialog)

    qtbot.waitUntil(is_open, timeout=PATIENCE)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    wait_for_words(qtbot, dialog)
    return dialog


def words(dialog: ImportDialog) -> str:
    """What is said of the file now; empty while it is being read."""
    shown = dialog.summary if dialog.summary.isVisible() else dialog.problem
    return "" if shown.text().endswith("…") else shown.text()


def wait_for_words(qtbot: QtBot, dialog: ImportDialog) -> str:
    """What is said of the file, once it has been read."""
    qtbot.waitUntil(lambda: bool(words(dialog)), timeout=PATIENCE)
    return words(dialog)


def button(dialog: ImportDialog, role: QDialogButtonBox.ButtonRole) -> QPushButton:
    found = [one for one in dialog.buttons.buttons() if dialog.buttons.buttonRole(one) == role]
    assert isinstance(found[0], QPushButton)
    return found[0]


def import_button(dialog: ImportDialog) -> QPushButton:
    return button(dialog, QDialogButtonBox.ButtonRole.AcceptRole)


def cancel_button(dialog: ImportDialog) -> QPushButton:
    return button(dialog, QDialogButtonBox.ButtonRole.RejectRole)


def set_choice(qtbot: QtBot, dialog: ImportDialog, name: str, value: object) -> str:
    """Choose how the file is read, and wait for what is said then."""
    choose(qtbot, dialog.choices.boxes[name], value)
    return wait_for_words(qtbot, dialog)


def set_role(qtbot: QtBot, dialog: ImportDialog, column: str, role: Role) -> str:
    """Choose what a column is for in the box above it, and wait for what is said then."""
    table = dialog.table
    assert table.numbers.preview is not None
    place = [one.name for one in table.numbers.preview.columns].index(column)
    table.scrollTo(table.numbers.index(0, place))
    qtbot.waitUntil(lambda: table.role_box(place) is not None)
    box = table.role_box(place)
    assert box is not None
    choose(qtbot, box, role)
    return wait_for_words(qtbot, dialog)


def import_it(qtbot: QtBot, data: DataFields, dialog: ImportDialog) -> None:
    """Click Import, and wait until the file is the data set."""
    with qtbot.waitSignal(data.edited, timeout=PATIENCE):
        click(qtbot, import_button(dialog))
