"""Exporting figures: which plots, which formats, which folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
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


class ExportDialog(QDialog):
    """Writes plots as figures, drawn from the run's numbers.

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
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
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
        try:
            written = write_figures(self._chosen_plots(), folder, self._chosen_formats())
        except OSError as error:
            self.problem.setText(
                f"{folder}: expected a folder that can be written to: {error.strerror}."
            )
            return
        self.exported.emit([str(path) for path in written])
        self.accept()
