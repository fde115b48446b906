"""Plots drawn as far as they can be seen, some of them in later turns of the event loop."""

import math
import time
from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from app.plots.plot_dock import PlotDock
from engine.plots import AnyPlot

_AT_ONCE: Final = 0.008  # seconds of drawing; at leisure, what takes longer goes on in a later turn


class Drawing(QObject):
    """Draws plots into their docks; what waits is drawn as it is then, before what came later.

    Args:
        docks: by the plot's key.
    """

    def __init__(self, docks: Mapping[str, PlotDock], parent: QObject) -> None:
        super().__init__(parent)
        self._docks = docks
        self._plots: Mapping[str, AnyPlot] = {}
        self._unmade: list[str] = []
        self._waiting: list[str] = []
        self._appeared: set[str] = set()
        self._later = QTimer(self, interval=1, singleShot=True)  # lets others in between
        self._later.timeout.connect(self._go_on)

    @property
    def is_waiting(self) -> bool:
        """Whether some plots are not drawn yet."""
        return bool(self._waiting)

    def prepare(self, keys: Iterable[str]) -> None:
        """Make what these plots are drawn in, one in a turn of the event loop: each takes long."""
        self._unmade = [*keys]
        self._later.start()

    def take(self, plots: Mapping[str, AnyPlot]) -> None:
        """Note which plots there are now."""
        stale = [key for key, plot in plots.items() if not self._docks[key].shows(plot)]
        late = [key for key in self._waiting if key in stale]
        self._plots = plots
        self._waiting = [*late, *(key for key in stale if key not in late)]

    def start(self, *, at_leisure: bool, crowded: bool = False) -> None:
        """Draw what is waiting.

        Args:
            at_leisure: whether other events may come in between.
            crowded: whether much has happened in this turn already: then, in a later one.
        """
        if at_leisure and crowded:
            self._later.start()
        else:
            self._draw(_AT_ONCE if at_leisure else math.inf)

    def draw_what_appears(self, key: str) -> None:
        """A plot can be seen now: draw it, unless it waits for its turn."""
        if key in self._waiting:
            self._appeared.add(key)
        elif key in self._plots:
            self._docks[key].card.show_plot(self._plots[key])

    def stop(self) -> None:
        """Leave nothing to be drawn."""
        self._later.stop()
        self._unmade, self._waiting = [], []
        self._appeared.clear()

    def forget(self) -> None:
        """There are no plots any more."""
        self._plots, self._waiting = {}, []
        self._appeared.clear()

    @Slot()
    def _go_on(self) -> None:
        """Make or draw something of what had to wait."""
        if self._waiting:
            self._draw(_AT_ONCE)
        elif self._unmade:
            _ = self._docks[self._unmade.pop(0)].card
            self._later.start()

    def _draw(self, seconds: float) -> None:
        """Draw; what is not begun after so long waits for another turn."""
        until = time.perf_counter() + seconds
        while self._waiting:
            key = self._waiting.pop(0)
            if key in self._appeared or self._docks[key].is_seen:
                self._appeared.discard(key)
                self._docks[key].card.show_plot(self._plots[key])
                if self._waiting and time.perf_counter() > until:
                    self._later.start()
                    return
