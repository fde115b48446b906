"""A dialog for unexpected errors, with a report that can be copied."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.plain_text import PlainLabel

_ADVICE = (
    "You can continue to use the window, and view and export the results so far. The report below "
    "describes the error; it contains the experiment's settings, but no data."
)


class FailureDialog(QDialog):
    """One sentence, a report, and three buttons: copy, quit, continue.

    Args:
        sentence: what went wrong, for people.
        report: what a developer needs to know.

    Signals:
        quit_requested: the person wants to leave the program.
    """

    quit_requested = Signal()

    def __init__(self, sentence: str, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unexpected error")
        self.setAccessibleDescription(sentence)
        self.sentence = PlainLabel(sentence)
        self.sentence.setObjectName("title")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        advice = QLabel(_ADVICE)
        advice.setObjectName("muted")
        advice.setWordWrap(True)
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = self._button("Copy report", "Copy the report to the clipboard", self._copy)
        self.go_on = self._button("Continue", "Close this and continue (Esc)", self.accept)
        self.leave = self._button("Quit", "End the run and quit Retrograde", self._quit)
        self.go_on.setDefault(True)
        self.report.setAccessibleName("Report")
        self.report.setAccessibleDescription(
            "Versions, the error and its place, and the experiment"
        )

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addWidget(advice)
        column.addWidget(self.report, 1)
        column.addLayout(row)
        self.resize(720, 480)
        self.go_on.setFocus()

    def add(self, report: str) -> None:
        """Add an error that occurred while the dialog was open."""
        self.report.appendPlainText(report)

    def _button(self, text: str, tip: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.setAutoDefault(False)
        button.clicked.connect(does)
        return button

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText("Copied")

    @Slot()
    def _quit(self) -> None:
        self.accept()
        self.quit_requested.emit()
