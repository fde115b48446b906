"""The keyboard goes back to where it was before it came to a widget whose parts come and go."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusBack(QObject):
    """Remembers what had the keyboard before something inside a widget got it.

    Where a part with the keyboard is taken away, Qt would hand it to whatever comes next.

    Args:
        inside: the widget.
    """

    def __init__(self, inside: QWidget) -> None:
        super().__init__(inside)
        self._inside = inside
        self._before: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication), "there are widgets"
        application.focusChanged.connect(self._follow)

    def give_back(self) -> None:
        """Return the keyboard, if it is in here; to nobody where nobody had it."""
        now = QApplication.focusWidget()
        if now is None or not self._inside.isAncestorOf(now):
            return
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus()
        else:
            now.clearFocus()

    @Slot(QWidget, QWidget)
    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        came = now is not None and self._inside.isAncestorOf(now)
        if came and (before is None or not self._inside.isAncestorOf(before)):
            self._before = before
