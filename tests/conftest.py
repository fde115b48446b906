"""What every test may rely on: no display, settings and a cache of its own, nothing left behind."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("RETROGRADE_DATA", None)

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
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
from PySide6.QtWidgets import QApplication

from engine.data import published as library

_Object = TypeVar("_Object", bound=QObject)

QStandardPaths.setTestModeEnabled(True)
hypothesis.settings.register_profile("unhurried", deadline=None)  # kernels compile on first use
hypothesis.settings.load_profile("unhurried")


def _nowhere(_: str) -> Path:
    """A folder that is not there, while tests are collected."""
    return Path(os.devnull) / "nowhere"


library.user_cache_path = library.user_config_path = _nowhere


def pytest_configure(config: pytest.Config) -> None:
    """Compile the kernels once, before the tests are dealt out to several processes."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        command = [sys.executable, "-m", "tests.compile_kernels"]
        compiling = [
            subprocess.Popen([*command, precision], cwd=config.rootpath)
            for precision in ("double", "single")
        ]
        assert [process.wait() for process in compiling] == [0, 0], "kernels cannot be compiled"


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    QCoreApplication.setOrganizationName("Retrograde")
    QCoreApplication.setApplicationName("Retrograde tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )


@pytest.fixture(autouse=True)
def _no_data_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data sets that the person who runs the tests has fetched are out of sight."""
    monkeypatch.setattr(library, "user_cache_path", lambda _: tmp_path / "user cache")
    monkeypatch.setattr(library, "user_config_path", lambda _: tmp_path / "user settings")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lasts as long as the tests."""
    gc.collect()
    gc.freeze()


def _alive(kind: type[_Object]) -> list[_Object]:
    """All Qt objects of a kind, or of one derived from it, that are not deleted yet."""
    kinds = {kind}
    while more := {derived for one in kinds for derived in one.__subclasses__()} - kinds:
        kinds |= more
    # Their types are compared because `isinstance` takes ten times as long for what it is not.
    found = [thing for thing in gc.get_objects() if type(thing) in kinds]
    return [thing for thing in found if shiboken6.isValid(thing)]


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
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
    }
    assert not left, f"Python threads are left over: {left}"
    threads = [thing for thing in _alive(QThread) if thing.isRunning()]
    timers = [thing for thing in _alive(QTimer) if thing.isActive()]
    assert not threads, f"threads are still running: {threads}"
    assert not timers, f"timers are still running: {timers}"
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not shown, f"windows are still open: {shown}"
