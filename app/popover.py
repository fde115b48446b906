"""What lies over the window until a click elsewhere, and never beyond the screen."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget


class Popover(QFrame):
    """A frame of its own, whole on the screen, also after it has grown while it is seen.

    Args:
        parent: which it belongs to.
        frameless: whether the system draws no frame around it.
    """

    def __init__(self, parent: QWidget | None = None, *, frameless: bool = True) -> None:
        kind = Qt.WindowType.Popup
        super().__init__(parent, kind | Qt.WindowType.FramelessWindowHint if frameless else kind)

    def place_at(self, place: QPoint) -> None:
        """Put its upper left corner at a place of the screen, as far as there is room."""
        screen = QGuiApplication.screenAt(place) or self.screen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x(), room.left() + room.width() - self.width()))
        y = max(room.top(), min(place.y(), room.top() + room.height() - self.height()))
        self.move(x, y)

    def showEvent(self, event: QShowEvent) -> None:
        """Its layout may have needed more room than was thought: then it makes way."""
        super().showEvent(event)
        self.place_at(self.pos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What it holds may have changed."""
        super().resizeEvent(event)
        if self.isVisible():
            self.place_at(self.pos())
