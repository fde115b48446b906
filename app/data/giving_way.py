"""A thread that is busy with Python code gives way to the window, again and again."""

import threading
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

_BUSY: Final = 0.01
"""Seconds at a stretch."""

_PATIENCE: Final = 0.05
_LAST: Final = Qt.EventPriority.LowEventPriority.value - 1
"""After all that the window has to do, painting too."""


class GivingWay(QObject):
    """Holds a thread until the window's has done what it had to do.

    Two threads that run Python code fight for the interpreter lock, and the window would lose it
    to one that reads a file. This lives in the window's thread.

    Args:
        is_over: whether the busy thread need not go on; then it is not held.
    """

    def __init__(self, is_over: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_over = is_over
        self._had_its_turn = threading.Event()
        self._since = time.monotonic()

    def hold(self) -> None:
        """Wait for the window, if it has had no turn for some time; for the busy thread."""
        if time.monotonic() - self._since < _BUSY:
            return
        self._had_its_turn.clear()
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _LAST)
        while not self._is_over() and not self._had_its_turn.wait(_PATIENCE):
            pass
        self._since = time.monotonic()

    def event(self, event: QEvent) -> bool:
        """The window has done what it had to do."""
        if event.type() == QEvent.Type.User:
            self._had_its_turn.set()
            return True
        return super().event(event)
