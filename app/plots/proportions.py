"""How docks share the room of their window: kept when its size changes, within bounds."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

_LEAST: Final = 0.2
"""Of the window's width or height; no plot can be read in less."""


class Proportions:
    """The shares of width and height that docks have.

    Args:
        window: that they lie in.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._shares: dict[str, tuple[float, float]] = {}

    def note(self) -> None:
        """Take them as they are now."""
        width, height = max(1, self._window.width()), max(1, self._window.height())
        for dock in self._on_top():
            full = dock.height() + self._tabs_of(dock)
            self._shares[dock.objectName()] = dock.width() / width, min(full / height, 1.0)

    def even_out(self) -> None:
        """Take equal ones for what lies in a row, and for what lies in a column."""
        self._shares |= _even(self._on_top(), 1.0, 1.0)

    def restore(self) -> None:
        """Give every dock its share again; none less than can be read."""
        docks = self._on_top()
        if not all(dock.objectName() in self._shares for dock in docks):
            self.note()
        for which, room, direction in (
            (0, self._window.width(), Qt.Orientation.Horizontal),
            (1, self._window.height(), Qt.Orientation.Vertical),
        ):
            sizes = {dock: round(room * self._shares[dock.objectName()][which]) for dock in docks}
            self._window.resizeDocks([*sizes], [*sizes.values()], direction)
            least = round(room * _LEAST)
            small = [dock for dock, size in sizes.items() if size < least]
            self._window.resizeDocks(small, [least] * len(small), direction)

    def to_bytes(self) -> bytes:
        """For `read`."""
        return json.dumps(self._shares).encode()

    def read(self, content: bytes) -> None:
        """Take them from what `to_bytes` gave; anything else is as good as nothing."""
        try:
            told = json.loads(content)
        except ValueError:
            told = None
        self._shares = dict(_sound(told)) if isinstance(told, Mapping) else {}

    def _tabs_of(self, dock: QDockWidget) -> int:
        """How high the row of tabs is that belongs to a dock."""
        if all(other.isHidden() for other in self._window.tabifiedDockWidgets(dock)):
            return 0
        return max((bar.height() for bar in self._window.findChildren(QTabBar)), default=0)

    def _on_top(self) -> list[QDockWidget]:
        """The docks that can be seen in the window."""
        return [
            dock
            for dock in self._window.findChildren(QDockWidget)
            if dock.isVisible() and not dock.isFloating() and not dock.visibleRegion().isEmpty()
        ]


def _even(
    docks: Sequence[QDockWidget], width: float, height: float
) -> dict[str, tuple[float, float]]:
    """Shares for docks in a room of this size: cut from edge to edge as often as it can be."""
    columns = _bands(docks, lambda dock: (dock.x(), dock.width()))
    rows = _bands(docks, lambda dock: (dock.y(), dock.height()))
    bands, one = max(columns, rows, key=len), (width, height)
    if len(bands) == 1:
        return {dock.objectName(): one for dock in docks}
    one = (width / len(bands), height) if bands is columns else (width, height / len(bands))
    return {name: share for band in bands for name, share in _even(band, *one).items()}


def _bands(
    docks: Sequence[QDockWidget], begin_and_size: Callable[[QDockWidget], tuple[int, int]]
) -> list[list[QDockWidget]]:
    """Those that begin before the others of their band end, the bands in order."""
    bands: list[list[QDockWidget]] = []
    end = -math.inf
    for dock in sorted(docks, key=begin_and_size):
        begin, size = begin_and_size(dock)
        if begin >= end:
            bands.append([])
        bands[-1].append(dock)
        end = max(end, begin + size)
    return bands


def _sound(told: Mapping[str, object]) -> Iterable[tuple[str, tuple[float, float]]]:
    for name, shares in told.items():
        match shares:
            case [float(width), float(height)] if 0 < width <= 1 and 0 < height <= 1:
                yield name, (width, height)
