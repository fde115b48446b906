"""The button that lets one more kind of hyperparameter be free."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

_STYLE = """
    QToolButton { color: palette(link); padding: 3px 4px; }
    QToolButton:focus { padding: 2px 3px; }
    QToolButton::menu-indicator { image: none; }
"""


class FreeMenu(QToolButton):
    """Offers the kinds that the experiment has and that are not free.

    Signals:
        chosen: the name of a kind.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setText("+ Hyperparameter…")
        self.setToolTip("Let the meta-optimizer move another kind of hyperparameter")
        self.setAccessibleName("Free another hyperparameter")
        self.setAccessibleDescription(self.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet(_STYLE)
        self._offered: dict[str, tuple[str, str]] = {}
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.triggered.connect(self._choose)
        self.setMenu(self._menu)

    def offer(self, kinds: Mapping[str, str], hindered: Mapping[str, str]) -> None:
        """Offer these kinds.

        Args:
            kinds: what people call each, by its name.
            hindered: why some cannot be free now.
        """
        offered = {name: (words, hindered.get(name, "")) for name, words in kinds.items()}
        if offered == self._offered:
            return
        self._offered = offered
        self._menu.clear()
        for name, (words, reason) in offered.items():
            action = self._menu.addAction(words)
            action.setData(name)
            action.setEnabled(not reason)
            action.setToolTip(reason or words)
        self.setEnabled(bool(kinds))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.chosen.emit(action.data())
