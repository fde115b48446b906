"""Choosing the data: the built-in sets, and files that are read off the window's thread."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.fields import ChoiceField, Field, TextField
from engine.errors import InputError
from engine.experiments import Data
from engine.tasks.datasets import BUILT_IN, Dataset
from engine.tasks.task import open_dataset

_FILTER = "Data (*.csv *.csv.gz *.tsv *.npz *ubyte *ubyte.gz *.idx *.idx.gz);;All files (*)"


class _Reader(QThread):
    """Reads one file."""

    def __init__(self, data: Data, parent: QObject) -> None:
        super().__init__(parent)
        self.data = data
        self.dataset: Dataset | None = None
        self.problem = ""

    def run(self) -> None:
        try:
            self.dataset = open_dataset(self.data)
        except InputError as error:
            self.problem = str(error)


class DataFields(QWidget):
    """The data set, or a file and its target column.

    Signals:
        edited: a person chose other data, or a file has been read.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ChoiceField(
            "data.source",
            "Data set",
            "The examples to learn from: sets that come with the program, or a file of yours.",
            [(name, entry.title) for name, entry in BUILT_IN.items()],
        )
        self.open_file = QPushButton("Open file…")
        self.open_file.setToolTip("Read a CSV, NPZ or IDX file (plain or gzip) (Ctrl+O)")
        self.target = TextField(
            "data.target",
            "Target column",
            "Name of the column of the CSV file that the model predicts.",
            str,
            empty="last column",
        )
        self.about = QLabel()
        self.about.setObjectName("muted")
        self.about.setWordWrap(True)
        self._given = Data(source="digits")
        self._file: Data | None = None
        self._attempt = self._given
        self._dataset: Dataset | None = None
        self._reader: _Reader | None = None
        self.source.edited.connect(self._choose)
        self.open_file.clicked.connect(self.choose_file)
        self.target.line.editingFinished.connect(self._choose_target)
        row = QHBoxLayout()
        row.addWidget(self.source, 1)
        row.addWidget(self.open_file, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.target)
        column.addWidget(self.about)
        self._refresh()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, for whoever marks what is wrong with them."""
        return self.source, self.target

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return self._reader is not None

    @property
    def kind(self) -> str | None:
        """Whether there are classes or numbers to predict; None while that is not known."""
        if self._given.file is None:
            return BUILT_IN[str(self._given.source)].kind
        return self._dataset.kind if self._dataset else None

    def table(self) -> dict[str, Any]:
        """The ``data`` table of the experiment."""
        return self._given.model_dump(exclude_none=True)

    def set_data(self, data: Data) -> None:
        """Show an experiment's data; a file is read at once."""
        self._given = self._attempt = data
        if data.file is not None:
            self._read(data)
        self._refresh()

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file and read it."""
        dialog = QFileDialog(self, "Open data", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Read a file in the background; it becomes the data set if it can be used."""
        self._read(Data(file=str(Path(path).resolve())))

    def shut_down(self) -> None:
        """Wait for a file that is being read."""
        if self._reader:
            self._reader.finished.disconnect()
            self._reader.wait()
            self._reader = None

    def _read(self, data: Data) -> None:
        self.shut_down()
        self._attempt = data
        self._reader = _Reader(data, self)
        self._reader.finished.connect(self._take)
        self.about.setText(f"Reading {Path(str(data.file)).name} …")
        self._reader.start()

    @Slot()
    def _take(self) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        self.target.set_problem("")
        self.source.set_problem("")
        if reader.dataset is None:
            field = self.target if reader.data.target else self.source
            field.set_problem(reader.problem)
            self._refresh()
        else:
            self._given, self._file, self._dataset = reader.data, reader.data, reader.dataset
            self._refresh()
            self.edited.emit()
        reader.deleteLater()

    def _choose(self) -> None:
        chosen = self.source.value()
        self.source.set_problem("")
        if chosen is None and self._file:
            self._given = self._file
        elif chosen is not None:
            self._given = Data(source=chosen)
        self._attempt = self._given
        self._refresh()
        self.edited.emit()

    @Slot()
    def _choose_target(self) -> None:
        target = self.target.value()
        if self._attempt.file and target != self._attempt.target:
            self._read(self._attempt.model_copy(update={"target": target}))

    def _refresh(self) -> None:
        box = self.source.box
        place = box.findData(None)
        if self._file:
            name = Path(str(self._file.file)).name
            if place < 0:
                box.addItem(name, None)
            else:
                box.setItemText(place, name)
        self.source.set_value(self._given.source)
        is_table = (self._attempt.file or "").lower().endswith((".csv", ".csv.gz", ".tsv"))
        self.target.setVisible(is_table)
        self.target.set_value(self._attempt.target)
        if self._given.file is None:
            self.about.setText(BUILT_IN[str(self._given.source)].description)
        elif self._dataset:
            self.about.setText(_about(self._dataset))


def _about(dataset: Dataset) -> str:
    what = (
        f"{dataset.classes} classes" if dataset.kind == "classification" else "numbers to predict"
    )
    return f"{dataset.size:,} examples, {dataset.features:,} features, {what}."
