import pytest
from driving import card_of, click, press, reach
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow


def enter(qtbot: QtBot, window: MainWindow, widget: QWidget, key: Qt.Key) -> None:
    """Give a widget the focus, and press Enter."""
    window.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    qtbot.keyClick(widget, key)


def section_heading(window: MainWindow, qtbot: QtBot) -> QToolButton:
    window.show_run()
    click(qtbot, window.setup.head.all_button)
    return window.setup.form.sections["data"].button


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus(
    window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    more = section_heading(window, qtbot)
    enter(qtbot, window, more, key)
    assert more.isChecked()
    enter(qtbot, window, more, key)
    assert not more.isChecked()


def test_enter_opens_the_menu_of_a_plot(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
    head = card_of(window, "losses").head
    enter(qtbot, window, head.more_button, Qt.Key.Key_Return)
    qtbot.waitUntil(head.menu.isVisible)
    head.menu.close()


def test_in_a_field_enter_means_what_it_did(window: MainWindow, qtbot: QtBot) -> None:
    more = section_heading(window, qtbot)
    enter(qtbot, window, more, Qt.Key.Key_Return)
    line = reach(qtbot, window, "training.iterations").line
    line.setText("7")
    enter(qtbot, window, line, Qt.Key.Key_Return)
    assert window.setup.experiment().training.iterations == 7
    assert more.isChecked()
