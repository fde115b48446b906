"""The runs of a library as a table: found, sorted, ticked, renamed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from app.library.words import (
    STAR,
    about,
    duration_in_words,
    loss_in_words,
    method_in_words,
    state_in_words,
    when_in_words,
)
from app.plain_text import plain_tip
from app.theme import LIGHT, Theme

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_BADGE: Final = 18
_LEAST_OF_AN_ID: Final = 4
MOST_COLOURS: Final = 6
"""Runs beyond are grey in plots until they are hovered over."""


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        title: what stands above it.
        tip: what it is, in a few words.
        text: what stands in it.
        key: by which it is sorted; nothing comes last.
        is_number: whether it stands on the right.
    """

    title: str
    tip: str
    text: "Callable[[StoredRun], str]"
    key: "Callable[[StoredRun], Any]"
    is_number: bool = False


COLUMNS: Final = (
    Column(
        "Name",
        "ticked runs are laid over each other; F2 renames",
        lambda run: run.name,
        lambda run: run.name.lower(),
    ),
    Column(
        STAR,
        "marked runs; a click marks one",
        lambda run: STAR if run.starred else "",
        lambda run: not run.starred,
    ),
    Column(
        "Loss",
        "the lowest validation loss after a meta-iteration's training",
        loss_in_words,
        lambda run: run.best_validation_loss,
        is_number=True,
    ),
    Column(
        "Time",
        "that the meta-iterations took",
        lambda run: duration_in_words(run.seconds),
        lambda run: run.seconds,
        is_number=True,
    ),
    Column("When", "it began", lambda run: when_in_words(run.created), lambda run: run.created),
    Column("State", "what became of it", state_in_words, lambda run: (run.state, run.done)),
    Column(
        "Experiment",
        "its short name",
        lambda run: run.experiment_name,
        lambda run: run.experiment_name.lower(),
    ),
    Column("Data", "the data set, or its file", lambda run: run.data, lambda run: run.data.lower()),
    Column("Method", "how the hypergradient was found", method_in_words, method_in_words),
    Column("Note", "what was written about it", lambda run: run.note, lambda run: run.note.lower()),
)
NAME, STARRED = 0, 1
WHEN: Final = next(place for place, one in enumerate(COLUMNS) if one.title == "When")


class RunTable(QAbstractTableModel):
    """Shows runs; those that somebody looks for, in the order that was asked for.

    A run has a number from when it is ticked until it is not: the lowest that is free. It is what
    tells runs apart in plots, together with a colour.

    Attributes:
        numbers: of the ticked runs, by id, in the order in which they were ticked.

    Signals:
        ticked: others are ticked than before.
        renamed: id and new name, as a person typed it.
        starred: id, and whether it is to be marked.
        about_to_renew, renewed: rows come, go, or change places.
    """

    ticked = Signal()
    renamed = Signal(str, str)
    starred = Signal(str, bool)
    about_to_renew = Signal()
    renewed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.numbers: dict[str, int] = {}
        self._all: tuple[StoredRun, ...] = ()
        self._shown: list[StoredRun] = []
        self._words: list[str] = []
        self._column, self._order = WHEN, Qt.SortOrder.DescendingOrder
        self._theme, self._font = LIGHT, QFont()
        self._badges: dict[int, QPixmap] = {}

    @property
    def shown(self) -> "list[StoredRun]":
        """The runs that stand in the table, from above to below."""
        return list(self._shown)

    @property
    def runs(self) -> "tuple[StoredRun, ...]":
        """All, found or not."""
        return self._all

    def show_runs(self, runs: "Iterable[StoredRun]") -> None:
        """Show these; what has only changed changes in its place."""
        self._all = tuple(runs)
        known = {run.id for run in self._all}
        gone = [run for run in self.numbers if run not in known]
        for run in gone:
            del self.numbers[run]
        self._arrange()
        if gone:
            self.ticked.emit()

    def find(self, words: str) -> None:
        """Show the runs alone in which all of these words stand somewhere."""
        self._words = words.lower().split()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; of what is equal there, the latest comes first."""
        self._column, self._order = max(column, 0), order
        self._arrange()

    def tick(self, run: str, on: bool) -> None:
        """Lay a run over the others, or no more."""
        if on == (run in self.numbers):
            return
        if on:
            taken = set(self.numbers.values())
            self.numbers[run] = next(n for n in range(1, len(taken) + 2) if n not in taken)
        else:
            del self.numbers[run]
        self._tell_changed(run)
        self.ticked.emit()

    def untick_all(self) -> None:
        """Lay no runs over each other any more."""
        before, self.numbers = self.numbers, {}
        for run in before:
            self._tell_changed(run)
        self.ticked.emit()

    def run_at(self, index: Index) -> "StoredRun | None":
        """The run in a row."""
        return self._shown[index.row()] if 0 <= index.row() < len(self._shown) else None

    def place_of(self, run: str, column: int = NAME) -> QModelIndex:
        """Where a run stands, by its id; nowhere if it does not."""
        rows = (row for row, one in enumerate(self._shown) if one.id == run)
        row = next(rows, None)
        return _NOWHERE if row is None else self.index(row, column)

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Draw numbers in a theme's colours, and in this type."""
        self._theme, self._font, self._badges = theme, font, {}
        if self._shown:
            last = self.index(len(self._shown) - 1, NAME)
            self.dataChanged.emit(self.index(0, NAME), last)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many runs are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How much is said of each."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What stands above a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return f"{column.title}: {column.tip}."
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be changed, and ticked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is said of a run."""
        run = self.run_at(index)
        if run is None:
            return None
        column = COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return column.text(run)
            case Qt.ItemDataRole.CheckStateRole if index.column() == NAME:
                is_ticked = run.id in self.numbers
                return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if index.column() == NAME:
                number = self.numbers.get(run.id)
                return None if number is None else self.badge(number)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip("\n".join(filter(None, (run.name, about(run), run.note))))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(run, index.column())
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename, or tick."""
        run = self.run_at(index)
        if run is None or index.column() != NAME:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self.tick(run.id, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == run.name:
            return False
        self.renamed.emit(run.id, name)
        return True

    def _spoken(self, run: "StoredRun", column: int) -> str:
        text = COLUMNS[column].text(run)
        if column == STARRED:
            return "marked" if run.starred else "not marked"
        number = self.numbers.get(run.id)
        return f"{text}, number {number}" if column == NAME and number else text

    def _arrange(self) -> None:
        """Find and sort; rows that stay where they are only change."""
        found = [run for run in self._all if all(_is_of(run, word) for word in self._words)]
        key = COLUMNS[self._column].key
        known = [run for run in found if key(run) is not None]
        known.sort(key=key, reverse=self._order == Qt.SortOrder.DescendingOrder)
        shown = known + [run for run in found if key(run) is None]
        before, last = self._shown, len(COLUMNS) - 1
        if [run.id for run in before] == [run.id for run in shown]:
            self._shown = shown
            for row, (was, now) in enumerate(zip(before, shown, strict=True)):
                if was != now:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, last))
            return
        self.about_to_renew.emit()
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()
        self.renewed.emit()

    def _tell_changed(self, run: str) -> None:
        place = self.place_of(run)
        if place.isValid():
            self.dataChanged.emit(place, place)

    def badge(self, number: int) -> QPixmap:
        """A run's number on its colour."""
        if number not in self._badges:
            size, ratio = _BADGE, 2.0
            picture = QPixmap(round(size * ratio), round(size * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            font = QFont(self._font)
            font.setBold(True)
            font.setPixelSize(12 if number < 10 else 10)
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                colour = colour_of(self._theme, number)
                painter.setBrush(colour)
                painter.drawRoundedRect(QRectF(0, 1, size - 1, size - 2), 4, 4)
                painter.setFont(font)
                painter.setPen(readable_on(colour))
                where = QRectF(0, 0, size - 1, size)
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(number))
            self._badges[number] = picture
        return self._badges[number]


def colour_of(theme: Theme, number: int) -> QColor:
    """The colour of the run with a number: of the palette, or grey beyond."""
    return theme.line_colour(number - 1 if number <= MOST_COLOURS else "reference")


def readable_on(colour: QColor) -> QColor:
    """Black or white, whichever can be read on a colour."""
    light = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF()
    return QColor(Qt.GlobalColor.black if light > 0.55 else Qt.GlobalColor.white)


def _side(column: Column) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter


def _is_of(run: "StoredRun", word: str) -> bool:
    """Whether a word stands in what is said of a run, or begins its id."""
    texts = (run.name, run.note, run.experiment_name, run.data, run.method, run.strategy)
    every = " ".join((*texts, run.state, method_in_words(run))).lower()
    return word in every or (len(word) >= _LEAST_OF_AN_ID and run.id.startswith(word))
