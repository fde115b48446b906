"""What differs between ticked runs: a column for each, with its number on its colour."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.plain_text import plain_tip

if TYPE_CHECKING:
    from engine.output.differences import Row

_AROUND: Final = 12  # pixels that a row has besides its type
_MOST_ROWS: Final = 7  # that are seen at once


class DifferencesTable(QTableWidget):
    """Shows results, and settings that are not the same; Ctrl+C copies all as CSV."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self.setAccessibleName("What differs")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(18, 18))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setHighlightSections(False)
        self._names: list[str] = []
        self._rows: list[Row] = []

    def show_rows(
        self, names: Sequence[str], icons: Sequence[QIcon], rows: "Sequence[Row]"
    ) -> None:
        """Show what is told of these runs.

        Args:
            names: of the runs, with their numbers.
            icons: their numbers on their colours.
            rows: what is told of each of them.
        """
        self._names, self._rows = list(names), list(rows)
        self.setColumnCount(len(names))
        self.setRowCount(len(rows))
        for column, (name, icon) in enumerate(zip(names, icons, strict=True)):
            heading = QTableWidgetItem(icon, name.partition(" ")[2])
            heading.setToolTip(plain_tip(name))
            self.setHorizontalHeaderItem(column, heading)
        for place, row in enumerate(rows):
            heading = QTableWidgetItem(row.title)
            heading.setToolTip(plain_tip(row.key))
            self.setVerticalHeaderItem(place, heading)
            for column, text in enumerate(row.values):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(text))
                self.setItem(place, column, item)
        self._fit()

    def set_type(self, font: QFont) -> None:
        """Write in this type, in rows as high as it asks for."""
        self.setStyleSheet(f"* {{ font-size: {font.pointSizeF()}pt; }}")
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + _AROUND)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put all of it on the clipboard, as CSV."""
        from engine.output.differences import to_csv

        QGuiApplication.clipboard().setText(to_csv(self._names, self._rows))

    def _fit(self) -> None:
        rows = max(min(self.rowCount(), _MOST_ROWS), 2)
        high = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2
        high += rows * self.verticalHeader().defaultSectionSize()
        if self.horizontalHeader().length() > self.viewport().width():
            high += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(high)
