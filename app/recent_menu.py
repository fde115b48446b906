"""The menu of experiments that were opened or saved last."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.plain_text import plain_tip, without_key
from app.preferences import Preferences
from engine.sentences import one_line

_SHORT: Final = 60  # letters of a name


class RecentMenu(QMenu):
    """Offers those that are still there, by their names.

    Args:
        preferences: which remember them.

    Signals:
        chosen: the path of an experiment.
    """

    chosen = Signal(str)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("Open &recent", parent)
        self._preferences = preferences
        self.setToolTipsVisible(True)
        self.menuAction().setToolTip("Experiments, once some have been opened or saved.")
        self.triggered.connect(self._choose)
        self._renew()

    @property
    def paths(self) -> list[str]:
        """Of those that are still there."""
        return [path for path in self._preferences.recent if Path(path).is_file()]

    @Slot(str)
    def note(self, path: str) -> None:
        """An experiment was opened or saved."""
        self._preferences.note_recent(path)
        self._renew()

    def _renew(self) -> None:
        self.clear()
        for path in self.paths:
            action = self.addAction(without_key(one_line(Path(path).name, _SHORT)))
            action.setToolTip(plain_tip(path))
            action.setData(path)
        self.setEnabled(not self.isEmpty())

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.chosen.emit(action.data())
