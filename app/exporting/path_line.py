"""A line for the path of a folder, whose beginning and end are both seen."""

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from app.plain_text import plain_tip

_BESIDE_TEXT = 2  # pixels that Qt leaves on either side of it


class PathLine(QLineEdit):
    """Shortens the middle of a path that is too long, except while it is edited.

    Args:
        path: at first.
        what: explains the line; its tool tip is that, and the whole path while it is shortened.
    """

    def __init__(self, path: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(path, parent)
        self._what = what
        self.textChanged.connect(self._explain)
        self._explain()

    @property
    def shown(self) -> str:
        """The path as it is seen."""
        return self.text() if self.hasFocus() else self._short()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame and the shortened path."""
        shown = self.shown
        if shown == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        with QPainter(self) as painter:
            frame = QStyle.PrimitiveElement.PE_PanelLineEdit
            self.style().drawPrimitive(frame, option, painter, self)
            group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
            painter.setPen(self.palette().color(group, QPalette.ColorRole.Text))
            painter.drawText(self._room(), Qt.AlignmentFlag.AlignVCenter, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten it to another width."""
        super().resizeEvent(event)
        self._explain()

    def _short(self) -> str:
        room = self._room().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_LineEditContents
        inside = self.style().subElementRect(element, option, self)
        return inside.adjusted(_BESIDE_TEXT, 0, -_BESIDE_TEXT, 0)

    @Slot()
    def _explain(self) -> None:
        is_whole = self._short() == self.text()
        self.setToolTip(self._what if is_whole else plain_tip(f"{self.text()}\n{self._what}"))
