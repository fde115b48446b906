"""What stands above the fields: which experiment it is, and which fields are shown."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.plain_text import PlainLabel
from app.setup.fields import ChoiceField
from app.setup.question import QUESTION_SIZE

MARGIN = 12


_LINK = """
    QToolButton { color: palette(link); padding: 3px 4px; }
    QToolButton:focus { padding: 2px 3px; }
    QToolButton:disabled { color: transparent; }
"""


class SetupHead(QWidget):
    """The experiment, its description on request, and the choice of the fields below.

    Args:
        experiment_box: which experiment the fields were filled from.

    Attributes:
        about_button, about: shows the description; the description.
        reset_button: restores the experiment's values.
        essential_button, all_button: few fields, or all in sections.
        search: finds fields; there only for all of them.

    Signals:
        shows_all_changed: whether all fields are to be shown.
        searched: the words of the fields to show, or "".
    """

    shows_all_changed = Signal(bool)
    searched = Signal(str)

    def __init__(self, experiment_box: ChoiceField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about_button = QToolButton()
        self.about_button.setText("What is it?")
        self.about_button.setStyleSheet(_LINK)
        self.about_button.setCheckable(True)
        self.about_button.setToolTip("Show or hide what the experiment is about")
        self.about = PlainLabel()
        self.about.setObjectName("muted")
        self.about.hide()
        self.reset_button = QPushButton("Restore defaults")
        self.essential_button = _choice("Essential", "The fields that everyone needs")
        self.all_button = _choice("All", "All fields, in sections")
        self.essential_button.setChecked(True)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a field")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Find a field")
        self.search.setToolTip("Show the fields whose names or explanations have these words")
        self.search.hide()
        self.set_restorable("")
        for widget in (
            self.about_button,
            self.reset_button,
            self.essential_button,
            self.all_button,
            self.search,
        ):
            widget.setAccessibleDescription(widget.toolTip())
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        choices = QButtonGroup(self)
        views = QHBoxLayout()
        views.setSpacing(0)
        for button in (self.essential_button, self.all_button):
            choices.addButton(button)
            views.addWidget(button)
        views.addSpacing(8)
        views.addWidget(self.search, 1)
        views.addStretch(0)
        more = QHBoxLayout()
        more.addWidget(self.about_button)
        more.addStretch(1)
        more.addWidget(self.reset_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 8, 0, 8)
        column.setSpacing(6)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, QUESTION_SIZE + 4, 0)  # as wide as the box above
        below.setSpacing(6)
        below.addLayout(more)
        below.addWidget(self.about)
        below.addLayout(views)
        column.addWidget(experiment_box)
        column.addLayout(below)
        self.about_button.toggled.connect(self._show_about)
        self.all_button.toggled.connect(self._choose)
        self.search.textChanged.connect(self.searched)

    @property
    def shows_all(self) -> bool:
        """Whether all fields are to be shown."""
        return self.all_button.isChecked()

    def set_restorable(self, hindrance: str) -> None:
        """Let the experiment's values be restored; or say what is in the way."""
        self.reset_button.setEnabled(not hindrance)
        tip = "Restore every field to its value in the experiment above"
        self.reset_button.setToolTip(f"{tip}: {hindrance}" if hindrance else tip)
        self.reset_button.setAccessibleDescription(self.reset_button.toolTip())

    def describe(self, text: str) -> None:
        """Have another description."""
        self.about.setText(text)
        self.about_button.setEnabled(bool(text))
        self._show_about(self.about_button.isChecked())

    @Slot()
    def start_search(self) -> None:
        """Show all fields, and let a person say which."""
        self.all_button.setChecked(True)
        self.search.setFocus()
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows all fields again."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    @Slot(bool)
    def _show_about(self, shown: bool) -> None:
        self.about.setVisible(shown and bool(self.about.text()))

    @Slot(bool)
    def _choose(self, shows_all: bool) -> None:
        self.search.setVisible(shows_all)
        if not shows_all:
            self.search.clear()
        self.shows_all_changed.emit(shows_all)


def _choice(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(f"{text} fields")
    return button
