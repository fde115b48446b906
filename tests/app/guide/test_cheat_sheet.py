from collections.abc import Iterator

import pytest
from driving import type_into
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.guide.cheat_sheet import PLOT_GESTURES, CheatSheet, Gesture
from app.main_window import MainWindow


def action(text: str, *keys: str) -> QAction:
    made = QAction(text)
    made.setShortcuts([QKeySequence(one) for one in keys])
    return made


@pytest.fixture
def actions() -> dict[str, list[QAction]]:
    return {
        "Run": [action("&Run", "F5"), action("Pause…", "F6", "Ctrl+P"), action("Quiet")],
        "Empty": [action("Nothing")],
    }


@pytest.fixture
def sheet(qtbot: QtBot, actions: dict[str, list[QAction]]) -> Iterator[CheatSheet]:
    made = CheatSheet(actions)
    qtbot.addWidget(made)
    made.open()
    yield made
    made.close()


def words(sheet: CheatSheet) -> list[str]:
    return [label.text() for label in sheet.findChildren(QLabel)]


def test_shortcuts_are_those_of_the_actions(sheet: CheatSheet) -> None:
    assert sheet.rows[0] == Gesture("F5", "Run")
    assert sheet.rows[1] == Gesture("F6, Ctrl+P", "Pause")
    assert {"Run", "F5", "Pause", "F6, Ctrl+P"} <= set(words(sheet))


def test_an_action_without_a_shortcut_and_a_group_without_any_are_left_out(
    sheet: CheatSheet,
) -> None:
    assert not {"Quiet", "Nothing", "Empty"} & set(words(sheet))


def test_what_mouse_and_keys_do_elsewhere_is_shown_too(sheet: CheatSheet) -> None:
    for title, gestures in PLOT_GESTURES.items():
        assert title in words(sheet)
        for keys, what in gestures:
            assert keys in words(sheet)
            assert what in words(sheet)


def test_other_gestures_can_be_given(qtbot: QtBot) -> None:
    made = CheatSheet({}, gestures={"Here": [Gesture("Twist", "Turn")]})
    qtbot.addWidget(made)
    assert made.rows == [Gesture("Twist", "Turn")]


def test_there_are_two_columns_and_nothing_is_cut_off(window: MainWindow, qtbot: QtBot) -> None:
    made = CheatSheet(window.actions_.by_menu, window)
    made.open()
    labels = made.findChildren(QLabel)
    caps = [label for label in labels if label.styleSheet()]
    assert len({label.mapTo(made, label.rect().topLeft()).x() for label in caps}) == 2
    for label in labels:
        assert label.width() >= label.sizeHint().width(), label.text()
        assert made.rect().contains(label.mapTo(made, label.rect().bottomRight())), label.text()
    made.close()


def test_a_change_of_shortcut_is_a_change_of_the_sheet(window: MainWindow) -> None:
    window.actions_["run"].setShortcut(QKeySequence("Ctrl+F5"))
    made = CheatSheet(window.actions_.by_menu, window)
    assert Gesture("Ctrl+F5", "Run") in made.rows
    made.close()


def test_it_closes_with_its_button_and_with_escape(sheet: CheatSheet, qtbot: QtBot) -> None:
    close = sheet.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
    sheet.open()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_it_fits_on_the_screen_however_much_there_is(qtbot: QtBot) -> None:
    made = CheatSheet({"Run": [action(f"Do {n}", f"Ctrl+{chr(65 + n)}") for n in range(26)] * 9})
    qtbot.addWidget(made)
    assert made.height() < made.screen().availableGeometry().height()


def test_undo_is_called_so_whatever_there_is_to_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "7")
    made = CheatSheet(window.actions_.by_menu, window)
    assert {"Undo", "Redo"} <= {what for _, what in made.rows}
    assert not [what for _, what in made.rows if what.startswith("Undo ")]
    made.close()


def test_it_is_whole_on_the_screen_that_the_window_is_drawn_for(window: MainWindow) -> None:
    made = CheatSheet(window.actions_.by_menu, window)
    page = made.findChild(QScrollArea).widget()
    assert page.sizeHint().height() <= 800 - 40 - 64, "without a frame, and the button"
    made.close()
