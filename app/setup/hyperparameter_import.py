"""Importing hyperparameters into the set-up: a file is asked for, read in a thread, and taken."""

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.setup.setup_panel import SetupPanel
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.sentences import one_line

_FILTER = "Hyperparameters (*.csv *.npz)"
_TAKEN = ("initial", "granularity")


class _Reader(QThread):
    """Reads a file for an experiment, whose data it loads for that."""

    def __init__(self, experiment: Experiment, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.experiment, self.path = experiment, path
        self.read: Experiment | None = None
        self.kinds: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.problem = ""

    def run(self) -> None:
        """Read it; what is wrong is kept as a sentence."""
        from engine.output.imported import read_hyperparameters

        try:
            found = read_hyperparameters(self.experiment, self.path)
        except InputError as error:
            self.problem = str(error)
        except Exception as error:  # said in the window, which goes on
            self.problem = f"{self.path.name}: {type(error).__name__}: {error}"
        else:
            self.read, self.kinds, self.notes = found.experiment, found.kinds, found.notes


class HyperparameterImport(QObject):
    """Lets the experiment in the set-up start from hyperparameters in a file.

    Args:
        window: that asks for the file.
        setup: the experiment; what it takes is one step to undo.

    Signals:
        said, said_problem: one sentence for the window to show.
    """

    said = Signal(str)
    said_problem = Signal(str)

    def __init__(self, window: QWidget, setup: SetupPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._setup = window, setup
        self._reader: _Reader | None = None

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return self._reader is not None

    @Slot()
    def ask(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self._window, "Import hyperparameters", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Read a file, whose hyperparameters become the initial ones if they fit."""
        self.shut_down()
        try:
            experiment = self._setup.experiment()
        except InputError as error:
            self.said_problem.emit(one_line(f"Fix the marked fields, then import: {error}"))
            return
        self._reader = _Reader(experiment, Path(path), self)
        self._reader.finished.connect(self._take)
        self._reader.start()

    def shut_down(self) -> None:
        """Wait for what is being read, and drop it."""
        reader, self._reader = self._reader, None
        if reader:
            reader.finished.disconnect()
            reader.wait()
            reader.deleteLater()

    @Slot()
    def _take(self) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        reader.wait()
        reader.deleteLater()
        if reader.read is None:
            self.said_problem.emit(reader.problem)
        elif self._is_another_than(reader.experiment):
            self.said_problem.emit(
                f"{reader.path.name}: the set-up has changed while it was read. Import it again."
            )
        else:
            settings = reader.read.hyperparameters.root
            values = {
                f"hyperparameters.{kind}.{name}": getattr(settings[kind], name)
                for kind in reader.kinds
                for name in _TAKEN
            }
            what = "Import hyperparameters"
            if self._setup.change_together(values, what):
                told = (f"The next run starts from {reader.path.name}.", *reader.notes)
                self.said.emit(" ".join(told))

    def _is_another_than(self, experiment: Experiment) -> bool:
        try:
            return self._setup.experiment() != experiment
        except InputError:
            return True
