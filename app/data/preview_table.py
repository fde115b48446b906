"""The first rows of a table, with the role and the type of each column above them."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget

from app.data.roles import ROLES, Roles
from engine.data.readers.preview import Preview
from engine.sentences import one_line

ROLE, TYPE, BECOMES = range(3)
"""The rows above the examples."""

_HEADINGS: Final = ("Role", "Type", "Becomes")
_LONGEST, _SHORT = 40, 12  # letters of a cell, and of what is quoted from one
_WIDEST: Final = 260
_NARROWEST: Final = 116
_ROLE_HEIGHT: Final = 36
_TYPES: Final = {
    "whole numbers": "whole numbers",
    "numbers": "numbers",
    "dates": "dates",
    "nothing": "empty",
}
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """A preview as a table: three rows about the columns, and then the examples.

    Args:
        roles: of the columns.
    """

    def __init__(self, roles: Roles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.roles = roles
        self.preview: Preview | None = None

    def show(self, preview: Preview | None) -> None:
        """Show another one, or nothing."""
        self.beginResetModel()
        self.preview = preview
        self.endResetModel()

    def renew(self) -> None:
        """Show roles that have changed."""
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Those about columns, and the examples."""
        if parent.isValid() or self.preview is None:
            return 0
        return len(_HEADINGS) + len(self.preview.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as the table has."""
        return 0 if parent.isValid() or self.preview is None else len(self.preview.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell in one line, whole in its tip if it is long; grey where it is left out."""
        if self.preview is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._text(index), _LONGEST)
        if role == Qt.ItemDataRole.ToolTipRole:
            return one_line(self._text(index)) if len(self._text(index)) > _LONGEST else None
        name = self.preview.columns[index.column()].name
        is_ignored = self.roles.of(name) == "ignored"
        if role == Qt.ItemDataRole.ForegroundRole and is_ignored and index.row() > ROLE:
            return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.row() == ROLE:
            return "Press Space to choose another role"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of columns; what stands in a row."""
        if self.preview is None or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        if orientation == Qt.Orientation.Horizontal:
            most = _LONGEST if role == Qt.ItemDataRole.DisplayRole else 300
            return one_line(self.preview.columns[section].name, most)
        is_about = section < len(_HEADINGS)
        if is_about:
            return _HEADINGS[section]
        line = self.preview.lines[section - len(_HEADINGS)]  # as messages call it
        return f"line {line:,}" if role == Qt.ItemDataRole.ToolTipRole else f"{line:,}"

    def _text(self, index: _Index) -> str:
        assert self.preview is not None, "there are no cells without one"
        column = self.preview.columns[index.column()]
        if index.row() == ROLE:
            return self.roles.of(column.name)
        if index.row() == TYPE:
            kind = _TYPES.get(column.kind) or f"text, {column.texts:,} different"
            if column.stray:
                return f"{kind}, but for “{one_line(column.stray, _SHORT)}”"
            return f"{kind}, some missing" if column.missing and column.kind != "nothing" else kind
        if index.row() == BECOMES:
            return self._becomes(index.column())
        row = self.preview.rows[index.row() - len(_HEADINGS)]
        return row[index.column()] if index.column() < len(row) else ""

    def _becomes(self, place: int) -> str:
        assert self.preview is not None, "there are no cells without one"
        column = self.preview.columns[place]
        role = self.roles.of(column.name)
        if role == "order":
            return "the order of a series"
        if role == "ignored" and column.orders and self.roles.order is None:
            return "left out; as Order, rows are a series"
        if role == "ignored":
            return f"left out: {column.reason}" if column.reason else "left out"
        if role == "feature" and self.roles.order is not None:
            return "left out of a series"
        if column.kind == "dates":
            return "days since 1970-01-01"
        if role == "target":
            return "what is predicted"
        return "columns of 0 and 1" if column.kind == "text" else "a number"


class _RoleBox(QComboBox):
    """The role of a column, chosen with the mouse, or from the table with the space bar."""

    def __init__(self, name: str, roles: Roles) -> None:
        super().__init__()
        self._name, self._roles = name, roles
        for role in ROLES:
            self.addItem(role.capitalize(), role)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"Role of {one_line(name, _LONGEST)}")
        self.renew()
        self.activated.connect(self._choose)

    def renew(self) -> None:
        """Show the role."""
        self.setCurrentIndex(ROLES.index(self._roles.of(self._name)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the table."""
        event.ignore()

    @Slot()
    def _choose(self) -> None:
        self._roles.choose(self._name, self.currentData())


class PreviewTable(QTableView):
    """Shows a preview; a box in each column chooses its role.

    Args:
        roles: of the columns.
    """

    def __init__(self, roles: Roles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = PreviewModel(roles, self)
        self.setModel(self.numbers)
        self.setAccessibleName("First rows")
        self.setAccessibleDescription(
            "The first rows of the file; arrow keys move, Space on a role chooses another one"
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultSectionSize(_NARROWEST)
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._dressing = QTimer(self)
        self._dressing.setSingleShot(True)
        self._dressing.setInterval(0)
        self._dressing.timeout.connect(self._dress)
        self.horizontalScrollBar().valueChanged.connect(self._dress_soon)
        roles.changed.connect(self.renew)

    def show_preview(self, preview: Preview | None) -> None:
        """Show another one, or nothing."""
        self.numbers.show(preview)
        if preview is not None:
            self.verticalHeader().resizeSection(ROLE, _ROLE_HEIGHT)
            self.setCurrentIndex(self.numbers.index(ROLE, 0))
        self._dressing.start()

    @Slot()
    def renew(self) -> None:
        """Show roles that have changed."""
        self.numbers.renew()
        for column in range(self.numbers.columnCount()):
            box = self.role_box(column)
            if isinstance(box, _RoleBox):
                box.renew()
                self.setColumnWidth(column, max(self.columnWidth(column), self._needed(column)))

    def role_box(self, column: int) -> QComboBox | None:
        """The box of a column; None if it has not been in view yet."""
        box = self.indexWidget(self.numbers.index(ROLE, column))
        return box if isinstance(box, QComboBox) else None

    def width_of_first(self, columns: int) -> int:
        """How wide the table is that has so many columns in view, or all if it has fewer."""
        shown = range(min(columns, self.numbers.columnCount()))
        for column in shown:
            if self.role_box(column) is None:
                self._dress_column(column)
        beside = self.verticalHeader().sizeHint().width() + 2 * self.frameWidth()
        bar = self.verticalScrollBar().sizeHint().width()
        return beside + bar + sum(self.columnWidth(column) for column in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns that come into view get their boxes."""
        super().resizeEvent(event)
        self._dressing.start()

    def changeEvent(self, event: QEvent) -> None:
        """Grey is another one in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar opens the box of the column."""
        box = self.role_box(self.currentIndex().column())
        if event.key() == Qt.Key.Key_Space and box:
            box.showPopup()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _dress_soon(self) -> None:
        self._dressing.start()  # connected itself, it would take the place of the bar for a time

    @Slot()
    def _dress(self) -> None:
        """Give the columns in view their boxes, and as much room as they need."""
        bar = self.horizontalScrollBar()
        is_at_end = bar.value() == bar.maximum() > 0
        column = max(0, self.columnAt(0))
        while (
            column < self.numbers.columnCount()
            and self.columnViewportPosition(column) < self.viewport().width()
        ):
            if self.role_box(column) is None:
                self._dress_column(column)
            column += 1
        if is_at_end:
            self.updateGeometries()
            bar.setValue(bar.maximum())

    def _dress_column(self, column: int) -> None:
        assert self.numbers.preview is not None, "there are no columns without one"
        box = _RoleBox(self.numbers.preview.columns[column].name, self.numbers.roles)
        self.setIndexWidget(self.numbers.index(ROLE, column), box)
        self.setColumnWidth(column, self._needed(column))

    def _needed(self, column: int) -> int:
        """How wide a column's name and its cells are."""
        name = self.horizontalHeader().sectionSizeHint(column)
        return max(_NARROWEST, name, min(self.sizeHintForColumn(column) + 8, _WIDEST))
