"""Exporting figures: which plots, which formats, which folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.figures import FORMATS, Format
from engine.plots import Plot
from engine.runs import write_figures

_NAMES = {
    "svg": "SVG (vector, for the web and slides)",
    "pdf": "PDF (vector, for papers)",
    "png": "PNG (pixels, 200 dots an inch)",
    "csv": "CSV (the numbers)",
}


class _Writer(QThread):
    """Draws and writes the figures, one after the other."""

    wrote = Signal(str)

    def __init__(
        self, plots: Sequence[Plot], formats: Sequence[Format], folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._jobs = [(plot, kind) for plot in plots for kind in formats]
        self._folder = folder
        self.written: list[str] = []
        self.problem = ""

    @property
    def total(self) -> int:
        return len(self._jobs)

    def run(self) -> None:
        try:
            for plot, kind in self._jobs:
                if self.isInterruptionRequested():
                    return
                (path,) = write_figures([plot], self._folder, [kind])
                self.written.append(str(path))
                self.wrote.emit(path.name)
        except OSError as error:
            self.problem = (
                f"{self._folder}: expected a folder that can be written to: {error.strerror}."
            )


class ExportDialog(QDialog):
    """Writes plots as figures, drawn from the run's numbers, off the window's thread.

    Args:
        plots: what can be exported.
        chosen: keys of what is ticked at first.

    Signals:
        exported: the paths of the files written.
    """

    exported = Signal(list)

    def __init__(
        self, plots: Sequence[Plot], chosen: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export figures")
        self._plots = list(plots)
        self.choice = QListWidget()
        self.choice.setAccessibleName("Plots to export")
        for plot in plots:
            item = QListWidgetItem(plot.title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = plot.key in chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.choice.addItem(item)
        self.formats: dict[Format, QCheckBox] = {}
        formats = QGridLayout()
        for index, kind in enumerate(FORMATS):
            self.formats[kind] = QCheckBox(_NAMES[kind])
            self.formats[kind].setChecked(True)
            self.formats[kind].clicked.connect(self._check)
            formats.addWidget(self.formats[kind], index // 2, index % 2)
        self.folder = QLineEdit(str(Path.home() / "retrograde-figures"))
        self.folder.setAccessibleName("Folder")
        self.folder.textChanged.connect(self._check)
        self.browse = QPushButton("Choose…")
        self.browse.clicked.connect(self._browse)
        self.problem = QLabel()
        self.problem.setObjectName("error")
        self.problem.setWordWrap(True)
        self.doing = QLabel()
        self.doing.setObjectName("muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._writer: _Writer | None = None
        self.write = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._write)
        self.buttons.rejected.connect(self.reject)
        self.choice.itemChanged.connect(self._check)

        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse)
        column = QVBoxLayout(self)
        for part in (QLabel("Plots"), self.choice, QLabel("Formats")):
            column.addWidget(part)
        column.addLayout(formats)
        column.addWidget(QLabel("Folder"))
        column.addLayout(where)
        column.addWidget(self.problem)
        column.addWidget(self.doing)
        column.addWidget(self.buttons)
        self.resize(560, 420)
        self._check()

    def _chosen_plots(self) -> list[Plot]:
        return [
            plot
            for index, plot in enumerate(self._plots)
            if self.choice.item(index).checkState() == Qt.CheckState.Checked
        ]

    def _chosen_formats(self) -> list[Format]:
        return [kind for kind, box in self.formats.items() if box.isChecked()]

    @Slot()
    def _check(self) -> None:
        ready = self._chosen_plots() and self._chosen_formats() and self.folder.text().strip()
        self.write.setEnabled(bool(ready))

    @Slot()
    def _browse(self) -> None:
        dialog = QFileDialog(self, "Folder for the figures", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _write(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        self.problem.clear()
        self._writer = _Writer(self._chosen_plots(), self._chosen_formats(), folder, self)
        self._writer.wrote.connect(self._show_progress)
        self._writer.finished.connect(self._finish)
        self._set_busy(True)
        self._writer.start()

    @Slot(str)
    def _show_progress(self, name: str) -> None:
        if self._writer:
            self.doing.setText(f"{len(self._writer.written)} of {self._writer.total}: {name}")

    @Slot()
    def _finish(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        self._set_busy(False)
        writer.wait()
        writer.deleteLater()
        if writer.problem:
            self.problem.setText(writer.problem)
        else:
            self.exported.emit(writer.written)
            self.accept()

    def done(self, result: int) -> None:
        """End what is being written before the dialog goes."""
        if self._writer:
            self._writer.requestInterruption()
            self._writer.wait()
        super().done(result)

    def _set_busy(self, busy: bool) -> None:
        for part in (self.choice, self.folder, self.browse, *self.formats.values(), self.write):
            part.setEnabled(not busy)
        self.doing.setText("Drawing …" if busy else "")
