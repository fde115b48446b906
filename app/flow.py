"""Widgets in a row, and in further rows once there is no room for them."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from app.plain_text import plain_tip


class Flow(QLayout):
    """Rows of widgets, each as wide as it asks for, and none wider than the rows.

    It never asks for a width: what holds it stays as narrow as it is.
    """

    def __init__(self, apart: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(apart)

    def addItem(self, item: QLayoutItem) -> None:
        """Put one at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower rows are more."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of all rows."""
        return self._lay_out(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, room: QRect) -> None:
        """Put each into its place."""
        super().setGeometry(room)
        self._lay_out(room, moves=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        sizes = [item.sizeHint() for item in self._seen()]
        wide = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(wide, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """No room across."""
        return QSize(0, self.sizeHint().height())

    def _seen(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay_out(self, room: QRect, *, moves: bool) -> int:
        """Go through the rows.

        Returns:
            The height of all.
        """
        x, y, high = 0, 0, 0
        for item in self._seen():
            size = item.sizeHint()
            wide = min(size.width(), room.width())
            if x and x + wide > room.width():
                x, y, high = 0, y + high + self.spacing(), 0
            if moves:
                item.setGeometry(QRect(room.topLeft() + QPoint(x, y), QSize(wide, size.height())))
            x, high = x + wide + self.spacing(), max(high, size.height())
        return y + high


class GivingButton(QPushButton):
    """A button that never asks for room: what does not fit is shortened, and whole in the tip.

    Args:
        text: what it says.
        tip: what it does.
    """

    def __init__(self, text: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._tip = "", tip
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(tip)
        self.setText(text)

    def text(self) -> str:
        """All that it says."""
        return self._whole

    def setText(self, text: str) -> None:
        """Say something else."""
        self._whole = text
        self.setAccessibleName(text)
        super().setText(text)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for all that it says."""
        drawn = super().sizeHint()
        metrics = self.fontMetrics()
        left_out = metrics.horizontalAdvance(self._whole) - metrics.horizontalAdvance(
            super().text()
        )
        return QSize(drawn.width() + left_out, drawn.height())

    def minimumSizeHint(self) -> QSize:
        """No room across."""
        return QSize(0, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        beside = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self._whole)
        room = self.width() - beside
        is_whole = self.width() >= self.sizeHint().width()
        short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room)
        super().setText(self._whole if is_whole else short)
        self.setToolTip(plain_tip(self._tip if is_whole else f"{self._whole}\n{self._tip}"))
