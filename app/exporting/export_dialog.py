"""Exporting figures: which plots, how large, which formats, which folder."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QMimeData, QSettings, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.exporting.beside import Beside
from app.exporting.figure_writer import Copier, FigureWriter
from app.exporting.writing_dialog import (
    Writer,
    WritingDialog,
    as_shown_box,
    caption_of,
    describe,
)
from engine.figures.figure import FORMATS, Format
from engine.output.files import names_of_files
from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, Showing

_ROW = 28
_MILLISECONDS = 1000
"""Between two looks at what goes on."""
_NAMES: dict[Format, tuple[str, str]] = {
    "svg": (
        "&SVG, for slides and the web",
        "Vector graphics whose text can be searched and edited",
    ),
    "pdf": ("&PDF, for papers", "Vector graphics with embedded fonts"),
    "png": ("P&NG, pixels", "Pixels, sharp enough for print at this size"),
    "csv": (
        "&CSV, all numbers",
        "All numbers of the plot in full precision, those that the figure leaves out, too",
    ),
}


class ExportDialog(WritingDialog):
    """Writes plots as figures, drawn from the run's numbers, off the window's thread.

    Args:
        plots: what can be exported.
        chosen: keys of what is ticked at first.
        folder: where to at first.
        showings: how the window shows plots, by key; those that are missing as they say themselves.
        now: gives the plots as they are by then, if they change: they are exported as they are when
            the writing begins.
        beside: what else can be written.
        standing: that they show an earlier moment of the run, in a sentence; "" where they do not.

    Attributes:
        choice: the plots, each with a tick; the current one is shown.
        all_plots: ticks all or none.
        formats: a tick for each format.
        beside: a tick for each of what else can be written, by its key.
        as_shown: whether figures look as plots do in the window.
        standing: which moment of the run they show, if it is an earlier one.
        difference: what that changes in the current figure.
        copy: puts the figure that is shown on the clipboard.
        summary: how many files there will be.

    Signals:
        exported: the paths of the files written.
    """

    def __init__(
        self,
        plots: Sequence[AnyPlot],
        chosen: Sequence[str],
        folder: Path | None = None,
        parent: QWidget | None = None,
        showings: Mapping[str, Showing] = MappingProxyType({}),
        now: Callable[[], Sequence[AnyPlot]] | None = None,
        beside: Sequence[Beside] = (),
        standing: str = "",
    ) -> None:
        super().__init__("Export figures", "Export", folder, parent)
        self._plots = list(plots)
        self._now = now or (lambda: plots)
        self._looking = QTimer(self, interval=_MILLISECONDS)
        self._looking.timeout.connect(self._look)
        self._all_showings = showings
        self._copier: Copier | None = None
        self.choice = QListWidget()
        describe(
            self.choice,
            "Figures",
            "Press Space to tick a figure for export; the current one is previewed",
        )
        self.choice.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for plot in plots:
            item = QListWidgetItem(plot.title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = plot.key in chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setToolTip(plot.title)
            item.setSizeHint(QSize(0, _ROW))
            self.choice.addItem(item)
        self.all_plots = QCheckBox("&All figures")
        describe(self.all_plots, "All figures", "Tick or untick all figures")
        remembered = str(QSettings().value("export/formats", ",".join(FORMATS), type=str))
        self.formats: dict[Format, QCheckBox] = {}
        for kind, (name, what) in _NAMES.items():
            self.formats[kind] = QCheckBox(name)
            self.formats[kind].setChecked(kind in remembered.split(","))
            describe(self.formats[kind], name.replace("&", ""), what)
        self._offered = {each.key: each for each in beside}
        wanted = str(QSettings().value("export/beside", "", type=str)).split(",")
        self.beside: dict[str, QCheckBox] = {}
        for each in beside:
            self.beside[each.key] = QCheckBox(each.title)
            self.beside[each.key].setChecked(each.key in wanted)
            describe(self.beside[each.key], each.title.replace("&", ""), each.what)
        self.as_shown = as_shown_box()
        self.standing = QLabel(standing)
        self.standing.setWordWrap(True)
        self.standing.setVisible(bool(standing))
        self.difference = QLabel()
        self.difference.setObjectName("muted")
        self.difference.setWordWrap(True)
        self.summary = QLabel()
        self.summary.setObjectName("muted")
        self.copy = QPushButton("C&opy this figure")
        self.copy.setAutoDefault(False)
        describe(
            self.copy,
            "Copy this figure",
            "Copy the previewed figure to the clipboard, as PNG and SVG",
        )
        self._build()
        first = next((i for i, plot in enumerate(self._plots) if plot.key in chosen), 0)
        self.choice.setCurrentRow(first)
        self.choice.currentRowChanged.connect(self._preview)
        self.choice.itemChanged.connect(self._check)
        self.all_plots.clicked.connect(self._tick_all)
        for box in (*self.formats.values(), *self.beside.values()):
            box.toggled.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self.size_box.currentIndexChanged.connect(self._preview)
        self.as_shown.toggled.connect(self._preview)
        self.copy.clicked.connect(self._copy)
        self._check()
        self._preview()
        if now:
            self._looking.start()

    def names(self) -> list[str]:
        """The files of the ticked figures, and what is ticked beside them."""
        formats = self._chosen_formats()
        figures = [
            name
            for plot in self._chosen_plots()
            for kind in formats
            for name in names_of_files(plot, kind, self._showing_of(plot))
        ]
        return figures + [each.name() for each in self._chosen_beside()]

    def writer(self, folder: Path) -> Writer:
        """What draws and writes the ticked figures."""
        self._looking.stop()  # what is there now is what is exported
        self._look()
        beside = {each.name(): each.begin() for each in self._chosen_beside()}
        return FigureWriter(
            self._chosen_plots(),
            self._chosen_formats(),
            self.chosen_size,
            self._showings(),
            beside,
            folder,
            self,
        )

    def remember(self) -> None:
        """Keep size, folder and formats for the next time."""
        super().remember()
        QSettings().setValue("export/formats", ",".join(self._chosen_formats()))
        if self.beside:
            QSettings().setValue(
                "export/beside", ",".join(each.key for each in self._chosen_beside())
            )

    def set_busy(self, busy: bool) -> None:
        """Enable the controls, or disable them while files are being written."""
        super().set_busy(busy)
        ticks = *self.formats.values(), *self.beside.values()
        for part in (self.choice, self.all_plots, self.as_shown, *ticks):
            part.setEnabled(not busy)

    @Slot()
    def shut_down(self) -> None:
        """End the background work and wait for it."""
        super().shut_down()
        self._looking.stop()
        copier, self._copier = self._copier, None
        if copier:
            copier.finished.disconnect()
            copier.wait()
            copier.deleteLater()

    def _chosen_plots(self) -> list[AnyPlot]:
        return [
            plot
            for index, plot in enumerate(self._plots)
            if self.choice.item(index).checkState() == Qt.CheckState.Checked
        ]

    def _showings(self) -> Mapping[str, Showing]:
        """How the figures are to look, by key."""
        return self._all_showings if self.as_shown.isChecked() else {}

    def _showing_of(self, plot: AnyPlot) -> Showing:
        """How one of them is to look."""
        return self._showings().get(plot.key, AS_THE_PLOT_SAYS)

    def _chosen_formats(self) -> list[Format]:
        return [kind for kind in FORMATS if self.formats[kind].isChecked()]

    def _chosen_beside(self) -> list[Beside]:
        return [self._offered[key] for key, box in self.beside.items() if box.isChecked()]

    @Slot()
    def _check(self) -> None:
        self.forget_outcome()
        figures, formats = len(self._chosen_plots()), len(self._chosen_formats())
        files, beside = len(self.names()), len(self._chosen_beside())
        self.write.setEnabled(bool(files and self.folder.text().strip()))
        if not figures and not beside:
            self.summary.setText("Select a figure.")
        elif not formats and not beside:
            self.summary.setText("Select a format.")
        elif not self.folder.text().strip():
            self.summary.setText("Choose a folder.")
        else:
            self.summary.setText("1 file" if files == 1 else f"{files} files")
        states = {0: Qt.CheckState.Unchecked, len(self._plots): Qt.CheckState.Checked}
        self.all_plots.setCheckState(states.get(figures, Qt.CheckState.PartiallyChecked))

    @Slot()
    def _tick_all(self) -> None:
        every = len(self._chosen_plots()) == len(self._plots)
        state = Qt.CheckState.Unchecked if every else Qt.CheckState.Checked
        for index in range(self.choice.count()):
            self.choice.item(index).setCheckState(state)
        self._check()

    @Slot()
    def _look(self) -> None:
        """Take the plots as they are now."""
        latest = {plot.key: plot for plot in self._now()}
        before, row = self._plots, self.choice.currentRow()
        self._plots = [latest.get(plot.key, plot) for plot in before]
        if row >= 0 and self._plots[row] is not before[row]:
            self._draw_preview()

    @Slot()
    def _preview(self) -> None:
        self.forget_outcome()
        self._draw_preview()

    def _draw_preview(self) -> None:
        row = self.choice.currentRow()
        self.copy.setEnabled(row >= 0)
        if row >= 0:
            plot = self._plots[row]
            self.preview.setAccessibleDescription(plot.title)
            showing = self._showing_of(plot)
            self.difference.setText(_in_words(showing.changes(plot)))
            self.preview.show_figure(partial(_same, plot), self.chosen_size, showing)

    @Slot()
    def _copy(self) -> None:
        self.copy.setEnabled(False)
        self.copy.setText("Copying …")
        plot = self._plots[self.choice.currentRow()]
        showing = self._showing_of(plot)
        self._copier = Copier(plot, self.chosen_size, showing, self)
        self._copier.finished.connect(self._put_on_clipboard)
        self._copier.start()

    @Slot()
    def _put_on_clipboard(self) -> None:
        copier, self._copier = self._copier, None
        if copier is None:
            return
        copier.wait()
        copier.deleteLater()
        self.copy.setEnabled(True)
        self.copy.setText("C&opy this figure" if copier.problem else "C&opied ✓")
        self.say_problem(copier.problem)
        if copier.contents:
            data = QMimeData()
            data.setImageData(QImage.fromData(copier.contents["image/png"]))
            for kind, content in copier.contents.items():
                data.setData(kind, content)
            QGuiApplication.clipboard().setMimeData(data)

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(236)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(caption_of("&Figures", self.choice))
        column.addWidget(self.all_plots)
        column.addWidget(self.choice, 1)
        middle = QWidget()
        middle.setFixedWidth(288)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.standing)
        column.addWidget(caption_of("Si&ze", self.size_box))
        column.addWidget(self.size_box)
        column.addSpacing(4)
        column.addWidget(self.as_shown)
        column.addWidget(self.difference)
        column.addSpacing(8)
        column.addWidget(QLabel("Formats"))
        for box in self.formats.values():
            column.addWidget(box)
        if self.beside:
            column.addSpacing(8)
            column.addWidget(QLabel("Beside the figures"))
        for box in self.beside.values():
            column.addWidget(box)
        column.addSpacing(12)
        column.addWidget(caption_of("Fol&der", self.folder))
        column.addLayout(self.folder_row())
        column.addWidget(self.summary)
        column.addStretch(1)
        column.addWidget(self.copy)
        self.build(left, middle)
        self.resize(1160, 640)


def _in_words(changes: Sequence[str]) -> str:
    return f"This figure: {', '.join(changes)}." if changes else ""


def _same(plot: AnyPlot) -> AnyPlot:
    return plot
