"""A window with nothing in it but the set-up panel, and the actions that undo and redo it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QScrollBar, QWidget
from pytestqt.qtbot import QtBot
from qt_manners import LASTING, let_go

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


class Halls:
    """A hall for one test after the other, on a shipped experiment, with nothing to undo yet.

    What a test leaves is cleared away. Where that does not make it like a new one, there is another
    one for the next test.
    """

    def __init__(self, name: str = "schedules") -> None:
        self._name = name
        self._hall: Hall | None = None
        self._as_new: object = None

    def enter(self, qtbot: QtBot) -> Hall:
        """The hall, shown and active."""
        make_application()
        if self._hall is None:
            self._hall = hall = Hall()
            hall.setup.set_experiment(hall.setup.shipped[self._name])
            hall.setup.history.clear()
            LASTING.append(hall)
            hall.show()
            qtbot.waitExposed(hall)
            self._as_new = _state_of(hall)
        self._hall.activateWindow()
        return self._hall

    def leave(self) -> None:
        """Clear away what a test has left."""
        hall = self._hall
        assert hall is not None
        setup = hall.setup
        if setup.data.is_reading:
            self.close()  # waits for it
            return
        setup.set_editable(True)
        setup.set_experiment(setup.shipped[self._name])
        setup.head.essential_button.setChecked(True)
        setup.head.about_button.setChecked(False)
        for section in setup.form.sections.values():
            section.button.setChecked(False)
        setup.history.clear()
        if (focused := hall.focusWidget()) is not None:
            focused.clearFocus()
        for bar in setup.findChildren(QScrollBar):
            bar.setValue(0)
        QApplication.processEvents()
        if _state_of(hall) != self._as_new:
            self.close()

    def close(self) -> None:
        """Nobody comes any more."""
        if self._hall is not None:
            self._hall.setup.shut_down()
            let_go(self._hall)
            self._hall = None


def _state_of(hall: Hall) -> object:
    """What tests change and look at."""
    setup, head = hall.setup, hall.setup.head
    return (
        hall.size(),
        _widgets_in(hall),
        head.shows_all,
        head.search.text(),
        [section.is_open for section in setup.form.sections.values()],
        {key: (field.isVisible(), field.isEnabled()) for key, field in setup.fields.items()},
        setup.experiment_box.box.count(),
        setup.experiment_box.box.isEnabled(),
        setup.is_ready,
        setup.problems,
        setup.is_ready and setup.experiment(),
        setup.history.count(),
        _widgets_in(setup),
    )


def _widgets_in(whole: QWidget) -> list[type[QObject]]:
    """What stands in it; not what the style has put beside, to move its bars."""
    return [type(part) for part in whole.children() if isinstance(part, QWidget)]
