"""Ctrl+C in the terminal that the window was started from."""

import signal
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_MILLISECONDS = 200


class Interrupt(QObject):
    """Passes on an interrupt from the terminal once the event loop has nothing else to do.

    Python calls a signal's handler in the middle of whatever the window's thread is doing, which
    may well be painting, so the handler does no more than note it. The timer also makes Python run
    now and then, without which it would not see the signal.

    Signals:
        requested: somebody pressed Ctrl+C.
    """

    requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_noted = False
        self._usual: Callable[..., Any] | int | None = signal.SIG_DFL
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._pass_on)

    def start(self) -> None:
        """Listen, in place of the handler that was installed before."""
        self._usual = signal.signal(signal.SIGINT, self._note)
        self._timer.start()

    def stop(self) -> None:
        """Put the former handler back."""
        self._timer.stop()
        signal.signal(signal.SIGINT, self._usual)

    def _note(self, *_: object) -> None:
        self._is_noted = True

    @Slot()
    def _pass_on(self) -> None:
        if self._is_noted:
            self._is_noted = False
            self.requested.emit()
