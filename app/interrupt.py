"""Ctrl+C in the terminal that the window was started from, and other signals to stop."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.stopping import WORDS

_MILLISECONDS = 200


class Interrupt(QObject):
    """Passes on a signal from the system once the event loop has nothing else to do.

    Python calls a signal's handler in the middle of whatever the window's thread is doing, which
    may well be painting, so the handler does no more than note it. The timer also makes Python run
    now and then, without which it would not see the signal. A second signal ends the process.

    Attributes:
        number: of the signal that came; 0 until then.

    Signals:
        requested: somebody pressed Ctrl+C, or the program was told to end.
    """

    requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self._usual: dict[int, Callable[..., Any] | int | None] = {}
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._pass_on)

    def start(self) -> None:
        """Listen, in place of the handlers that were installed before."""
        for number in WORDS:
            if signal.getsignal(number) != signal.SIG_IGN:
                self._usual[number] = signal.signal(number, self._note)
        self._timer.start()

    def stop(self) -> None:
        """Put the former handlers back."""
        self._timer.stop()
        for number, usual in self._usual.items():
            signal.signal(number, usual)

    def _note(self, number: int, _: FrameType | None) -> None:
        if self.number:
            os._exit(128 + number)
        self.number = number

    @Slot()
    def _pass_on(self) -> None:
        if self.number:
            self._timer.stop()
            self.requested.emit()
