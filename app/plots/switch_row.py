"""A row of buttons, as many as fit; a menu at its end offers the others."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget


class SwitchRow(QWidget):
    """Shows switches side by side.

    Args:
        switches: from left to right.
        leaving: the same, the first to go into the menu first.

    Attributes:
        more_button: opens the menu; shown while it has something to offer.
    """

    def __init__(
        self,
        switches: Sequence[QToolButton],
        leaving: Sequence[QToolButton],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._switches, self._leaving = list(switches), list(leaving)
        self._unwanted: set[QToolButton] = set()
        self._room: int | None = None
        self.more_button = QToolButton()
        self.more_button.setToolTip("Show more buttons")
        self.more_button.setAccessibleName("More")
        self.more_button.setAccessibleDescription(self.more_button.toolTip())
        self.more_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more_button.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (*self._switches, self.more_button):
            row.addWidget(button)
        self.more_button.hide()

    @property
    def left_out(self) -> list[QToolButton]:
        """The switches that the menu offers."""
        wanted = [button for button in self._switches if button not in self._unwanted]
        return [button for button in wanted if button.isHidden()]

    def set_icon(self, icon: QIcon) -> None:
        """What the button of the menu shows."""
        self.more_button.setIcon(icon)

    def set_wanted(self, switch: QToolButton, wanted: bool) -> None:
        """Offer a switch, or not at all."""
        if wanted:
            self._unwanted.discard(switch)
        else:
            self._unwanted.add(switch)
        self._fit()

    def set_room(self, width: int) -> int:
        """Show as many switches as fit into a width; returns how wide they are."""
        self._room = width
        return self._fit()

    def _fit(self) -> int:
        shown = [button for button in self._switches if button not in self._unwanted]
        used = sum(button.sizeHint().width() for button in shown)
        has_menu = self._room is not None and used > self._room
        if has_menu and self._room is not None:
            used += self.more_button.sizeHint().width()
            for button in self._leaving:
                if button in shown and used > self._room:
                    shown.remove(button)
                    used -= button.sizeHint().width()
        for button in self._switches:
            button.setVisible(button in shown)
        self.more_button.setVisible(has_menu)
        return used

    @Slot()
    def _fill_menu(self) -> None:
        """Offer what is left out, as it stands."""
        self._menu.clear()
        for button in self.left_out:
            action = self._menu.addAction(button.icon(), button.accessibleName())
            action.setToolTip(button.toolTip())
            action.setEnabled(button.isEnabled())
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.triggered.connect(button.click)
