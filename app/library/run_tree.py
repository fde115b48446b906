"""The list of runs: ticked, marked, renamed, opened, by mouse and keyboard."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView, QWidget

from app.library.run_table import COLUMNS, NAME, STARRED, WHEN, RunTable
from app.library.words import can_go_on

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun

_LETTERS: Final = {"Name": 19, "Loss": 10, "Time": 7, "When": 11, "State": 24, "Note": 32}
_OTHERS: Final = 16
_AROUND: Final = 12


class RunTree(QTreeView):
    """Shows a `RunTable`.

    Args:
        table: the runs.

    Attributes:
        offers: what can be done with the run in hand, by name: "open", "resume", "again", "rename",
            "star", "note", "delete".

    Signals:
        chosen: something of `offers` is wanted.
        undo_requested: the last run that was deleted is to come back.
        turned: another run is in hand.
    """

    chosen = Signal(str)
    undo_requested = Signal()
    turned = Signal()

    def __init__(self, table: RunTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._kept: tuple[str | None, set[str], int] = None, set(), NAME
        self.can_undo = False
        self.setModel(table)
        self.setAccessibleName("Runs")
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAllColumnsShowFocus(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIconSize(QSize(18, 18))
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicator(WHEN, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.offers = {name: self._offer(name, text, keys) for name, text, keys in _OFFERS}
        table.about_to_renew.connect(self._keep)
        table.renewed.connect(self._bring_back)
        self.customContextMenuRequested.connect(self._open_menu)
        self.activated.connect(self._activate)
        self.clicked.connect(self._follow_click)
        self.selectionModel().currentChanged.connect(self.turned)
        self._is_fitted = False

    @property
    def run(self) -> "StoredRun | None":
        """The run in hand."""
        return self._table.run_at(self.currentIndex())

    @property
    def selected(self) -> "list[StoredRun]":
        """All runs that are selected; the run in hand, if none is."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        found = [self._table.shown[row] for row in rows]
        return found or ([self.run] if self.run else [])

    @property
    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def take_in_hand(self, run: str) -> None:
        """Go to a run, by its id."""
        self.setCurrentIndex(self._table.place_of(run))

    def event(self, event: QEvent) -> bool:
        """What is undone here is a run that was deleted, and nothing of the set-up."""
        is_meant = self.can_undo and event.type() == QEvent.Type.ShortcutOverride
        undo = QKeySequence.StandardKey.Undo
        if is_meant and isinstance(event, QKeyEvent) and event.matches(undo):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, bring back, tick and mark."""
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Undo) and self.can_undo:
            self.undo_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Delete) and self.run:
            self.chosen.emit("delete")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.run and not self.is_editing:
            self.chosen.emit("open")
        elif key == Qt.Key.Key_Space and self.selected:
            ticked = [run.id in self._table.numbers for run in self.selected]
            for run in self.selected:
                self._table.tick(run.id, not all(ticked))
        elif key == Qt.Key.Key_Asterisk and self.run:
            self.chosen.emit("star")
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Make columns as wide as their type asks for, once that is known."""
        super().showEvent(event)
        if not self._is_fitted:
            self._is_fitted = True
            self.fit_columns()

    def fit_columns(self) -> None:
        """Make columns as wide as their type asks for."""
        letter = self.fontMetrics().averageCharWidth()
        for place, column in enumerate(COLUMNS):
            letters = _LETTERS.get(column.title, _OTHERS)
            wide = 30 if place == STARRED else letters * letter + _AROUND
            self.setColumnWidth(place, wide)

    def _offer(self, name: str, text: str, keys: str) -> QAction:
        made = QAction(text, self)
        if keys:  # pressed in the list, where they are handled
            made.setText(f"{text}\t{keys}")
        made.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
        return made

    @Slot(QPoint)
    def _open_menu(self, where: QPoint) -> None:
        run = self.run
        if run is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.offers["star"].setText("Unmark\t*" if run.starred else "Mark\t*")
        for name, _, _ in _OFFERS:
            if name != "resume" or can_go_on(run):
                menu.addAction(self.offers[name])
            if name in ("again", "note"):
                menu.addSeparator()
        menu.popup(self.viewport().mapToGlobal(where))

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.column() != STARRED:
            self.chosen.emit("open")

    @Slot(QModelIndex)
    def _follow_click(self, index: QModelIndex) -> None:
        if index.column() == STARRED:
            self.chosen.emit("star")

    @Slot()
    def _keep(self) -> None:
        run = self.run
        self._kept = run.id if run else None, {one.id for one in self.selected}, self._row

    @property
    def _row(self) -> int:
        return max(self.currentIndex().row(), 0)

    @Slot()
    def _bring_back(self) -> None:
        """The same runs are selected as before; the next one, if the one in hand is gone."""
        current, selected, row = self._kept
        place = self._table.place_of(current) if current else QModelIndex()
        if not place.isValid() and current and self._table.shown:
            place = self._table.index(min(row, len(self._table.shown) - 1), NAME)
        model = self.selectionModel()
        if place.isValid():
            self.setCurrentIndex(place)
        for run in selected:
            one = self._table.place_of(run)
            if one.isValid():
                model.select(one, model.SelectionFlag.Select | model.SelectionFlag.Rows)
        self.turned.emit()


_OFFERS: Final = (
    ("open", "Open", "Enter"),
    ("resume", "Resume", ""),
    ("again", "Open as new experiment", ""),
    ("rename", "Rename…", "F2"),
    ("star", "Mark", "*"),
    ("note", "Write a note…", ""),
    ("delete", "Delete", "Del"),
)
