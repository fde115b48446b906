import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.switch_row import SwitchRow

NAMES = ("log", "copy", "help")


@pytest.fixture
def row(qtbot: QtBot) -> SwitchRow:
    make_application()
    switches = []
    for name in NAMES:
        button = QToolButton()
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(f"what {name} does")
        switches.append(button)
    switches[0].setCheckable(True)
    made = SwitchRow(switches, [switches[1], switches[0], switches[2]])
    qtbot.addWidget(made)
    made.show()
    return made


def button(row: SwitchRow, name: str) -> QToolButton:
    (found,) = (one for one in row.findChildren(QToolButton) if one.accessibleName() == name)
    return found


def seen(row: SwitchRow) -> list[str]:
    return [name for name in (*NAMES, "More") if button(row, name).isVisible()]


def offered(row: SwitchRow) -> QMenu:
    menu = row.more_button.menu()
    menu.aboutToShow.emit()
    return menu


def test_switches_that_fit_need_no_menu(row: SwitchRow) -> None:
    assert seen(row) == list(NAMES)
    row.set_room(row.sizeHint().width())
    assert seen(row) == list(NAMES)


def test_the_least_important_goes_into_the_menu_first_and_comes_back(row: SwitchRow) -> None:
    whole = row.sizeHint().width()
    for room in range(whole - 1, 0, -1):
        used = row.set_room(room)
        assert used <= max(room, row.more_button.sizeHint().width())
        assert "copy" not in seen(row)
        assert "help" in seen(row) or "log" not in seen(row)
        assert "More" in seen(row)
        assert [action.text() for action in offered(row).actions()] == [
            name for name in NAMES if name not in seen(row)
        ]
    row.set_room(whole)
    assert seen(row) == list(NAMES)


def test_the_menu_does_what_the_switch_does(qtbot: QtBot, row: SwitchRow) -> None:
    row.set_room(1)
    log = offered(row).actions()[0]
    assert log.isCheckable()
    assert not log.isChecked()
    with qtbot.waitSignal(button(row, "log").clicked):
        log.trigger()
    assert button(row, "log").isChecked()
    assert offered(row).actions()[0].isChecked()
    with qtbot.waitSignal(button(row, "help").clicked):
        offered(row).actions()[2].trigger()


def test_a_switch_that_can_do_nothing_is_offered_but_off(row: SwitchRow) -> None:
    button(row, "copy").setEnabled(False)
    row.set_room(1)
    assert not offered(row).actions()[1].isEnabled()


def test_a_switch_that_is_not_wanted_is_offered_nowhere(row: SwitchRow) -> None:
    row.set_wanted(button(row, "log"), False)
    assert seen(row) == ["copy", "help"]
    row.set_room(1)
    assert [action.text() for action in offered(row).actions()] == ["copy", "help"]
    row.set_wanted(button(row, "log"), True)
    row.set_room(1000)
    assert seen(row) == list(NAMES)


def test_the_menu_opens_from_the_keyboard(qtbot: QtBot, row: SwitchRow) -> None:
    row.set_room(1)
    assert row.more_button.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert row.more_button.popupMode() == QToolButton.ToolButtonPopupMode.InstantPopup
