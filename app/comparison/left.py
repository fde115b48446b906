"""The left of the page Compare: what is to be compared, one subject at a time."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.comparison.panel import ComparisonPanel

_MARGIN: Final = 12


class ComparePanel(QWidget):
    """A button for each subject, and below them the panel of one.

    Args:
        panels: by subject, as in "methods".

    Attributes:
        buttons: by subject.

    Signals:
        turned: to another one.
    """

    turned = Signal()

    def __init__(
        self, panels: Mapping[str, ComparisonPanel[Any]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._subjects = [*panels]
        self._stack = QStackedWidget()
        self.buttons: dict[str, QToolButton] = {}
        choices = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 8, _MARGIN, 0)
        row.setSpacing(0)
        for number, (subject, panel) in enumerate(panels.items()):
            button = self.buttons[subject] = QToolButton()
            button.setText(panel.words.title)
            button.setCheckable(True)
            button.setToolTip(panel.words.what)
            button.setAccessibleName(f"Compare {button.text().lower()}")
            button.setAccessibleDescription(panel.words.what)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choices.addButton(button, number)
            row.addWidget(button)
            self._stack.addWidget(panel)
        row.addStretch(1)
        self.buttons[self.subject].setChecked(True)
        choices.idClicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)

    @property
    def subject(self) -> str:
        """The one that is shown."""
        return self._subjects[self._stack.currentIndex()]

    def turn_to(self, subject: str) -> None:
        """Show the panel of a subject."""
        self.buttons[subject].setChecked(True)
        self._turn(self._subjects.index(subject))

    def set_turnable(self, on: bool) -> None:
        """Let a person turn to another one, or not, while a comparison goes on."""
        for button in self.buttons.values():
            button.setEnabled(on or button.isChecked())

    @Slot(int)
    def _turn(self, number: int) -> None:
        if number != self._stack.currentIndex():
            self._stack.setCurrentIndex(number)
            self.turned.emit()
