"""The crosshair of one plot, shown in all others that have the same x axis."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.plots.plot_dock import PlotDock
from engine.plots import Along, Plot

_MILLISECONDS: Final = 25  # between two places that the others are moved to


class ReadingTogether(QObject):
    """Moves the crosshairs of plots along the same axis together.

    What a person reads is followed at once in the plot that is pointed at; the others follow in
    later turns of the event loop, so that the pointer does not wait for them.

    Args:
        docks: all plots.

    Signals:
        chosen: what the axis of a plot goes along, and the index of the point there that was
            clicked on.
    """

    chosen = Signal(str, int)

    def __init__(self, docks: Iterable[PlotDock], parent: QObject) -> None:
        super().__init__(parent)
        self._docks = [*docks]
        self._leader: PlotDock | None = None
        self._wanted: tuple[Along, float] | None = None
        self._following: list[PlotDock] = []
        self._later = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._later.timeout.connect(self._move_others)
        for dock in self._docks:
            dock.placed.connect(self._follow)
            dock.left.connect(self._stop)
            dock.chosen.connect(self._choose)

    @Slot(float)
    def _follow(self, x: float) -> None:
        dock, along = self.sender(), self._along()
        if not isinstance(dock, PlotDock):
            return
        if dock is not self._leader:
            self._release()
        self._leader = dock
        if along is not None:
            self._wanted = along, x
            if not self._later.isActive():
                self._later.start()

    @Slot()
    def _stop(self) -> None:
        if self.sender() is self._leader:
            self._release()

    @Slot(int)
    def _choose(self, index: int) -> None:
        dock = self.sender()
        plot = dock.card.plot if isinstance(dock, PlotDock) else None
        if isinstance(plot, Plot) and plot.along is not None:  # over time, points are the same
            self.chosen.emit(plot.along, index)

    def _along(self) -> Along | None:
        """What the axis of the plot that speaks goes along."""
        dock = self.sender()
        plot = dock.plot if isinstance(dock, PlotDock) else None
        return plot.along if isinstance(plot, Plot) else None

    def _release(self) -> None:
        """Leave no mark in the plots that followed."""
        followers = [dock for dock in self._following if dock is not self._leader]
        self._leader, self._wanted, self._following = None, None, []
        self._later.stop()
        for dock in followers:
            dock.card.stop_reading()

    @Slot()
    def _move_others(self) -> None:
        if self._wanted is None:
            return
        along, x = self._wanted
        others = (dock for dock in self._docks if dock is not self._leader and dock.is_seen)
        self._following = [
            dock for dock in others if isinstance(dock.plot, Plot) and dock.plot.along == along
        ]
        for dock in self._following:
            dock.card.read_along(along, x)
