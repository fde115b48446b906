import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow


@pytest.fixture
def comparing(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """On the page, with a small experiment."""
    window.setup.set_experiment(window.setup.shipped["regression"])
    window.setup.change("training.iterations", 12)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.body.page == "compare"
    return window
