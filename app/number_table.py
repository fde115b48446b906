"""A table of numbers whose columns are as wide as their names, in type of any size."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QTableView, QWidget

_AROUND: Final = 20  # pixels of a cell that its text does not fill
_WIDEST: Final = 640  # pixels; a longer name is shortened, and whole in its tool tip


class NumberTable(QTableView):
    """Shows a table; each column has room for its name and for its numbers.

    Attributes:
        widest: the longest text in the cells of each column.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widest: list[str] = []
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)

    @Slot()
    def fit_columns(self) -> None:
        """Make room in every column; none becomes narrower."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for column, text in enumerate(self.widest):
            needed = max(header.sectionSizeHint(column), metrics.horizontalAdvance(text) + _AROUND)
            self.setColumnWidth(column, max(min(needed, _WIDEST), self.columnWidth(column)))

    def changeEvent(self, event: QEvent) -> None:
        """Make room for type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit_columns()
