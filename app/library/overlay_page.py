"""Placeholder."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class OverlayPage(QWidget):
    def __init__(self, table, shelf, theme, parent=None):
        super().__init__(parent)
        self.lanes = QWidget()
        QVBoxLayout(self).addWidget(QLabel("Tick runs."))

    def set_theme(self, theme):
        pass
