"""A window with nothing in it but the set-up panel, and the actions that undo and redo it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.setup.setup_panel import SetupPanel
from engine.experiments.files import list_experiments


class Hall(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.setup = SetupPanel(list_experiments(), self)
        self.setCentralWidget(self.setup)
        self.undo_action = self._action(self.setup.history.createUndoAction(self), "Ctrl+Z")
        self.redo_action = self._action(self.setup.history.createRedoAction(self), "Ctrl+Shift+Z")

    def _action(self, action: QAction, keys: str) -> QAction:
        action.setShortcut(QKeySequence(keys))
        self.addAction(action)
        return action


@contextmanager
def opened(qtbot: QtBot, name: str = "schedules") -> Iterator[Hall]:
    """The hall, on a shipped experiment, with nothing to undo yet."""
    make_application()
    made = Hall()
    made.setup.set_experiment(made.setup.shipped[name])
    made.setup.history.clear()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.setup.shut_down()
    made.close()
