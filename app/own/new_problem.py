"""The dialog that offers what a new problem may start from."""

import ast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.own.consents import problems_that_ship
from app.plain_text import PlainLabel

_TEXT = (
    "A problem of your own is a Python file with a training loss, a validation loss and "
    "hyperparameters that you name. Choose what to start from: the file is written where you want "
    "it, and opens in your editor."
)


class NewProblemDialog(QDialog):
    """Lists the files that ship.

    Attributes:
        files: one each, by its title.

    Signals:
        chosen: the name of a file that ships, and its text.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New problem")
        self.files = QListWidget()
        self.files.setAccessibleName("What to start from")
        self._texts = problems_that_ship()
        self._about = PlainLabel()
        self._about.setObjectName("muted")
        self._about.setWordWrap(True)
        for name, text in self._texts.items():
            title, _, more = (ast.get_docstring(ast.parse(text)) or name).partition("\n")
            item = QListWidgetItem(title.rstrip("."))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setData(Qt.ItemDataRole.UserRole + 1, " ".join(more.split()))
            self.files.addItem(item)
        buttons = QDialogButtonBox()
        self.choose = buttons.addButton("Write to…", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self.files.currentItemChanged.connect(self._tell)
        self.files.itemDoubleClicked.connect(self._choose)
        label = PlainLabel()
        label.setText(_TEXT)
        label.setWordWrap(True)
        column = QVBoxLayout(self)
        for widget in (label, self.files, self._about, buttons):
            column.addWidget(widget)
        self._about.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.files.setMaximumHeight(6 * self.fontMetrics().lineSpacing())
        self.resize(520, 340)
        self.files.setCurrentRow(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Lay the rows out in the type and style that they have now."""
        super().showEvent(event)
        self.files.doItemsLayout()

    @Slot()
    def _tell(self) -> None:
        item = self.files.currentItem()
        self._about.setText(str(item.data(Qt.ItemDataRole.UserRole + 1)) if item else "")

    @Slot()
    def _choose(self) -> None:
        name = str(self.files.currentItem().data(Qt.ItemDataRole.UserRole))
        self.accept()
        self.chosen.emit(name, self._texts[name])
