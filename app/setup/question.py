"""The "?" beside a field."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

QUESTION_SIZE = 18


class Question(QToolButton):
    """A "?" that is always in its place, but drawn only while it is offered.

    Args:
        label: of the field that it asks about.
        parent: the field.

    Attributes:
        is_offered: whether it is drawn.
    """

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_offered = False
        self.setText("?")
        self.setFixedSize(QUESTION_SIZE, QUESTION_SIZE)
        self.setObjectName("question")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"What is {label}?")
        self.setToolTip("What is this? (F1)")
        self.setAccessibleDescription(self.toolTip())

    def offer(self, offered: bool) -> None:
        """Draw the "?", or leave its place empty."""
        if offered != self.is_offered:
            self.is_offered = offered
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it while it is offered."""
        if self.is_offered:
            super().paintEvent(event)
