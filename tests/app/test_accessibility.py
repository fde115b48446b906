"""What a screen reader finds in the window: name, role and value of every control."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from driving import press, unfold_all
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow

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


@pytest.fixture
def tree(window: MainWindow, qtbot: QtBot) -> list[Control]:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
    unfold_all(qtbot, window)
    return list(controls(QAccessible.queryAccessibleInterface(window)))


def test_every_control_has_a_name(tree: list[Control]) -> None:
    assert len(tree) > 60
    assert [control for control in tree if not control.name.strip()] == []


def test_boxes_are_named_by_what_they_are_for_and_not_by_what_is_chosen(
    window: MainWindow, tree: list[Control]
) -> None:
    boxes = [control for control in tree if control.role == "ComboBox"]
    shown = [box for box in window.setup.findChildren(QComboBox) if box.isVisible()]
    assert [box.name for box in boxes] == [box.accessibleName() for box in shown]
    assert {"Model", "Objective"} <= {box.name for box in boxes}
    assert all(box.value for box in boxes)


def test_no_two_controls_of_the_set_up_have_the_same_name(tree: list[Control]) -> None:
    names = [control.name for control in tree if control.role in ("ComboBox", "EditableText")]
    assert len(names) == len(set(names))
