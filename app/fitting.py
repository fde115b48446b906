"""A window that fits the screen it opens on, frame included."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer, Slot
from PySide6.QtWidgets import QWidget


class Fitting(QObject):
    """Makes a window smaller, and moves it, if it would not fit when it is first shown.

    Args:
        window: it has its usual size, or the one that it had last.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fit)
        window.installEventFilter(self)
        room = window.screen().availableSize()
        window.resize(window.size().boundedTo(room))

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Wait for the window: only then it has a frame."""
        if event.type() == QEvent.Type.Show:
            window.removeEventFilter(self)
            self._later.start()
        return False

    @Slot()
    def _fit(self) -> None:
        window = self._window
        if window.isVisible() and not (window.isMaximized() or window.isFullScreen()):
            frame, inside = window.frameGeometry(), window.geometry()
            fitted = inside_of(window.screen().availableGeometry(), frame)
            if fitted != frame:
                window.resize(fitted.size() - (frame.size() - inside.size()))
                window.move(fitted.topLeft())


def inside_of(room: QRect, frame: QRect) -> QRect:
    """A frame of the same size, or as much of it as there is room for, moved into the room."""
    size: QSize = frame.size().boundedTo(room.size())
    left = min(max(frame.left(), room.left()), room.left() + room.width() - size.width())
    top = min(max(frame.top(), room.top()), room.top() + room.height() - size.height())
    return QRect(left, top, size.width(), size.height())
