"""The left of the page Compare while runs are laid over each other: which runs there are."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.flow import GivingButton
from app.library.run_table import RunTable
from app.library.run_tree import RunTree
from app.library.shelf import Shelf
from app.library.words import about, can_go_on
from app.plain_text import PlainLabel
from app.theme import Theme

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun

_MARGIN: Final = 12
_NONE_YET: Final = (
    "No runs yet. Every run is kept here, from the window and from the command line: "
    "press Run, and it appears."
)
_NOT_FOUND: Final = "No run has all of these words in its name, note, experiment, data or method."


class RunsPanel(QWidget):
    """Finds runs, ticks those that are laid over each other, and says what can be done with one.

    Args:
        shelf: the library.

    Attributes:
        table, tree: the runs.
        search: finds some of them.
        note: what was written about the run in hand.
        open_button, again_button, resume_button, untick_button: what can be done.
        empty: why there are none.
        compared: turns to a group of runs that are no runs of their own: the methods, or
            strategies, that were compared last.

    Signals:
        chosen: something is to be done with the runs in hand: "open", "again", "resume",
            "star", "delete".
        renamed, noted: id and text.
        undo_requested: the last run that was deleted is to come back.
    """

    chosen = Signal(str)
    renamed = Signal(str, str)
    noted = Signal(str, str)
    undo_requested = Signal()

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Runs")
        self._shelf = shelf
        self._noted = ""  # whose note is in the line
        self._hindrance = self._but = ""
        self.table = RunTable(self)
        self.tree = RunTree(self.table)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find runs (Ctrl+F)")
        self.search.setAccessibleName("Find runs")
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setObjectName("muted")
        self.empty = PlainLabel(_NONE_YET)
        self.empty.setObjectName("muted")
        self.complaint = PlainLabel()
        self.complaint.setObjectName("error")
        self.complaint.hide()
        self.compared = GivingButton("", "Show the comparison")
        self.compared.hide()
        self.about = PlainLabel()
        self.about.setObjectName("muted")
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note")
        self.note.setAccessibleName("Note on the run")
        self.open_button, self.again_button = QPushButton("Open"), QPushButton("Again")
        self.resume_button = QPushButton("Resume")
        self.untick_button = QPushButton("Untick all")
        self._say_what_buttons_do()
        self._lay_out()
        self._later = QTimer(self, interval=100)  # while a name is typed
        self._later.timeout.connect(self._take)
        shelf.listed.connect(self._take)
        shelf.refused.connect(self.complain)
        self.search.textChanged.connect(self._find)
        self.table.renamed.connect(self.renamed)
        self.table.ticked.connect(self._follow)
        self.table.renewed.connect(self._follow)
        self.table.dataChanged.connect(self._follow)
        self.tree.turned.connect(self._follow)
        self.tree.chosen.connect(self._choose)
        self.tree.undo_requested.connect(self.undo_requested)
        self.note.editingFinished.connect(self._write_note)
        self.open_button.clicked.connect(lambda: self.chosen.emit("open"))
        self.again_button.clicked.connect(lambda: self.chosen.emit("again"))
        self.resume_button.clicked.connect(lambda: self.chosen.emit("resume"))
        self.untick_button.clicked.connect(self.table.untick_all)
        self.search.installEventFilter(self)
        self._follow()

    @property
    def run(self) -> "StoredRun | None":
        """The run in hand."""
        return self.tree.run

    @property
    def selected(self) -> "list[StoredRun]":
        """All runs that are selected."""
        return self.tree.selected

    def set_hindrance(self, hindrance: str, but: str = "") -> None:
        """Say why no run can be opened now; with "", that one can.

        Args:
            hindrance: a sentence.
            but: the id of the run that can be looked at in any case: it is the one that goes on.
        """
        self._hindrance, self._but = hindrance, but
        self._follow()

    def set_compared(self, what: str) -> None:
        """Offer the last comparison, as in "6 methods, on Two moons"; with "", none."""
        self.compared.setText(f"▸ {what}")
        self.compared.setVisible(bool(what))

    def set_theme(self, theme: Theme) -> None:
        """Draw numbers in other colours."""
        self.table.set_look(theme, self.font())

    def changeEvent(self, event: QEvent) -> None:
        """Take type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.tree.fit_columns()

    def start_search(self) -> None:
        """Bring the keyboard to the line that finds."""
        self.search.setFocus()
        self.search.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow what changes in the library, as long as somebody looks."""
        super().showEvent(event)
        self._shelf.watch(self, True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._shelf.watch(self, False)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """From the line that finds, down goes to what was found, and Esc clears it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return) and self.table.shown:
                self.tree.setFocus()
                if self.run is None:
                    self.tree.setCurrentIndex(self.table.index(0, 0))
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return False

    @Slot(str)
    def complain(self, sentence: str) -> None:
        """Say what is wrong with the library, or could not be done; with "", nothing."""
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))

    def _say_what_buttons_do(self) -> None:
        tips = (
            (self.open_button, "Show the run in Explore, with its whole timeline (Enter)"),
            (self.again_button, "Open as new experiment: set up what it started with"),
            (self.resume_button, "Show the run, and let it go on from where it ended"),
            (self.untick_button, "Lay no runs over each other any more"),
        )
        for button, tip in tips:
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setProperty("what", tip)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open_button, self.resume_button, self.again_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.untick_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.complaint)
        column.addWidget(self.empty)
        column.addWidget(self.tree, 1)
        column.addWidget(self.compared)
        column.addWidget(self.about)
        column.addWidget(self.note)
        column.addLayout(buttons)
        column.addStretch(0)

    @Slot()
    def _take(self) -> None:
        """Show what there is; not while a name is typed."""
        if self.tree.is_editing:
            self._later.start()
            return
        self._later.stop()
        self.complain("")
        had_run = self.run is not None
        self.table.show_runs(self._shelf.runs)
        if not had_run and self.table.shown:
            self.tree.setCurrentIndex(self.table.index(0, 0))
        self._follow()

    @Slot(str)
    def _find(self, words: str) -> None:
        self.table.find(words)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Say what there is, and what can be done."""
        run, every, shown = self.run, self.table.runs, self.table.shown
        self.count.setText(
            f"{len(shown):,} of {len(every):,}" if len(shown) != len(every) else f"{len(every):,}"
        )
        self.empty.setText(_NOT_FOUND if every else _NONE_YET)
        self.empty.setVisible(not shown)
        self.tree.setVisible(bool(every))
        self.about.setText(about(run) if run else "")
        for part in (self.about, self.note):
            part.setVisible(run is not None)
        if run is not None and (run.id != self._noted or not self.note.hasFocus()):
            self._write_note()
            self._noted = run.id
            if self.note.text() != run.note:
                self.note.setText(run.note)
        self.resume_button.setVisible(run is not None and can_go_on(run))
        for button in (self.open_button, self.resume_button, self.again_button):
            hindrance = self._why_not("open" if button is self.open_button else "again")
            button.setEnabled(not hindrance)
            button.setToolTip(". ".join(filter(None, (button.property("what"), hindrance))))
        self.untick_button.setEnabled(bool(self.table.numbers))
        self.untick_button.setVisible(bool(self.table.numbers))

    def _why_not(self, what: str) -> str:
        """Why the run in hand cannot be opened, or set up again; with "", it can."""
        if self.run is None:
            return "No run is chosen."
        return "" if what == "open" and self.run.id == self._but else self._hindrance

    @Slot(str)
    def _choose(self, what: str) -> None:
        if what == "rename":
            self.tree.edit(self.table.index(self.tree.currentIndex().row(), 0))
        elif what == "note":
            self.note.setFocus()
        elif what not in ("open", "again", "resume") or not self._why_not(what):
            self.chosen.emit(what)

    @Slot()
    def _write_note(self) -> None:
        """What was typed is the run's whose note it was."""
        run = self._shelf.run(self._noted)
        if run is not None and self.note.isModified() and self.note.text() != run.note:
            self.note.setModified(False)
            self.noted.emit(run.id, self.note.text())
