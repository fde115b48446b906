"""What a screen reader finds in the window: name, role and value of every control."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from driving import press, unfold_all
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMenuBar, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.guide.gallery_card import ExperimentCard
from app.main_window import MainWindow
from app.plots.entries import EntryButton
from app.setup.question import Question

_CONTROLS = {
    QAccessible.Role.Button,
    QAccessible.Role.ButtonDropDown,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.RadioButton,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
}


class Control(NamedTuple):
    """What is said of a control."""

    role: str
    name: str
    value: str


def controls(thing: QAccessibleInterface) -> Iterator[Control]:
    """All of them in a part of the window, as they follow each other; hidden ones are none."""
    if thing.state().invisible:
        return
    if thing.role() in _CONTROLS:
        name = thing.text(QAccessible.Text.Name)
        labels = [other.text(QAccessible.Text.Name) for other, _ in thing.relations()]
        if thing.role() == QAccessible.Role.ComboBox:  # Qt gives its value for its name on X11
            name = ""
        value = thing.text(QAccessible.Text.Value)
        yield Control(thing.role().name, " ".join(labels) or name, value)
    for index in range(thing.childCount()):
        if child := thing.child(index):
            yield from controls(child)


@pytest.fixture(scope="module")
def tree(request: pytest.FixtureRequest, lasting_window: MainWindow) -> list[Control]:
    window, qtbot = lasting_window, QtBot(request)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
    unfold_all(qtbot, window)
    return list(controls(QAccessible.queryAccessibleInterface(window)))


def test_every_control_has_a_name(tree: list[Control]) -> None:
    assert len(tree) > 60
    assert [control for control in tree if not control.name.strip()] == []


def test_boxes_are_named_by_what_they_are_for_and_not_by_what_is_chosen(
    lasting_window: MainWindow, tree: list[Control]
) -> None:
    boxes = [control for control in tree if control.role == "ComboBox"]
    shown = [box for box in lasting_window.setup.findChildren(QComboBox) if box.isVisible()]
    assert [box.name for box in boxes] == [box.accessibleName() for box in shown]
    assert {"Model", "Objective"} <= {box.name for box in boxes}
    assert all(box.value for box in boxes)


def test_no_two_controls_of_the_set_up_have_the_same_name(tree: list[Control]) -> None:
    names = [control.name for control in tree if control.role in ("ComboBox", "EditableText")]
    assert len(names) == len(set(names))


def buttons_of(window: MainWindow) -> list[QAbstractButton]:
    """Those that can be pressed now; not "?", which F1 stands for, nor parts of Qt's widgets."""
    return [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible()
        and button.isEnabled()
        and not isinstance(button, Question)
        and not isinstance(button.parentWidget(), QLineEdit | QTabBar | QMenuBar)
    ]


def roving(button: QAbstractButton) -> bool:
    """Whether arrow keys go to it from others of its kind, of which Tab reaches one."""
    cards = isinstance(button, EntryButton | ExperimentCard)
    return cards or button.group() is not None or isinstance(button.parentWidget(), ExperimentCard)


@pytest.mark.parametrize("page", ["gallery", "run"])
def test_tab_reaches_every_button(window: MainWindow, qtbot: QtBot, page: str) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
    if page == "gallery":
        window.show_gallery()
    window.activateWindow()
    window.actions_.bar.run_button.setFocus()
    reached: list[QWidget] = []
    for _ in range(200):
        now = window.focusWidget()
        if now in reached:
            break
        reached.append(now)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    if page == "gallery":
        beside, button = window.index.groups, window.gallery.tour_button
        below = window.timeline.transport.buttons[0]
        assert reached.index(beside) < reached.index(button) < reached.index(below)
    missed = [one for one in buttons_of(window) if one not in reached and not roving(one)]
    assert [(type(one).__name__, one.accessibleName() or one.text()) for one in missed] == []


def test_a_button_with_the_keyboard_looks_otherwise(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
    window.activateWindow()
    other = window.setup.field("training.iterations").line
    for button in buttons_of(window):
        if not button.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        other.setFocus()
        qtbot.waitUntil(other.hasFocus)
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(button.hasFocus)
        assert button.grab().toImage() != before, button.accessibleName() or button.text()
