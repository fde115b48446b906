"""Matrices as pictures, with one scale of colours beside them."""

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.dress import plot_font
from app.plots.colour_bar import ColourBar
from app.plots.crosshair import Crosshair
from app.plots.entries import Entry
from app.plots.picture_grid import PictureGrid
from app.theme import Theme
from engine.plots import (
    AS_THE_PLOT_SAYS,
    PicturePlot,
    Showing,
)


class PictureView(QWidget):
    """Shows a `PicturePlot`, and keeps showing it as its numbers change.

    Args:
        theme: the colours.

    Attributes:
        grid: the pictures.
        bar: what their colours mean.

    Signals:
        hovered: never: a legend has nothing to say here.
    """

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = PictureGrid(theme)
        self.bar = ColourBar(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.grid, 1)
        row.addWidget(self.bar)
        self.setFocusProxy(self.grid)
        self._plot: PicturePlot | None = None

    @property
    def crosshair(self) -> Crosshair:
        """What is read off."""
        return self.grid.crosshair

    @property
    def reader(self) -> QWidget:
        """The widget that a screen reader describes."""
        return self.grid

    @property
    def showing(self) -> Showing:
        """Always all of it."""
        return AS_THE_PLOT_SAYS

    @property
    def entries(self) -> list[Entry]:
        """Nothing: names stand above the pictures."""
        return []

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.grid.set_theme(theme)
        self.bar.set_theme(theme)
        self._explain()

    def set_presentation(self, on: bool) -> None:
        """Larger type, or not."""
        for part in (self.grid, self.bar, self.grid.crosshair):
            part.setFont(plot_font(on))
        self.bar.updateGeometry()

    def set_shown(self, name: str, on: bool) -> None:
        """Pictures cannot be switched off."""

    def emphasise(self, name: str) -> None:
        """Pictures have no legend to point at them from."""

    def show_plot(self, plot: PicturePlot) -> None:
        """Show pictures in place of those before."""
        self._plot = plot
        self.grid.show_plot(plot)
        self._explain()

    def pixel(self, picture: int, row: int, column: int) -> QPoint:
        """Where a pixel of a picture is in the grid."""
        assert self._plot is not None, "there are pictures"
        cell = self.grid.cells()[picture]
        rows, columns = self._plot.pictures[picture].values.shape
        x = cell.left() + (column + 0.5) * cell.width() / columns
        y = cell.top() + (row + 0.5) * cell.height() / rows
        return QPointF(x, y).toPoint()

    def _explain(self) -> None:
        if self._plot:
            self.bar.set_scale(self.grid.table, self._plot.limits, self._plot.unit)
