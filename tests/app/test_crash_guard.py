import gc
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from driving import click, go_round
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot, qCritical, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import crash_guard as guards
from app.crash_guard import CrashGuard
from app.failure_dialog import FailureDialog

Captured = pytest.CaptureFixture[str]
TOML = 'name = "mine"'


class Thing(QObject):
    """Fails wherever it is told to.

    Attributes:
        failures: how often it has.
    """

    went = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0
        self.went.connect(self.fail)
        self.timer = QTimer(self, interval=1)
        self.timer.timeout.connect(self.fail)

    @Slot()
    def fail(self) -> None:
        self.failures += 1
        raise ZeroDivisionError("by hand")


def fail_in_a_slot() -> None:
    thing = Thing()
    thing.went.emit()


@pytest.fixture
def shown(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Hooks that note what reaches them: pytest's own would fail the test."""
    reached: list[Any] = []
    for module, name in (
        (sys, "excepthook"),
        (threading, "excepthook"),
        (sys, "unraisablehook"),
    ):
        monkeypatch.setattr(module, name, lambda *told: reached.append(told))
    return reached


@pytest.fixture
def quiet_qt() -> Iterator[list[str]]:
    """What Qt says; pytest-qt would fail the test for it."""
    said: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: said.append(text))
    yield said
    qInstallMessageHandler(before)


@pytest.fixture
def guard(qapp: QApplication, usual: list[Any], quiet_qt: list[str]) -> Iterator[CrashGuard]:
    made = CrashGuard(qapp, lambda: TOML)
    made.install()
    yield made
    made.uninstall()


class Clock:
    """Stands still unless it is moved on."""

    now = 100.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: made.now)
    return made


def fail_often(qtbot: QtBot, thing: Thing) -> None:
    """Wait until a thing's timer has failed ten times more."""
    enough = thing.failures + 10
    qtbot.waitUntil(lambda: thing.failures >= enough)


def dialog_of(guard: CrashGuard, qtbot: QtBot) -> FailureDialog:
    qtbot.waitUntil(lambda: guard.dialog is not None and guard.dialog.isVisible())
    assert guard.dialog is not None
    return guard.dialog


def test_an_error_in_a_slot_is_one_sentence_and_a_report(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot
) -> None:
    fail_in_a_slot()
    dialog = dialog_of(guard, qtbot)
    assert dialog.sentence.text() == ("Internal error in Retrograde: ZeroDivisionError: by hand.")
    report = dialog.report.toPlainText()
    for part in ("Python 3.", "PySide6-Essentials 6.", "in fail", "by hand", TOML):
        assert part in report


def test_an_error_in_a_thread_is_shown_in_the_windows_thread(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []

    def noting(told: str, experiment: object) -> str:
        where.append(threading.current_thread())
        return told

    monkeypatch.setattr(guards, "make_report", noting)
    thread = threading.Thread(target=Thing().fail, name="counting")
    thread.start()
    thread.join()
    dialog = dialog_of(guard, qtbot)
    assert where == [threading.main_thread()]
    assert "In the thread counting" in dialog.report.toPlainText()


def test_an_error_while_something_is_let_go_is_shown(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot
) -> None:
    class Unwilling:
        def __del__(self) -> None:
            raise ValueError("not now")

    Unwilling()
    gc.collect()
    assert "not now" in dialog_of(guard, qtbot).sentence.text()


def test_what_qt_finds_critical_is_shown_and_still_said(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot, quiet_qt: list[str]
) -> None:
    qCritical("the sky falls")
    assert "the sky falls" in dialog_of(guard, qtbot).sentence.text()
    assert quiet_qt[0] == "the sky falls"


def test_a_second_failure_is_added_to_the_first_ones_report(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot
) -> None:
    fail_in_a_slot()
    dialog = dialog_of(guard, qtbot)
    sys.excepthook(KeyError, KeyError("another"), None)
    qtbot.waitUntil(lambda: "another" in dialog.report.toPlainText())
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, FailureDialog)]
    assert [w for w in dialogs if w.isVisible()] == [dialog]


def test_a_timer_that_goes_on_failing_leaves_a_person_in_peace_after_go_on(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot, clock: Clock
) -> None:
    thing = Thing()
    thing.timer.start()
    dialog = dialog_of(guard, qtbot)
    fail_often(qtbot, thing)
    assert "Meanwhile" not in dialog.report.toPlainText()
    click(qtbot, dialog.go_on)
    fail_often(qtbot, thing)
    assert guard.dialog is None
    thing.timer.stop()


def test_a_failure_that_comes_again_later_is_shown_again(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot, clock: Clock
) -> None:
    thing = Thing()
    thing.went.emit()
    click(qtbot, dialog_of(guard, qtbot).go_on)
    clock.now += 3
    thing.went.emit()
    dialog_of(guard, qtbot)


def test_the_report_goes_to_the_clipboard(shown: QWidget, guard: CrashGuard, qtbot: QtBot) -> None:
    fail_in_a_slot()
    dialog = dialog_of(guard, qtbot)
    click(qtbot, dialog.copy)
    assert QGuiApplication.clipboard().text() == dialog.report.toPlainText()


def test_escape_goes_on_and_the_window_stays(
    shown: QWidget, guard: CrashGuard, qtbot: QtBot
) -> None:
    fail_in_a_slot()
    qtbot.keyClick(dialog_of(guard, qtbot), Qt.Key.Key_Escape)
    assert guard.dialog is None
    assert shown.isVisible()


def test_quit_closes_every_window(shown: QWidget, guard: CrashGuard, qtbot: QtBot) -> None:
    fail_in_a_slot()
    click(qtbot, dialog_of(guard, qtbot).leave)
    assert not shown.isVisible()


def test_every_button_says_what_it_does(shown: QWidget, guard: CrashGuard, qtbot: QtBot) -> None:
    fail_in_a_slot()
    for button in dialog_of(guard, qtbot).findChildren(QPushButton):
        assert button.accessibleName()
        assert button.accessibleDescription() == button.toolTip() != ""


def test_an_experiment_that_cannot_be_told_does_not_hide_the_report(
    shown: QWidget, qapp: QApplication, usual: list[Any], quiet_qt: list[str], qtbot: QtBot
) -> None:
    def broken() -> str:
        raise RuntimeError("no experiment")

    guard = CrashGuard(qapp, broken)
    guard.install()
    fail_in_a_slot()
    report = dialog_of(guard, qtbot).report.toPlainText()
    assert "by hand" in report
    assert "no experiment" in report
    guard.uninstall()


def test_an_interrupt_from_the_keyboard_goes_where_it_always_goes(
    shown: QWidget, guard: CrashGuard, usual: list[Any], qtbot: QtBot
) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    go_round(qtbot)
    assert guard.dialog is None
    assert usual[0][0] is KeyboardInterrupt


def test_without_a_window_it_is_one_line_and_status_one(
    guard: CrashGuard, qtbot: QtBot, qapp: QApplication, capsys: Captured
) -> None:
    QTimer.singleShot(0, Thing().fail)
    assert qapp.exec() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("retrograde: Internal error")
    assert guard.dialog is None


def test_uninstalling_puts_every_hook_back(
    qapp: QApplication, usual: list[Any], quiet_qt: list[str]
) -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    guard = CrashGuard(qapp)
    guard.install()
    guard.install()
    assert sys.excepthook is not before[0]
    guard.uninstall()
    guard.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    qCritical("afterwards")
    assert quiet_qt == ["afterwards"]
