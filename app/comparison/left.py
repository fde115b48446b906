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
    """A button for each subject, and below them the panel of one; and one for what is beside.

    Args:
        panels: by subject, as in "methods".

    Attributes:
        buttons: by subject.
        beside: turns to what is shown beside comparisons, if there is anything.

    Signals:
        turned: to another one.
    """

    turned = Signal()

    def __init__(
        self, panels: Mapping[str, ComparisonPanel[Any]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._subjects = [*panels]
        self._last = 0
        self._stack = QStackedWidget()
        self.buttons: dict[str, QToolButton] = {}
        self.beside: QToolButton | None = None
        self._choices = choices = QButtonGroup(self)
        self._row = row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 8, _MARGIN, 0)
        row.setSpacing(0)
        for number, (subject, panel) in enumerate(panels.items()):
            words = panel.words
            button = _button(words.title, words.what, f"Compare {words.title.lower()}")
            self.buttons[subject] = button
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
        """The one that is shown, or was last."""
        return self._subjects[self._last]

    @property
    def is_beside(self) -> bool:
        """Whether what is beside comparisons is shown."""
        return self._stack.currentIndex() >= len(self._subjects)

    def put_beside(self, title: str, what: str, panel: QWidget) -> None:
        """Offer something that is no comparison.

        Args:
            title: on its button.
            what: what it is for.
            panel: shown in turn with those of the subjects.
        """
        self.beside = _button(title, what, title)
        self._choices.addButton(self.beside, len(self._subjects))
        self._row.addWidget(self.beside)
        self._stack.addWidget(panel)

    def turn_beside(self) -> None:
        """Show what is no comparison."""
        if self.beside is not None:
            self.beside.setChecked(True)
            self._turn(len(self._subjects))

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
            self._last = self._last if self.is_beside else number
            self.turned.emit()


def _button(text: str, what: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(what)
    button.setAccessibleName(name)
    button.setAccessibleDescription(what)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
