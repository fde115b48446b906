"""A window that fills the screen, and goes back to how it was."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget


class FullScreen(QObject):
    """Makes a window fill the screen or not; the action knows which, whoever made it so.

    Args:
        window: beside filling the screen, it stays maximised if it was.
        action: checked while the window fills the screen.
    """

    def __init__(self, window: QWidget, action: QAction) -> None:
        super().__init__(window)
        self._window, self._action = window, action
        window.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether the window fills the screen."""
        return self._window.isFullScreen()

    @Slot(bool)
    def set_on(self, on: bool) -> None:
        """Fill the screen, or not."""
        full, state = Qt.WindowState.WindowFullScreen, self._window.windowState()
        self._window.setWindowState(state | full if on else state & ~full)
        self._action.setChecked(self.is_on)  # not every system tells of what it was asked for

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Follow what anybody makes of the window."""
        if event.type() == QEvent.Type.WindowStateChange:
            self._action.setChecked(self.is_on)
        return False
