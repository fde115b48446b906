"""Hands for the tests: what a person does to the window with mouse and keyboard."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from app.fields import ChoiceField, FlagField, TextField
from app.main_window import MainWindow


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(qtbot: QtBot, window: MainWindow, action: QAction) -> None:
    """Click an action's button in the toolbar."""
    button = window.findChild(QToolBar).widgetForAction(action)
    assert button.isEnabled(), f"{action.text()} cannot be clicked"
    click(qtbot, button)


def choose(qtbot: QtBot, box: QComboBox, data: object) -> None:
    """Walk to an entry with the arrow keys."""
    wanted = box.findData(data)
    assert wanted >= 0, f"there is no entry {data!r}"
    while box.currentIndex() != wanted:
        down = box.currentIndex() < wanted
        qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def choose_field(qtbot: QtBot, window: MainWindow, key: str, data: object) -> None:
    field = window.setup.field(key)
    assert isinstance(field, ChoiceField)
    choose(qtbot, field.box, data)


def type_into(qtbot: QtBot, window: MainWindow, key: str, text: str) -> None:
    """Replace a field's text by typing."""
    field = window.setup.field(key)
    assert isinstance(field, TextField)
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClick(field.line, Qt.Key.Key_Delete)
    qtbot.keyClicks(field.line, text)


def tick(qtbot: QtBot, window: MainWindow, key: str, wanted: bool) -> None:
    field = window.setup.field(key)
    assert isinstance(field, FlagField)
    if field.check.isChecked() != wanted:
        place = QPoint(8, field.check.height() // 2)
        qtbot.mouseClick(field.check, Qt.MouseButton.LeftButton, pos=place)
    assert field.check.isChecked() == wanted
