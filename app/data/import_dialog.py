"""Importing a table: how it is written, what its columns are for, and what becomes of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.data.import_choices import ImportChoices
from app.data.preview_table import PreviewTable
from app.data.roles import Roles
from app.data.table_worker import Look, TableWorker
from app.data.words import about_dataset, without_file
from app.one_line import OneLine
from engine.data.dataset import Dataset
from engine.data.readers.column_previews import likely_order
from engine.data.readers.preview import Preview
from engine.experiments.experiment import Data
from engine.sentences import quoted
from engine.tasks.fitting import reading_of

_WIDTH, _HEIGHT = 1000, 660
_MARGIN: Final = 16
_AROUND: Final = 80
"""Of the screen, that stays free."""

_COLUMNS: Final = 8
"""Of the table, that are in view if the screen has room for them."""

_PROPOSED: Final = "Its order is the column of dates, {}; with another role, rows are examples."
_LINES: Final = 4
"""Of what results, for which there is always room."""


class ImportDialog(QDialog):
    """Shows the first rows of a table, proposes how to read it, and says what results.

    The file is looked at and read by a worker that outlives the dialog; every change asks it again.

    Args:
        data: the file; and how it is read, if it has been imported before.
        worker: looks at it and reads it.
        is_known: whether it has been imported before.
        wants_series: whether what is set up forecasts a series.

    Attributes:
        file: its path.
        choices: how it is written, missing cells, and the target.
        table: its first rows, with the roles of the columns.
        roles: what each column is for.
        summary: what it becomes, in words.
        problem: why it cannot be read.
        buttons: Import and Cancel.

    Signals:
        imported: the `Data` that name the file and say how it is read, and the `Dataset` read.
    """

    imported = Signal(object, object)

    def __init__(
        self,
        data: Data,
        worker: TableWorker,
        is_known: bool,
        parent: QWidget | None = None,
        *,
        wants_series: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._data, self._worker, self._is_known = data, worker, is_known
        self._wants_series, self._likely_order = wants_series, ""
        self.file = data.file
        self._look: Look | None = None
        self._preview: Preview | None = None
        self._asked: Data | None = None
        self._dataset: Dataset | None = None
        self._is_wanted = False
        name = OneLine()
        name.setObjectName("title")
        name.setText(Path(str(data.file)).name)
        self.choices = ImportChoices()
        self.roles = Roles(self)
        self.table = PreviewTable(self.roles)
        self.summary = _words("")
        self.problem = _words("error")
        self.buttons = QDialogButtonBox()
        self._import = self.buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self._import.setDefault(True)
        cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        cancel.setAutoDefault(False)  # or Enter would cancel while nothing can be imported
        self._build(name)
        self.choices.writing_changed.connect(self._look_again)
        self.choices.missing_changed.connect(self._change)
        self.choices.target_chosen.connect(self._choose_target)
        self.roles.changed.connect(self._change)
        self.buttons.accepted.connect(self._want)
        self.buttons.rejected.connect(self.reject)
        worker.looked.connect(self._take_look)
        worker.read.connect(self._take_dataset)
        self._ask_for(Look(str(data.file), reading_of(data), data.target, is_known))

    def done(self, result: int) -> None:
        """Hear nothing more of the worker."""
        self._look = self._asked = None
        super().done(result)

    @Slot()
    def _look_again(self) -> None:
        """Look at the file as a person says that it is written."""
        self._ask_for(Look(str(self._data.file), self.choices.said))

    def _ask_for(self, look: Look) -> None:
        self._look, self._asked, self._dataset = look, None, None
        self._is_wanted = False
        self._say("Looking at the file …")
        self._worker.look(look)

    @Slot(object, object, str)
    def _take_look(self, look: Look, preview: Preview | None, problem: str) -> None:
        if look is not self._look:
            return
        self._preview = preview
        if preview is None:
            self.table.show_preview(None)
            self._refuse(problem)
            return
        if look.is_known:
            self.choices.said = preview.reading  # which stays when the file is looked at again
        self._propose(preview)
        self.table.show_preview(preview)
        self._grow()
        self._renew()

    def _grow(self) -> None:
        """Have room for the first columns, as far as the screen does."""
        wanted = self.table.width_of_first(_COLUMNS) + 2 * _MARGIN
        most = self.screen().availableGeometry().width() - _AROUND
        self.resize(max(self.width(), min(wanted, most)), self.height())

    def _propose(self, preview: Preview) -> None:
        """Show what is likely; of a file that has been imported before, how it was."""
        names = [column.name for column in preview.columns]
        texts = [column.name for column in preview.columns if column.kind == "text"]
        if self._is_known:
            ignored = self._data.ignore or ()
            left_out = {*ignored, self._data.order}
            last = next((name for name in reversed(names) if name not in left_out), "")
            self.roles.propose(names, self._data.target or last, ignored, self._data.order, texts)
            self.choices.propose(preview.reading, self._data.missing or "refuse")
        else:
            wanted = self._wants_series
            order = likely_order(preview.columns, preview.target, is_wanted=wanted)
            self._likely_order = order or ""
            self.roles.propose(names, preview.target, preview.ignored, order, texts)
            self.choices.propose(preview.reading, preview.missing)

    @Slot(str)
    def _choose_target(self, name: str) -> None:
        self.roles.choose(name, "target")

    @Slot()
    def _change(self) -> None:
        self._is_wanted = False
        self._renew()

    def _renew(self) -> None:
        """Read the file as everything is chosen now."""
        self._asked = self._dataset = None
        if self._preview is None:
            return
        names = [column.name for column in self._preview.columns]
        target = self.roles.target
        self.choices.show_target(names, target)
        if target is None:
            self._refuse("Choose the column to predict: its role is Target.")
            return
        missing = self.choices.missing
        ignored, order = self.roles.ignored, self.roles.order
        wanted, reading = self._preview.settings(target, ignored, missing, order)
        self._asked = self._data.model_copy(update={"target": wanted, **asdict(reading)})
        self._say("Reading the file …")
        self._worker.open(self._asked)

    @Slot(object, object, str)
    def _take_dataset(self, asked: Data, dataset: Dataset | None, problem: str) -> None:
        if asked is not self._asked:
            return
        self._dataset = dataset
        if dataset is None:
            self._refuse(problem)
            return
        lines = without_file(about_dataset(dataset), dataset.title).split("\n")
        if self._likely_order and self.roles.order == self._likely_order:
            lines.insert(1, _PROPOSED.format(quoted(self._likely_order)))
        self._say("\n".join(_first(lines)))
        self.summary.setToolTip("\n".join(lines) if len(lines) > _LINES else "")
        if self._is_wanted:
            self._want()

    @Slot()
    def _want(self) -> None:
        """Import what has been read, or as soon as it has been."""
        self._is_wanted = True
        if self._dataset is None:
            self._import.setEnabled(False)
            return
        self.imported.emit(self._asked, self._dataset)
        self.accept()

    def _say(self, sentence: str) -> None:
        self.summary.setText(sentence)
        self._lines.setCurrentWidget(self.summary)
        self._import.setEnabled(not self._is_wanted)

    def _refuse(self, sentence: str) -> None:
        self._is_wanted = False
        self.problem.setText(without_file(sentence, Path(str(self._data.file)).name))
        self._lines.setCurrentWidget(self.problem)
        self._import.setEnabled(False)

    def _build(self, name: QWidget) -> None:
        self._lines = QStackedWidget()
        self._lines.addWidget(self.summary)
        self._lines.addWidget(self.problem)
        self._lines.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(12)
        column.addWidget(name)
        column.addWidget(self.choices)
        column.addWidget(self.table, 1)
        column.addWidget(self._lines)
        column.addWidget(self.buttons)
        room = self.screen().availableGeometry().size()
        self.resize(min(_WIDTH, room.width() - _AROUND), min(_HEIGHT, room.height() - _AROUND))
        self.table.setFocus()


def _first(lines: list[str]) -> list[str]:
    """As many lines as there is room for, and how many there are more."""
    if len(lines) <= _LINES:
        return lines
    return [*lines[: _LINES - 1], f"… and {len(lines) - _LINES + 1} more remarks."]


def _words(name: str) -> QLabel:
    """Words from a file, as they stand; they never ask for room."""
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    return label
