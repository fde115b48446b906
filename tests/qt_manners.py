"""What tests with a window may rely on: settings of their own, and nothing left behind."""

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSettings,
    QStandardPaths,
    QThread,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget
from sparing import spare_if_many

from app.garbage import collect_what_is_due

QStandardPaths.setTestModeEnabled(True)
LASTING: Final[list[QWidget]] = []
"""Windows that the tests of a module share. They may stay, with what belongs to them."""
_MOST_WIDGETS = 100  # that may be garbage: each is dressed anew with the application


@pytest.fixture(autouse=True, name="_own_settings")
def own_settings(tmp_path: Path) -> None:
    settings_in(tmp_path)


def settings_in(folder: Path) -> None:
    """Have settings read from this folder, and written there."""
    QCoreApplication.setOrganizationName("Retrograde")
    QCoreApplication.setApplicationName("Retrograde tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings")
    )


class _Before:
    """Whether the test before had widgets, of which there may be garbage."""

    had_widgets = False


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let widgets be collected in their own thread alone (see `app.garbage`).

    In a test with widgets nothing is collected but by the window, if it has one, and between tests;
    before a test without any, which may run Python code in other threads, all that is left of them.
    """
    has_widgets = "qtbot" in getattr(item, "fixturenames", ())
    if has_widgets:
        gc.disable()
    elif _Before.had_widgets:
        gc.collect()
        gc.enable()
    _Before.had_widgets = has_widgets


def _undress() -> None:
    """Take the style sheet off, if a window has put one on: widgets are made slowly under it."""
    application = QApplication.instance()
    if LASTING:
        return
    if isinstance(application, QApplication) and application.styleSheet():
        application.setStyleSheet("")


def _busy() -> list[QObject]:
    """Threads that are running, and timers that are active.

    Looked for among all objects that are not spared; if there are many, they are from now on.
    """
    kinds: set[type[QObject]] = {QThread, QTimer}
    while more := {derived for one in kinds for derived in one.__subclasses__()} - kinds:
        kinds |= more
    # Their types are compared because `isinstance` takes ten times as long for what it is not; once
    # for both, because there are hundreds of thousands of objects to look at after every test.
    things = gc.get_objects()
    found = [thing for thing in things if type(thing) in kinds]
    busy = [thing for thing in found if shiboken6.isValid(thing) and _is_busy(thing)]
    busy = [thing for thing in busy if not _lasts(thing)]
    count = len(things)
    del things, found
    if not busy:
        spare_if_many(count)
    return busy


def let_go(window: QWidget) -> None:
    """Close a window that several tests have shared."""
    LASTING.remove(window)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _undress()


def _lasts(thing: QObject | None) -> bool:
    """Whether it belongs to a window that the next tests will have, too."""
    while thing is not None and thing not in LASTING:
        thing = thing.parent()
    return thing is not None


def _is_busy(thing: QObject) -> bool:
    return thing.isRunning() if isinstance(thing, QThread) else thing.isActive()


@pytest.fixture(autouse=True, name="_nothing_left_behind")
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with a window: no thread, no running timer, no window."""
    before = set(threading.enumerate())
    yield
    if "qtbot" not in request.fixturenames:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    left = {
        thread
        for thread in set(threading.enumerate()) - before
        if not isinstance(thread, threading._DummyThread)  # how Python remembers a Qt thread
        and not thread.name.startswith("retrograde-helper")  # the kernels', for good
        and thread.name != "IO loop"  # Dask's, one a process, for good
    }
    assert not left, f"Python threads are left over: {left}"
    busy = _busy()
    assert not busy, f"threads are still running, or timers: {busy}"
    widgets = QApplication.topLevelWidgets()
    shown = [widget for widget in widgets if widget.isVisible() and widget not in LASTING]
    assert not shown, f"windows are still open: {shown}"
    if len(widgets) > _MOST_WIDGETS:
        del widgets
        gc.collect()
    elif not gc.isenabled():
        collect_what_is_due()
    _undress()
