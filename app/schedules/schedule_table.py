"""A schedule as numbers: a table of iterations by groups, typed, copied and pasted."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QFont, QGuiApplication, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.number_table import NumberTable
from app.plain_text import plain_tip
from app.plots.pens import DASHES, STROKE, stroke_icon
from app.schedules.pasted import cells_of, with_cells
from app.schedules.schedule_edits import ScheduleEdits
from app.theme import Theme
from engine.errors import InputError
from engine.plots import apart, digits_between, number_in_words
from engine.plots.strokes import Strand

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_USUAL_DIGITS = 5


class ScheduleNumbers(QAbstractTableModel):
    """The values of a schedule; typing one is an edit.

    Attributes:
        icons: a piece of each group's curve; none, if there is only one.
    """

    def __init__(self, edits: ScheduleEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits = edits
        self.icons: list[QIcon] = []
        self._digits = self._count_digits()
        edits.changed.connect(self._tell)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """T."""
        return 0 if parent.isValid() else self._edits.iterations

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """G, or 1."""
        return 0 if parent.isValid() else len(self._edits.group_names)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every number can be typed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A number in short or in full; bold where it differs from the original."""
        place = index.row(), index.column()
        value, original = float(self._edits.values[place]), float(self._edits.original[place])
        if role == Qt.ItemDataRole.DisplayRole:
            return number_in_words(value, self._digits)
        if role == Qt.ItemDataRole.EditRole:
            return repr(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"originally {apart([original, value], 6)[0]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and value != original:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Enter a typed number."""
        return self.enter(index.row(), index.column(), [[str(value)]], "type a number")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Groups across, iterations down."""
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.ToolTipRole and across:
            return plain_tip(self._edits.group_names[section])
        if role == Qt.ItemDataRole.DecorationRole and across and self.icons:
            return self.icons[section].pixmap(STROKE)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if across:
            return self._edits.group_names[section]
        return str(section)

    def enter(self, row: int, column: int, cells: list[list[str]], what: str) -> bool:
        """Enter a block of numbers, all or nothing.

        Args:
            row: iteration of its first row.
            column: group of its first column.
            cells: the block, row by row.
            what: the edit, for people.
        """
        edits = self._edits
        try:
            values = with_cells(edits.values, cells, (row, column), edits.name, edits.group_names)
        except InputError as error:
            edits.refused.emit(str(error))
            return False
        typed = {
            (row + down, column + across): text
            for down, line in enumerate(cells)
            for across, text in enumerate(line)
        }
        return edits.apply(values, what, typed=typed)

    @property
    def strands(self) -> Sequence[Strand]:
        """Name and stroke of each group."""
        return self._edits.strands

    @property
    def widest(self) -> str:
        """A text as long as the longest that a cell has."""
        return f"-0.{self._digits * '0'}e-00"

    def _count_digits(self) -> int:
        """As many as tell successive values of a group apart."""
        return max(digits_between(column, _USUAL_DIGITS) for column in self._edits.values.T)

    @Slot()
    def _tell(self) -> None:
        self._digits = self._count_digits()
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)


class ScheduleTable(NumberTable):
    """Shows the numbers; copies and pastes blocks of them as tab-separated text."""

    def __init__(self, edits: ScheduleEdits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = ScheduleNumbers(edits, self)
        self.setModel(self.numbers)
        self.setAccessibleName(f"{edits.name.capitalize()}s as numbers, iterations by groups")
        self.setToolTip("Type a number, or paste columns copied from a spreadsheet (Ctrl+V)")
        self.horizontalHeader().setMinimumSectionSize(76)
        self.horizontalHeader().setDefaultSectionSize(76)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self._make_room()
        self.numbers.dataChanged.connect(self._make_room)

    def set_theme(self, theme: Theme) -> list[QIcon]:
        """Show what the curve of each group looks like, and return it; nothing for a single one."""
        strands = self.numbers.strands
        if len(strands) > 1:
            self.numbers.icons = [
                stroke_icon(self, theme.line_colour(strand.colour), DASHES[strand.dash])
                for strand in strands
            ]
            last = self.numbers.columnCount() - 1
            self.numbers.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
            self.fit_columns()
        return self.numbers.icons

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy and paste; the other keys are those of any table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the rectangle around what is selected."""
        chosen = self.selectedIndexes()
        if not chosen:
            return
        rows = [index.row() for index in chosen]
        columns = [index.column() for index in chosen]
        across = range(min(columns), max(columns) + 1)
        lines = (
            "\t".join(str(self._full(row, column)) for column in across)
            for row in range(min(rows), max(rows) + 1)
        )
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """Enter the clipboard's numbers, from the first selected cell on."""
        cells = cells_of(QGuiApplication.clipboard().text())
        corner = min(
            ((index.row(), index.column()) for index in self.selectedIndexes()), default=(0, 0)
        )
        if cells:
            self.numbers.enter(*corner, cells, "paste")

    def select_rows(self, first: int, last: int, columns: list[int]) -> None:
        """Select a range of iterations in some groups."""
        model = self.selectionModel()
        model.clearSelection()
        for column in columns:
            corner, end = self.numbers.index(first, column), self.numbers.index(last, column)
            model.select(QItemSelection(corner, end), QItemSelectionModel.SelectionFlag.Select)
        self.scrollTo(self.numbers.index(first, columns[0]))

    @Slot()
    def _make_room(self) -> None:
        self.widest = [self.numbers.widest] * self.numbers.columnCount()
        self.fit_columns()

    def _full(self, row: int, column: int) -> Any:
        return self.numbers.data(self.numbers.index(row, column), Qt.ItemDataRole.EditRole)
