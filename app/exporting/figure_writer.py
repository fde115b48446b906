"""Threads that draw figures into files, or for the clipboard."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread

from app.exporting.beside import Write
from app.exporting.writing_dialog import Writer
from engine.figures.figure import Format, Size, render
from engine.output.files import write_figures
from engine.plots import AnyPlot, Showing


class FigureWriter(Writer):
    """Draws and writes figures one after the other, and then what stands beside them."""

    def __init__(
        self,
        plots: Sequence[AnyPlot],
        formats: Sequence[Format],
        size: Size,
        showings: Mapping[str, Showing],
        beside: Mapping[str, Write],
        folder: Path,
        parent: QObject,
    ) -> None:
        super().__init__(folder, parent)
        self._plots, self._beside = plots, beside
        self._jobs = [(plot, kind) for plot in plots for kind in formats]
        self._size, self._showings = size, showings

    def work(self) -> None:
        """Write figure by figure, then what stands beside them."""
        total = len(self._jobs) + len(self._beside)
        for done, (plot, kind) in enumerate(self._jobs, 1):
            self.go_on()
            paths = write_figures([plot], self.folder, [kind], self._size, self._showings)
            self.written += map(str, paths)
            self.moved.emit(done, total, paths[0].name)
        for done, (name, write) in enumerate(self._beside.items(), len(self._jobs)):
            self.moved.emit(done, total, f"{name} …")

            def tell(figures: int, of: int, done: int = done, name: str = name) -> None:
                self.go_on()
                self.moved.emit(done, total, f"{name}, figure {figures} of {of}")

            self.go_on()
            write(self.folder / name, self._plots, self._showings, tell)
            self.written.append(str(self.folder / name))


class Copier(QThread):
    """Draws a figure for the clipboard."""

    def __init__(self, plot: AnyPlot, size: Size, showing: Showing, parent: QObject) -> None:
        super().__init__(parent)
        self._plot, self._size, self._showing = plot, size, showing
        self.contents: dict[str, bytes] = {}
        self.problem = ""

    def run(self) -> None:
        """Draw it twice; what goes wrong is kept as a sentence."""
        try:
            png = render(self._plot, "png", self._size, self._showing)
            self.contents = {"image/png": png}
            self.contents["image/svg+xml"] = render(self._plot, "svg", self._size, self._showing)
        except Exception as error:  # shown in the dialog, which stays usable
            self.problem = f"The figure cannot be copied: {type(error).__name__}: {error}"
