from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme as themes
from app.appearance import Appearance
from app.dress import SIZES, apply_to_application
from app.theme import DARK, LIGHT


class Hints(QObject):
    """Stands in for the system, which changes its colours in the middle of the day."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Light

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
        return self.scheme

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self.colorSchemeChanged.emit(scheme)


@pytest.fixture
def system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Hints:
    hints = Hints()
    monkeypatch.setattr(themes.QGuiApplication, "styleHints", lambda: hints)
    return hints


@pytest.fixture
def appearance(qapp: QApplication, system: Hints) -> Appearance:
    return Appearance(qapp)


def told(appearance: Appearance) -> list[Any]:
    found: list[Any] = []
    appearance.changed.connect(found.append)
    return found


def worn(qapp: QApplication) -> str:
    return qapp.palette().window().color().name()


def test_the_system_is_followed_while_the_application_runs(
    qapp: QApplication, system: Hints, appearance: Appearance
) -> None:
    changes = told(appearance)
    assert worn(qapp) == LIGHT.window.lower()
    system.turn(Qt.ColorScheme.Dark)
    assert worn(qapp) == DARK.window.lower()
    system.turn(Qt.ColorScheme.Light)
    assert worn(qapp) == LIGHT.window.lower()
    assert changes == [DARK, LIGHT]


def test_a_theme_that_was_chosen_stays_whatever_the_system_does(
    qapp: QApplication, system: Hints, appearance: Appearance
) -> None:
    appearance.choose("light")
    changes = told(appearance)
    system.turn(Qt.ColorScheme.Dark)
    assert appearance.theme is LIGHT
    assert changes == []
    appearance.choose("system")
    assert appearance.theme is DARK
    assert appearance.choice == "system"


def test_a_change_of_the_system_that_changes_nothing_dresses_nobody_anew(
    system: Hints, appearance: Appearance
) -> None:
    changes = told(appearance)
    system.turn(Qt.ColorScheme.Unknown)
    assert changes == []


def test_type_grows_by_steps_up_to_that_of_presentations_and_keeps_the_theme(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance
) -> None:
    changes = told(appearance)
    usual = qapp.font().pointSizeF()

    def is_so_large(size: float) -> bool:
        return qapp.font().pointSizeF() / usual == pytest.approx(size)

    for size in SIZES[1:]:
        appearance.resize_type(1)
        qtbot.waitUntil(lambda size=size: is_so_large(size))
    appearance.resize_type(1)
    assert appearance.size == SIZES[-1]
    assert changes == [LIGHT] * (len(SIZES) - 1)
    appearance.resize_type(-1)
    qtbot.waitUntil(lambda: is_so_large(SIZES[-2]))
    appearance.resize_type(None)
    qtbot.waitUntil(lambda: is_so_large(1.0))


def test_who_presses_a_key_several_times_waits_once(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance
) -> None:
    changes, usual = told(appearance), qapp.font().pointSizeF()
    for _ in range(5):
        appearance.resize_type(1)
    assert appearance.size == SIZES[-1]
    qtbot.waitUntil(lambda: bool(changes))
    assert qapp.font().pointSizeF() / usual == pytest.approx(SIZES[-1])
    assert len(changes) == 1
    appearance.choose("dark")
    appearance.resize_type(None)
    appearance.choose("light")  # dresses in the new size at once
    assert qapp.font().pointSizeF() == usual
    assert len(changes) == 3


def test_type_can_be_large_from_the_start(qtbot: QtBot, qapp: QApplication, system: Hints) -> None:
    apply_to_application(qapp, LIGHT)
    usual = qapp.font().pointSizeF()
    made = Appearance(qapp, "dark", SIZES[-1])
    assert qapp.font().pointSizeF() > 1.3 * usual
    assert made.theme is DARK
    made.resize_type(None)
    qtbot.waitUntil(lambda: qapp.font().pointSizeF() == usual)
