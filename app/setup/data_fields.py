"""Choosing the data: the known sets, and files that are read outside the window's thread."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QThread, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.data.giving_way import GivingWay
from app.data.table_worker import TableWorker
from app.data.words import about_dataset
from app.plain_text import PlainLabel, plain_tip
from app.setup.data_state import Content, DataState
from app.setup.field import Field
from app.setup.fields import ChoiceField, TextField
from engine.data.dataset import Dataset
from engine.data.datasets import BUILT_IN, OWN
from engine.data.drawings import Drawings
from engine.data.published import LIBRARY, is_at_hand
from engine.data.readers import is_table
from engine.errors import InputError
from engine.experiments.experiment import Data
from engine.experiments.fields import Descriptions
from engine.experiments.own_problem import OwnProblem
from engine.experiments.what_applies import OF_DATA_SET
from engine.sentences import shown
from engine.tasks.fitting import open_dataset, open_drawings

_NOT_DOWNLOADED = "Not downloaded yet: choose File > Data sets… to download it."
_FILTER = (
    "Data (*.csv *.csv.gz *.tsv *.txt *.data *.npz *ubyte *ubyte.gz *.idx *.idx.gz *.zip);;"
    "All files (*)"
)

_NO_FILE = "Expected a Python file with your losses: File, New problem… or Open problem…"
_SAY_WHICH = {key.removeprefix("data.") for key in OF_DATA_SET}


class _Reader(QThread):
    """Reads one file.

    Args:
        chosen: whether a person chose it just now, or an experiment brought it.
    """

    def __init__(self, data: Data, chosen: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.data = data
        self.chosen = chosen
        self.stamp = _stamp_of(data.file or "")
        self.content: Content | None = None
        self.problem = ""
        self._way = GivingWay(self.isInterruptionRequested, self)

    def run(self) -> None:
        is_archive = str(self.data.file).lower().endswith(".zip")
        try:
            self.content = (
                open_drawings(self.data) if is_archive else open_dataset(self.data, self._way.hold)
            )
        except InputError as error:
            self.problem = str(error)


class DataFields(QWidget):
    """The data set, or a file and its target column.

    A table is imported by a dialog; other files are read at once.

    Args:
        every: what there is to say of the fields.

    Attributes:
        source, target: the fields.
        open_file: the button that asks for a file.
        columns: the button that asks how the columns of a table are read.
        about: a summary of the data.
        note: says that they have to be downloaded first.
        problem_file: what a file of one's own declares, where the experiment has one.

    Signals:
        edited: a person chose other data, which are in use now; with the key of the field.
        refused: a person chose data that cannot be used; with the key of the field.
        opening: a person chose a file.
        noted: the file that an experiment names has been read, or cannot be.
    """

    edited = Signal(str)
    refused = Signal(str)
    noted = Signal()
    opening = Signal()

    def __init__(self, every: Descriptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ChoiceField(every["data.source"])
        self.open_file = QPushButton("Open file…")
        self.open_file.setToolTip(
            "Read a CSV, NPZ or IDX file (plain or gzip), or a ZIP of drawings (Ctrl+O)"
        )
        self.open_file.setAccessibleDescription(self.open_file.toolTip())
        self.target = TextField(every["data.target"], str)
        self.columns = QPushButton("Columns…")
        self.columns.setToolTip("Choose what each column of the file is for, and how it is read")
        self.columns.setAccessibleDescription(self.columns.toolTip())
        self.about = PlainLabel()
        self.about.setObjectName("muted")
        self.note = QLabel(_NOT_DOWNLOADED)
        self.note.setObjectName("muted")
        self.note.setWordWrap(True)
        self._state = DataState(Data(source="digits"))
        self.problem_file: OwnProblem | None = None
        self._stamped: Content | None = None
        self._stamp: tuple[int, int] | None = None  # of its file, when it was read
        self._reader: _Reader | None = None
        self._readers: list[_Reader] = []
        self._tables = TableWorker(self)
        self.source.edited.connect(self._choose)
        self.open_file.clicked.connect(self.choose_file)
        self.target.line.editingFinished.connect(self._choose_target)
        self.columns.clicked.connect(self.choose_columns)
        self.source.put_beside(self.open_file)
        self.target.put_beside(self.columns)
        label = QLabel("Target")
        self._target_row = QWidget()
        row = QHBoxLayout(self._target_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.target, 1)
        self.target.add_label(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.source)
        column.addWidget(self._target_row)
        column.addWidget(self.about)
        column.addWidget(self.note)
        self._refresh()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, to mark errors in."""
        return self.source, self.target

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return self._reader is not None

    @property
    def given(self) -> Data:
        """The data in use."""
        return self._state.given

    @property
    def kind(self) -> str | None:
        """What `engine.data.datasets` calls the kind of the data in use; None: not known yet."""
        return self._state.kind

    @property
    def count(self) -> int | None:
        """How many examples they have; None: not known yet."""
        return self._state.size

    @property
    def problem(self) -> str:
        """Why the last choice of data cannot be used."""
        return self._state.problem

    def table(self) -> dict[str, Any]:
        """The part of the experiment's ``data`` table that says where the examples are."""
        return self._state.given.model_dump(exclude_none=True, include=_SAY_WHICH)

    def set_data(self, data: Data) -> None:
        """Show an experiment's data; a file is read at once."""
        known = data.file is not None or data.source in BUILT_IN
        expected = "Expected one of the data sets in this list"
        problem = "" if known else f"{expected}, found {shown(data.source)}."
        self.restore(DataState(data, file=self._state.file, problem=problem))

    def state(self) -> DataState:
        """What `restore` needs to bring the fields back."""
        return self._state

    def restore(self, state: DataState) -> None:
        """Show what `state` gave; a file that had not been read yet is read now."""
        self._reader = None
        self._state = state
        self._refresh()
        if state.given.file is not None and state.content is None and not state.problem:
            self._read(state.given, chosen=False)

    def event(self, event: QEvent) -> bool:
        """Check again whether the data are available, and the same, when the window is active."""
        if event.type() == QEvent.Type.WindowActivate:
            self._look_for_data()
            self.look_again()
        return super().event(event)

    def look_again(self) -> None:
        """Read the file in use again if it has changed: a run reads it as it is then."""
        state = self._state
        is_in_use = state.given.file and state.content and not self.is_reading
        if is_in_use and _stamp_of(str(state.given.file)) != self._stamp:
            self._read(state.given, chosen=False)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file and read it."""
        before = self._state.given.file or (self._state.file[0].file if self._state.file else None)
        folder = str(Path(before).parent) if before else ""
        dialog = QFileDialog(self, "Open data", folder, _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Read a file in the background; it becomes the data set if it can be used."""
        self._forget_attempt()
        self.opening.emit()
        data = Data(file=str(Path(path).resolve()))
        if is_table(path):
            self._import(data, is_known=False)
        else:
            self._read(data, chosen=True)

    @Slot()
    def choose_columns(self) -> None:
        """Ask how the table in use is read."""
        asked = self._asked
        self._forget_attempt()
        self._import(asked, is_known=True)

    @Slot(int)
    def keep_clear(self, pixels: int) -> None:
        """Leave room beside the summary."""
        self.about.setContentsMargins(0, 0, pixels, 0)

    def tell_of(self, problem: OwnProblem) -> None:
        """Show which file of one's own the experiment has, and what that declares."""
        self.problem_file = None if problem.file is None else problem
        self._refresh()

    def ask_for_a_file(self, is_missing: bool) -> None:
        """Say that losses of one's own need a file, or not."""
        if self._state.given.source == OWN:
            self.source.set_problem(_NO_FILE if is_missing else "")

    def set_editable(self, editable: bool) -> None:
        """Let other files be chosen, or none."""
        self.open_file.setEnabled(editable)
        self.columns.setEnabled(editable)

    def shut_down(self) -> None:
        """Wait for files that are being read."""
        self._reader = None
        for reader in self._readers:
            reader.finished.disconnect()
            reader.requestInterruption()
            reader.wait()
        self._readers.clear()
        self._tables.shut_down()

    def _import(self, data: Data, *, is_known: bool) -> None:
        from app.data.import_dialog import ImportDialog  # loaded when it is opened

        for dialog in filter(QWidget.isVisible, self.findChildren(ImportDialog)):
            if dialog.file == data.file:
                return
            dialog.reject()
        dialog = ImportDialog(
            data, self._tables, is_known, self, wants_series=self.kind == "series"
        )
        dialog.imported.connect(self._take_import)
        dialog.open()

    @Slot(object, object)
    def _take_import(self, data: Data, content: Dataset) -> None:
        self._reader = None
        self._state = DataState(data, content, (data, content))
        self._refresh()
        self.edited.emit(self.source.key)

    def _forget_attempt(self) -> None:
        """Say nothing more of a file that could not be used, once there is another one."""
        if self._state.attempt:
            self._state = self._state._replace(attempt=None, problem="")
            self._refresh()

    def _read(self, data: Data, *, chosen: bool) -> None:
        self._reader = _Reader(data, chosen, self)
        self._readers.append(self._reader)
        self._reader.finished.connect(self._take)
        self.about.setText(f"Reading {Path(str(data.file)).name} …")
        self._reader.start()

    @Slot()
    def _take(self) -> None:
        """Use the data that have been read, unless others have been chosen meanwhile."""
        over = [reader for reader in self._readers if reader.isFinished()]
        self._readers = [reader for reader in self._readers if reader not in over]
        reader = self._reader
        for one in over:
            one.deleteLater()
        if reader is None or reader not in over:
            return
        self._reader = None
        key = self.target.key if reader.data.target else self.source.key
        if reader.content is None:
            self._state = self._state._replace(attempt=reader.data, problem=reader.problem)
        else:
            self._state = DataState(reader.data, reader.content, (reader.data, reader.content))
        self._refresh()
        self._stamp = reader.stamp  # from before it was read
        if not reader.chosen:
            self.noted.emit()
        elif reader.problem:
            self.refused.emit(key)
        else:
            self.edited.emit(key)

    @Slot()
    def _choose(self) -> None:
        self._reader = None
        file = self._state.file
        if self.source.value() in BUILT_IN:
            self._state = DataState(Data(source=self.source.value()), file=file)
        elif file:
            self._state = DataState(*file, file)
        self._refresh()
        self.edited.emit(self.source.key)

    @Slot()
    def _choose_target(self) -> None:
        target = self.target.value()
        asked = self._asked
        if asked.file and target != asked.target:
            self._read(asked.model_copy(update={"target": target}), chosen=True)

    @property
    def _asked(self) -> Data:
        """The data that the fields speak of: the ones in use, or those that cannot be."""
        return self._state.attempt or self._state.given

    def _refresh(self) -> None:
        state = self._state
        if state.content is not self._stamped:
            self._stamped = state.content
            self._stamp = _stamp_of(state.given.file or "")
        self._offer(state.given if state.given.file else state.file[0] if state.file else None)
        self.source.set_value(state.given.file or state.given.source)
        self._target_row.setVisible(is_table(self._asked.file or ""))
        self.target.set_value(self._asked.target)
        self.source.set_problem("" if self._asked.target else state.problem)
        self.target.set_problem(state.problem if self._asked.target else "")
        if state.given.source == OWN and self.problem_file is not None:
            self.about.setText(self.problem_file.words)
        elif state.given.source in BUILT_IN:
            self.about.setText(BUILT_IN[state.given.source].description)
        elif state.content:
            self.about.setText(_about(state.content))
        else:
            self.about.clear()
        self._look_for_data()

    def _look_for_data(self) -> None:
        """Show the note if the data have to be downloaded first."""
        source = self._state.given.source
        self.note.setVisible(source in LIBRARY and not is_at_hand(source))

    def _offer(self, file: Data | None) -> None:
        """List a file below the known sets."""
        box = self.source.box
        while box.count() > len(BUILT_IN):
            box.removeItem(box.count() - 1)
        if file:
            box.addItem(Path(str(file.file)).name, file.file)
            tip = plain_tip(str(file.file))
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)


def _about(content: Content) -> str:
    if isinstance(content, Drawings):
        return f"Several tasks: {len(content.alphabets)} alphabets, upright and rotated."
    return about_dataset(content)


def _stamp_of(file: str) -> tuple[int, int] | None:
    """Size and time of a file: others after it has changed; None if it is not there."""
    try:
        found = Path(file).stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
