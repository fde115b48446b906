"""The table of a comparison: a row a method, filling in."""

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

from app.plots.pens import pen_of
from app.theme import Theme
from engine.plots import Line
from engine.plots.base import Dash
from engine.plots.comparison_words import cells_of, headers
from engine.plots.method_plots import stroke_of
from engine.runs.comparison import ComparisonRecord

_TIPS = {
    "Cosine": "of the angle between the hypergradient and the reference, over what both give",
    "Error": "length of the difference, relative to the reference",
    "Seconds": "that the method took",
    "Memory": "bit buffer, states and working arrays at their fullest, besides the data",
    "Gradients": "evaluations of the training loss's gradient",
    "Products": "second derivatives along one direction, such as a tangent of forward mode",
    "Mixed": "derivatives of a gradient along one hyperparameter of the loss, such as a penalty",
}


_STROKE = QSize(22, 12)
_AROUND = 12  # pixels that a row has besides its type


class ComparisonTable(QTableWidget):
    """Shows the methods of a comparison; Ctrl+C copies all as CSV."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(headers()), parent)
        self.setAccessibleName("Methods compared")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setIconSize(_STROKE)
        self._record: ComparisonRecord | None = None
        for column, name in enumerate(headers()):
            heading = QTableWidgetItem(name)
            heading.setToolTip(f"{name}: {_TIPS[name]}" if name in _TIPS else "")
            self.setHorizontalHeaderItem(column, heading)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)

    def show_record(self, record: ComparisonRecord, theme: Theme) -> None:
        """Show a comparison as far as it is; each method with the stroke that it has in plots."""
        self._record = record
        self.setRowCount(len(record.contenders))
        for row, contender in enumerate(record.contenders):
            found = record.of(contender)
            remarks = "\n".join(found.remarks) if found else ""
            for column, text in enumerate(cells_of(record, contender)):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    is_text = column in (0, self.columnCount() - 1)
                    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(row, column, item)
                if column == 0:
                    item.setIcon(_stroke(self, theme, *stroke_of(record, contender)))
                if item.text() != text:
                    item.setText(text)
                is_note = column == self.columnCount() - 1
                item.setToolTip("\n".join(filter(None, (text, remarks))) if is_note else "")
        self._fit()

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
            from engine.output.comparisons import table_to_csv

            QGuiApplication.clipboard().setText(table_to_csv(self._record))
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """All rows."""
        rows = max(self.rowCount(), 4)
        each = self.verticalHeader().defaultSectionSize()
        header = self.horizontalHeader()
        high = header.sizeHint().height() + rows * each + 2 * self.frameWidth() + 2
        if header.length() > self.viewport().width():
            high += self.horizontalScrollBar().sizeHint().height()
        return QSize(super().sizeHint().width(), high)

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())


def _stroke(widget: QWidget, theme: Theme, colour: int, dash: Dash) -> QIcon:
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
