"""The plots of a run, each in a dock of its own: arranged, closed, brought back, enlarged."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from app.plots.plot_dock import PlotDock
from app.theme import Theme
from engine.plots import AnyPlot

_TITLES: Final = {
    "learning_rates": "Learning rates",
    "decays": "Momentum decays",
    "initial_scales": "Initial scales",
    "l2_penalties": "L2 penalties",
    "penalty_pictures": "L2 penalties as pictures",
    "losses": "Loss after training",
    "hypergradient": "Hypergradient norm",
    "learning_curves": "Elementary learning curve",
    "weight_pictures": "Weights as pictures",
    "decision_regions": "Decision regions",
    "loss_surface": "Loss surface",
    "memory": "Memory",
}
_CORNERS: Final[tuple[tuple[str, ...], ...]] = (
    ("learning_rates", "decays", "initial_scales", "l2_penalties", "penalty_pictures"),
    ("losses", "hypergradient"),
    ("learning_curves", "weight_pictures", "decision_regions", "loss_surface"),
    ("memory",),
)
"""Which plots share a corner of the area at first, as tabs; the last one that means something for a
run lies on top of those before it, except for hypergradient norms."""
_ON_TOP: Final = (
    "loss_surface",
    "decision_regions",
    "penalty_pictures",
    "learning_rates",
    "losses",
    "memory",
)


class PlotArea(QMainWindow):
    """Holds a dock for each plot; shows those that mean something for the run.

    Args:
        theme: the colours.

    Attributes:
        docks: by the plot's key.

    Signals:
        export_requested, help_requested: key of the plot.
        enlarged: whether one plot has the area to itself now.
        closed_changed: the keys of the plots that a person has closed.
    """

    export_requested = Signal(str)
    help_requested = Signal(str)
    enlarged = Signal(bool)
    closed_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setAccessibleName("Plots of the run")
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._plots: dict[str, AnyPlot] = {}
        self._closed: set[str] = set()
        self._before: QByteArray | None = None
        self._is_level = False
        self.enlarged_key: str | None = None
        self.docks = {key: PlotDock(key, title, theme, self) for key, title in _TITLES.items()}
        for dock in self.docks.values():
            dock.closed.connect(self._note_closed)
            dock.visibilityChanged.connect(self._draw_what_appears)
            dock.export_requested.connect(self.export_requested)
            dock.help_requested.connect(self.help_requested)
            dock.enlarge_requested.connect(self.toggle_enlarged)
        self.arrange()

    @property
    def closed(self) -> frozenset[str]:
        """The keys of the plots that a person has closed."""
        return frozenset(self._closed)

    @property
    def shown(self) -> list[AnyPlot]:
        """The plots of the run as they are drawn, or would be in a dock that is open."""
        return list(self._plots.values())

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        for dock in self.docks.values():
            dock.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        for dock in self.docks.values():
            dock.set_presentation(on)

    def set_closed(self, keys: Iterable[str]) -> None:
        """Close these plots, as a person did before."""
        self._closed = set(keys) & set(self.docks)
        self._show_meaningful()

    @Slot()
    def arrange(self) -> None:
        """Put every dock back where it is at first, none of them closed or enlarged."""
        self._leave_enlarged()
        areas = Qt.DockWidgetArea
        firsts = []
        for corner in _CORNERS:
            first = self.docks[corner[0]]
            firsts.append(first)
            for key in corner:
                self.docks[key].setFloating(False)
                self.removeDockWidget(self.docks[key])
        self.addDockWidget(areas.TopDockWidgetArea, firsts[0])
        self.splitDockWidget(firsts[0], firsts[1], Qt.Orientation.Horizontal)
        self.splitDockWidget(firsts[0], firsts[2], Qt.Orientation.Vertical)
        self.splitDockWidget(firsts[1], firsts[3], Qt.Orientation.Vertical)
        for corner, first in zip(_CORNERS, firsts, strict=True):
            for key in corner[1:]:
                self.tabifyDockWidget(first, self.docks[key])
        self._closed.clear()
        self.closed_changed.emit(self.closed)
        self._show_meaningful()
        self._raise_the_best()
        self._is_level = False
        self._level()

    def restore(self, arrangement: QByteArray) -> None:
        """Arrange the docks as they were when ``arrangement`` was saved."""
        self._is_level = self.restoreState(arrangement)
        self._show_meaningful()

    def show_plots(self, plots: Sequence[AnyPlot]) -> None:
        """Take the run's plots as they are now; only docks that can be seen draw them."""
        new = {plot.key: plot for plot in plots}
        appeared = new.keys() != self._plots.keys()
        self._plots = new
        if appeared:
            self._show_meaningful()
            self._raise_the_best()
        self._level()
        for key in new:
            self._draw(key)

    def is_seen(self, keys: Iterable[str]) -> bool:
        """Whether one of these plots is open and on top."""
        docks = (self.docks[key] for key in keys if key in self.docks)
        return any(dock.isVisible() and not dock.visibleRegion().isEmpty() for dock in docks)

    @Slot(str)
    def toggle_enlarged(self, key: str) -> None:
        """Give one plot the whole area, or give the others theirs back."""
        if self.enlarged_key is not None:
            self._leave_enlarged()
            return
        self._before = self.saveState()
        self.enlarged_key = key
        for other, dock in self.docks.items():
            dock.setVisible(other == key)
        self.enlarged.emit(True)
        self.docks[key].card.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the other plots their place back."""
        if event.key() == Qt.Key.Key_Escape and self.enlarged_key is not None:
            self._leave_enlarged()
        else:
            super().keyPressEvent(event)

    def toggle_actions(self) -> list[QAction]:
        """A switch for each plot that means something for the run: shown or closed."""
        actions = []
        for key in self._plots:
            action = QAction(_TITLES[key], self)
            action.setCheckable(True)
            action.setChecked(key not in self._closed)
            action.setData(key)
            actions.append(action)
        return actions

    @Slot(QAction)
    def follow_action(self, action: QAction) -> None:
        """Close a plot or bring it back, as one of `toggle_actions` says."""
        key = action.data()
        if action.isChecked():
            self._closed.discard(key)
        else:
            self._closed.add(key)
        self.closed_changed.emit(self.closed)
        self._show_meaningful()
        if action.isChecked():
            self.docks[key].raise_()

    def _leave_enlarged(self) -> None:
        if self.enlarged_key is None or self._before is None:
            return
        self.enlarged_key = None
        self.restoreState(self._before)
        self._show_meaningful()
        self.enlarged.emit(False)

    def _show_meaningful(self) -> None:
        if self.enlarged_key is not None:
            if self.enlarged_key in self._plots:
                return
            self._leave_enlarged()
        for key, dock in self.docks.items():
            dock.setVisible(key in self._plots and key not in self._closed)

    def _raise_the_best(self) -> None:
        for key in reversed(_ON_TOP):
            if key in self._plots:
                self.docks[key].raise_()

    def _level(self) -> None:
        """Make the corners equally large, once they can be seen."""
        if self._is_level or not self._plots or not self.isVisible():
            return
        self._is_level = True
        corners = [self.docks[corner[0]] for corner in _CORNERS]
        half = [self.width() // 2] * 2, [self.height() // 2] * 2
        self.resizeDocks(corners[:2], half[0], Qt.Orientation.Horizontal)
        self.resizeDocks([corners[0], corners[2]], half[1], Qt.Orientation.Vertical)
        self.resizeDocks([corners[1], corners[3]], half[1], Qt.Orientation.Vertical)

    def _draw(self, key: str) -> None:
        if self.is_seen([key]):
            self.docks[key].card.show_plot(self._plots[key])

    @Slot(bool)
    def _draw_what_appears(self, visible: bool) -> None:
        dock = self.sender()
        if visible and isinstance(dock, PlotDock) and dock.key in self._plots:
            dock.card.show_plot(self._plots[dock.key])

    @Slot(str)
    def _note_closed(self, key: str) -> None:
        self._closed.add(key)
        self.closed_changed.emit(self.closed)
