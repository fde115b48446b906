"""Enter presses the button that has the focus, as the space bar does."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QToolButton, QWidget


class EnterKey(QObject):
    """Presses buttons, outside dialogs: there Enter presses what is to be done by default.

    Args:
        window: the shortcuts belong to it; they work in its floating plots as well.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._shortcuts = [QShortcut(QKeySequence(key), window) for key in ("Return", "Enter")]
        for shortcut in self._shortcuts:
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.setEnabled(False)
            shortcut.activated.connect(self._press)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """Take the key only while there is a button to press: elsewhere it means something else."""
        has_button = isinstance(now, QAbstractButton) and not isinstance(now.window(), QDialog)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(has_button)

    @Slot()
    def _press(self) -> None:
        button = QApplication.focusWidget()
        if not isinstance(button, QAbstractButton):
            return
        pops_up = QToolButton.ToolButtonPopupMode.InstantPopup
        if isinstance(button, QToolButton) and button.menu() and button.popupMode() == pops_up:
            button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))
        else:
            button.click()
