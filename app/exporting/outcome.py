"""What a dialog that writes files says at its end, with a button that opens their folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class Outcome(QWidget):
    """Says how many files there are.

    Attributes:
        text: says so.
        open_button: shows the folder in the system's file manager.

    Signals:
        failed: one sentence, if the folder cannot be shown.
    """

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self.text = QLabel()
        self.open_button = QPushButton("Open fo&lder")
        self.open_button.setAutoDefault(False)
        self.open_button.setAccessibleName("Open folder")
        self.open_button.setAccessibleDescription("Show the folder in the file manager")
        self.open_button.setToolTip(self.open_button.accessibleDescription())
        self.open_button.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self.text)
        row.addWidget(self.open_button)

    def show_files(self, paths: Sequence[str]) -> None:
        """Say how many were written, all into one folder."""
        self._folder = Path(paths[0]).parent
        self.text.setText(
            "1 file exported." if len(paths) == 1 else f"{len(paths)} files exported."
        )

    @Slot()
    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder.resolve()))):
            self.failed.emit(f"{self._folder}: no program on this system shows folders.")
