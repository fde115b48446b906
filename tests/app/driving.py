"""Hands for the tests: what a person does to the window with mouse and keyboard."""

import time
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.plots.plot_card import PlotCard
from app.plots.plot_view import PlotView
from app.setup.field import Field
from app.setup.fields import ChoiceField, FlagField, TextField

_PATIENCE: Final = 20.0  # seconds, for what is made in a thread


def go_round(qtbot: QtBot, turns: int = 5) -> None:
    """Let the event loop go round a few times: what was due at once has been done then."""
    timer = QTimer(interval=2)  # later than all that is to come at once, or after a millisecond
    timer.start()
    for _ in range(turns):
        with qtbot.waitSignal(timer.timeout):
            pass
    timer.stop()


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Click an action's button on the top bar, or its entry in the menu of one."""
    menu = window.actions_.bar.menu
    if window.actions_[name] in menu.actions():
        assert window.actions_[name].isEnabled(), f"{name} cannot be chosen"
        menu.popup(window.mapToGlobal(QPoint(20, 60)))
        qtbot.mouseClick(
            menu,
            Qt.MouseButton.LeftButton,
            pos=menu.actionGeometry(window.actions_[name]).center(),
        )
        return
    button = window.actions_.button(name)
    assert button.isEnabled(), f"{name} cannot be clicked"
    click(qtbot, button)


def card_of(window: MainWindow, key: str) -> PlotCard:
    """The card of a plot, brought to the front; of one made in a thread once it is there."""
    dock = window.plot_area.docks[key]
    until = time.monotonic() + _PATIENCE
    while key not in {plot.key for plot in window.plot_area.shown}:
        assert time.monotonic() < until, f"the run has no plot {key}"
        QApplication.processEvents()
        time.sleep(0.005)  # for the thread
    dock.raise_()
    QApplication.processEvents()
    return dock.card


def lines_of(window: MainWindow, key: str) -> dict[str, Any]:
    """What a line plot draws: x and y by the line's name."""
    view = card_of(window, key).view
    assert isinstance(view, PlotView)
    return view.lines


def choose(qtbot: QtBot, box: QComboBox, data: object) -> None:
    """Walk to an entry with the arrow keys."""
    wanted = box.findData(data)
    assert wanted >= 0, f"there is no entry {data!r}"
    while box.currentIndex() != wanted:
        down = box.currentIndex() < wanted
        qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def reach(qtbot: QtBot, window: MainWindow, key: str) -> Field:
    """A field, once it is in sight."""
    field, section = window.setup.field(key), section_of(window, key)
    if isinstance(window, MainWindow):
        window.show_run()
    if not field.isVisible():
        unfold(qtbot, window, section)
    return field


def choose_field(qtbot: QtBot, window: MainWindow, key: str, data: object) -> None:
    field = reach(qtbot, window, key)
    assert isinstance(field, ChoiceField)
    choose(qtbot, field.box, data)


def type_into(qtbot: QtBot, window: MainWindow, key: str, text: str) -> None:
    """Replace a field's text by typing."""
    field = reach(qtbot, window, key)
    assert isinstance(field, TextField)
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClick(field.line, Qt.Key.Key_Delete)
    qtbot.keyClicks(field.line, text)


def tick(qtbot: QtBot, window: MainWindow, key: str, wanted: bool) -> None:
    field = reach(qtbot, window, key)
    assert isinstance(field, FlagField)
    if field.check.isChecked() != wanted:
        place = QPoint(8, field.check.height() // 2)
        qtbot.mouseClick(field.check, Qt.MouseButton.LeftButton, pos=place)
    assert field.check.isChecked() == wanted


def section_of(window: MainWindow, key: str) -> str:
    """The name of the section that a field is in."""
    field = window.setup.field(key)
    sections = window.setup.form.sections
    return next(name for name, section in sections.items() if field in section.fields)


def unfold(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Show all fields, and those of a section."""
    section = window.setup.form.sections[name]
    click(qtbot, window.setup.head.all_button)
    if not section.is_open:
        click(qtbot, section.button)


def unfold_all(qtbot: QtBot, window: MainWindow) -> None:
    """Show every field that applies."""
    for name in window.setup.form.sections:
        unfold(qtbot, window, name)
