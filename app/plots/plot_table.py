"""The numbers behind a plot, as a table in a dialog: to be read, and to be copied."""

import math
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QVBoxLayout,
    QWidget,
)

from app.number_table import NumberTable
from app.plain_text import PlainLabel, plain_tip
from engine.plots import AnyPlot, Plot, cell_in_words, digits_between, number_in_words, table

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_USUAL_DIGITS: Final = 6
_NARROWEST: Final = 640  # pixels
_BESIDE: Final = 40  # around the table


class PlotTableModel(QAbstractTableModel):
    """A plot's numbers as they are when it is made.

    Args:
        plot: whose numbers.
    """

    def __init__(self, plot: AnyPlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header, self.rows = table(plot)
        self.digits = [self._digits(column) for column in range(len(self.header))]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as there are places."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as the header has names."""
        return 0 if parent.isValid() else len(self.header)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A name, or a number to the digits of its column; nothing where there is none."""
        if role == Qt.ItemDataRole.DisplayRole:
            cell = self.rows[index.row()][index.column()]
            if isinstance(cell, str):
                return cell
            return "" if math.isnan(cell) else number_in_words(cell, self.digits[index.column()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def widest(self, column: int) -> str:
        """A text as long as the longest of a column's cells."""
        names = {row[column] for row in self.rows if isinstance(row[column], str)}
        return max((str(name) for name in names), key=len, default="") or (
            f"-0.{self.digits[column] * '0'}e-00"
        )

    def _digits(self, column: int) -> int:
        """How many digits tell the numbers of a column apart, row by row."""
        cells = (row[column] for row in self.rows)
        numbers = np.array([cell for cell in cells if not isinstance(cell, str)], np.float64)
        return digits_between(numbers, _USUAL_DIGITS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names; the rows' numbers, from 1."""
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.ToolTipRole and across:
            return plain_tip(self.header[section])
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.header[section] if across else section + 1

    def as_text(self, rows: list[int] | None = None) -> str:
        """Header and rows with every digit, columns apart by tabs, for a spreadsheet.

        Args:
            rows: which; None: all.
        """
        chosen = self.rows if rows is None else [self.rows[row] for row in rows]
        lines = ["\t".join(" ".join(name.split()) for name in self.header)]
        lines += ["\t".join(map(cell_in_words, row)) for row in chosen]
        return "\n".join(lines) + "\n"


class PlotTable(QDialog):
    """Shows a plot's numbers as they were when it was opened.

    Args:
        plot: whose numbers.

    Attributes:
        view: the table.
        copy_button, close_button: what they say.
    """

    def __init__(self, plot: AnyPlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{plot.title}: data")
        self.model = PlotTableModel(plot, self)
        self.view = NumberTable()
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setAccessibleName(f"Data of the plot {plot.title}")
        count = len(self.model.rows)
        what = f"{count:,} row{'' if count == 1 else 's'}, as of when this table was opened."
        if isinstance(plot, Plot) and plot.marks:
            what += f" Marked in the plot: {'; '.join(mark.name for mark in plot.marks)}."
        self.view.setAccessibleDescription(what)
        self.view.setToolTip("Select rows to copy only those")
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.view.widest = [self.model.widest(column) for column in range(len(self.model.header))]
        self.view.fit_columns()
        note = PlainLabel(what)
        note.setObjectName("muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_button = buttons.button(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip("Copy the selected rows, or all, for a spreadsheet (Ctrl+C)")
        for button, description in (
            (
                self.copy_button,
                "Copies the selected rows, or all of them, with columns separated by tabs",
            ),
            (self.close_button, "Closes the table"),
        ):
            button.setAccessibleName(button.text().replace("&", ""))
            button.setAccessibleDescription(description)
        self.close_button.setToolTip("Close the table (Esc)")
        self.copy_button.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        shortcut.activated.connect(self.copy)
        column_of_parts = QVBoxLayout(self)
        column_of_parts.addWidget(self.view, 1)
        column_of_parts.addWidget(note)
        column_of_parts.addWidget(buttons)
        self.resize(self._width_of_all(), 480)
        self.view.setFocus()

    def _width_of_all(self) -> int:
        """Room for every column, if the screen has it."""
        columns = self.view.horizontalHeader().length()
        numbers = self.view.verticalHeader().sizeHint().width()
        bar = self.view.verticalScrollBar().sizeHint().width()
        room = self.screen().availableGeometry().width() - _BESIDE
        return min(max(columns + numbers + bar + _BESIDE, _NARROWEST), room)

    @Slot()
    def copy(self) -> None:
        """Put the chosen rows on the clipboard, or all if none is chosen."""
        chosen = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self.model.as_text(chosen or None))
