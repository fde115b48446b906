"""A window that fits the screen it opens on, frame included."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer, Slot
from PySide6.QtWidgets import QWidget

_EVERY: Final = 50  # milliseconds
_LOOKS: Final = 20


class Fitting(QObject):
    """Makes a window smaller, and moves it, if it would not fit when it is first shown.

    It looks several times, because a window manager puts the frame around the window when it gets
    to it; and no more once the window has got another size.

    Args:
        window: it has its usual size, or the one that it had last.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._looks, self._size = 0, window.size()
        self._later = QTimer(self, interval=_EVERY)
        self._later.timeout.connect(self._fit)
        window.installEventFilter(self)
        room = window.screen().availableSize()
        window.resize(window.size().boundedTo(room))

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Wait for the window: only then can it have a frame."""
        if event.type() == QEvent.Type.Show and not self._looks:
            self._size = self._window.size()
            self._later.start()
        elif event.type() == QEvent.Type.Hide:
            self._later.stop()
        return False

    @Slot()
    def _fit(self) -> None:
        window = self._window
        self._looks += 1
        is_over = self._looks == _LOOKS or window.size() != self._size  # as somebody wanted it
        if is_over or window.isMaximized() or window.isFullScreen() or not window.isVisible():
            self._later.stop()
            return
        frame, inside = window.frameGeometry(), window.geometry()
        fitted = inside_of(window.screen().availableGeometry(), frame)
        if fitted != frame:
            window.resize(fitted.size() - (frame.size() - inside.size()))
            window.move(fitted.topLeft())
            self._size = window.size()


def inside_of(room: QRect, frame: QRect) -> QRect:
    """A frame of the same size, or as much of it as there is room for, moved into the room."""
    size: QSize = frame.size().boundedTo(room.size())
    left = min(max(frame.left(), room.left()), room.left() + room.width() - size.width())
    top = min(max(frame.top(), room.top()), room.top() + room.height() - size.height())
    return QRect(left, top, size.width(), size.height())
