"""A map of the plane, with a scale of its colours beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.dress import plot_font
from app.plots.colour_bar import ColourBar
from app.plots.crosshair import Crosshair
from app.plots.entries import Entry
from app.plots.map_axes import MapAxes
from app.theme import Theme
from engine.plots import MapPlot, Showing


class MapView(QWidget):
    """Shows a `MapPlot`, and keeps showing it as its numbers change.

    Args:
        theme: the colours.

    Attributes:
        axes: the map.
        bar: what its colours mean, if they are levels.

    Signals:
        hovered: name of what is read off, or "".
    """

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes = MapAxes(theme)
        self.bar = ColourBar(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.axes, 1)
        row.addWidget(self.bar)
        self.setFocusProxy(self.axes)
        self.axes.hovered.connect(self.hovered)
        self._plot: MapPlot | None = None

    @property
    def crosshair(self) -> Crosshair:
        """What is read off."""
        return self.axes.crosshair

    @property
    def reader(self) -> QWidget:
        """The widget that a screen reader describes."""
        return self.axes

    @property
    def showing(self) -> Showing:
        """How the map is shown: without what, and which part of it."""
        return self.axes.showing

    @property
    def entries(self) -> list[Entry]:
        """What the legend names."""
        return self.axes.entries

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.axes.set_theme(theme)
        self.bar.set_theme(theme)
        self._explain()

    def set_presentation(self, on: bool) -> None:
        """Larger type, points and strokes, or not."""
        self.axes.set_presentation(on)
        self.bar.setFont(plot_font(on))
        self.bar.updateGeometry()

    def set_shown(self, name: str, on: bool) -> None:
        """Switch points or a path on or off."""
        self.axes.set_shown(name, on)

    def emphasise(self, name: str) -> None:
        """Make points or a path stand out; with "", none."""
        self.axes.emphasise(name)

    def show_plot(self, plot: MapPlot) -> None:
        """Show a map in place of the one before."""
        self._plot = plot
        self.axes.show_plot(plot)
        self._explain()

    def _explain(self) -> None:
        if self._plot is None:
            return
        self.bar.setVisible(self._plot.meaning == "levels")
        limits, log = self.axes.limits, self._plot.log
        self.bar.set_scale(self.axes.table, limits, self._plot.unit, log=log)
