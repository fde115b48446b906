"""The table of a comparison: a row a method, filling in."""

from typing import Final

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.comparison.subject import Comparison
from app.comparison.subjects import METHODS, subject_of
from app.plots.pens import pen_of
from app.theme import Theme
from engine.plots import Line
from engine.plots.base import Colour, Dash

TIPS: Final = {
    "Method": "how the hypergradient is computed; the stroke is that of the plots",
    "Strategy": "how hyperparameters move or are tried; the stroke is that of the plots",
    "Objective loss": "the best found in the end, in the median over the seeds",
    "Validation loss": "the best found in the end, in the median over the seeds",
    "Training loss": "the best found in the end, in the median over the seeds",
    "Note": "what else there is to know, or why there are no numbers",
    "Cosine": "of the angle between the hypergradient and the reference, over what both give",
    "Error": "length of the difference, relative to the reference",
    "Seconds": "that it took, from beginning to end",
    "Memory": "bit buffer, states and working arrays at their fullest, besides the data",
    "Gradients": "evaluations of the training loss's gradient",
    "Products": "second derivatives along one direction, such as a tangent of forward mode",
    "Mixed": "derivatives of a gradient along one hyperparameter of the loss, such as a penalty",
    "Range": "of the best found, over the seeds",
    "Test loss": "of the hyperparameters that were best by the objective",
    "Accuracy": "on the test part, of the hyperparameters that were best by the objective",
    "In time": "the best found by the moment at which the fastest of all had ended: what each has "
    "to show for the same seconds",
    "Runs": "gradient evaluations, counted in training runs",
    "Curve": "in the order in which they were trained; grey: stopped, red: stopped wrongly",
    "Stopped at": "where along training the rule would have stopped it; empty: nowhere",
    "Predicted": "the value at the end when it was stopped, not measured; ± half of its 90 % band",
    "Truth": "the value at which it ended",
    "Stop": "wrong where the curve ended better than all before it that were not stopped, so that "
    "it was a winner; how many there are depends on the rule for this reason",
    "Saved": "the share of its training that would not have been done",
    "To match": "training runs until it is as good as the first strategy is in the end",
}


_STROKE = QSize(22, 12)
_AROUND = 12  # pixels that a row has besides its type


class ComparisonTable(QTableWidget):
    """Shows the methods or strategies of a comparison; Ctrl+C copies all as CSV.

    Where there is no room for all columns, those that say least are left out, and stand in the tips
    of the names.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self.setAccessibleName("Methods compared")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setIconSize(_STROKE)
        self._record: Comparison | None = None
        self._headers: list[str] = []
        self._set_headers(METHODS.headers())
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)

    def show_record(self, record: Comparison, theme: Theme) -> None:
        """Show a comparison as far as it is; each row with the stroke that it has in plots."""
        self._record = record
        subject = subject_of(record)
        self._set_headers(subject.headers(record))
        rows = subject.rows(record)
        self.setRowCount(len(rows))
        for row, (stroke, cells, remarks) in enumerate(rows):
            for column, text in enumerate(cells):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    is_text = column in (0, self.columnCount() - 1)
                    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(row, column, item)
                if column == 0:
                    item.setIcon(_stroke(self, theme, *stroke))
                if item.text() != text:
                    item.setText(text)
                is_note = column == self.columnCount() - 1
                item.setToolTip("\n".join(filter(None, (text, *remarks))) if is_note else "")
        self._fit()

    def _set_headers(self, names: list[str]) -> None:
        if names == self._headers:
            return
        self._headers = names
        self.clear()  # cells have their alignment by column
        self.setColumnCount(len(names))
        for column, name in enumerate(names):
            heading = QTableWidgetItem(name)
            heading.setToolTip(f"{name}: {TIPS[name]}.")
            heading.setData(Qt.ItemDataRole.AccessibleDescriptionRole, TIPS[name])
            self.setHorizontalHeaderItem(column, heading)

    def set_type(self, font: QFont) -> None:
        """Write in this type, in rows as high as it asks for."""
        self.setStyleSheet(f"* {{ font-size: {font.pointSizeF()}pt; }}")  # the heading's, too
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + _AROUND)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show all rows, also above a bar that scrolls columns."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy) and self._record:
            table = subject_of(self._record).files().to_csv(self._record)
            QGuiApplication.clipboard().setText(table)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """All rows."""
        most = subject_of(self._record).most_rows if self._record else 4
        rows = max(min(self.rowCount(), most), 4)
        each = self.verticalHeader().defaultSectionSize()
        header = self.horizontalHeader()
        high = header.sizeHint().height() + rows * each + 2 * self.frameWidth() + 2
        if header.length() > self.viewport().width():
            high += self.horizontalScrollBar().sizeHint().height()
        return QSize(super().sizeHint().width(), high)

    def _fit(self) -> None:
        self._spare_columns()
        self.setFixedHeight(self.sizeHint().height())

    def _spare_columns(self) -> None:
        """Leave out what can be spared, as far as there is no room; a tip of each row has it."""
        header, room = self.horizontalHeader(), self.viewport().width()
        widths = [
            max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in range(self.columnCount())
        ]
        spared = subject_of(self._record).spared if self._record else ()
        left_out: list[int] = []
        for column in map(self._headers.index, spared):
            if sum(widths) - sum(widths[one] for one in left_out) > room:
                left_out.append(column)
        for column in range(self.columnCount()):
            if self.isColumnHidden(column) != (column in left_out):
                self.setColumnHidden(column, column in left_out)
        for row in range(self.rowCount()):
            cells = [(self._headers[one], self.item(row, one)) for one in left_out]
            told = [f"{name}: {cell.text()}" for name, cell in cells if cell and cell.text()]
            if first := self.item(row, 0):
                first.setToolTip("\n".join(told))


def _stroke(widget: QWidget, theme: Theme, colour: Colour, dash: Dash) -> QIcon:
    """A piece of a line as plots draw it."""
    ratio = widget.devicePixelRatioF()
    picture = QPixmap(_STROKE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    line = Line("", np.zeros(0), np.zeros(0), colour, dash)
    pen = pen_of(widget, line, theme, presentation=False)
    pen.setWidthF(2)
    with QPainter(picture) as painter:
        painter.setPen(pen)
        middle = _STROKE.height() // 2
        painter.drawLine(0, middle, _STROKE.width(), middle)
    return QIcon(picture)
