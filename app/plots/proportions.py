"""How docks share the room of their window: kept when its size changes, within bounds."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

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
            self._shares[dock.objectName()] = dock.width() / width, dock.height() / height

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

    def _on_top(self) -> list[QDockWidget]:
        """The docks that can be seen in the window."""
        return [
            dock
            for dock in self._window.findChildren(QDockWidget)
            if dock.isVisible() and not dock.isFloating() and not dock.visibleRegion().isEmpty()
        ]


def _sound(told: Mapping[str, object]) -> Iterable[tuple[str, tuple[float, float]]]:
    for name, shares in told.items():
        match shares:
            case [float(width), float(height)] if 0 < width <= 1 and 0 < height <= 1:
                yield name, (width, height)
