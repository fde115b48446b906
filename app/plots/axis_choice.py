"""Over which horizontal axis a plot is drawn, where there is a choice; the choice is remembered."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.preferences import Preferences
from engine.plots import AnyPlot, Plot, axes_of, over


class AxisChoice(QToolButton):
    """Says over which axis a plot is drawn, and offers the others.

    Where the usual axis goes along the run, only the menu offers others, until one is chosen.

    Args:
        key: of the plot.

    Attributes:
        axes_menu: the axes; for other menus, too.

    Signals:
        chosen: another axis than before.
    """

    chosen = Signal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._wanted = Preferences().horizontal_axes.get(key)
        self._offered: tuple[str, ...] = ()
        self._is_needed = self._is_folded = False
        self.axes_menu = QMenu("Horizontal axis", self)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._choose)
        self.setMenu(self.axes_menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Horizontal axis")
        self.setToolTip("Choose the horizontal axis")
        self.axes_menu.setEnabled(False)
        self.axes_menu.menuAction().setVisible(False)
        self._show()

    @property
    def wanted(self) -> str | None:
        """The name of the axis that was chosen last; None: none ever was."""
        return self._wanted

    def over(self, plot: AnyPlot) -> AnyPlot:
        """The plot over the axis that was chosen, if it has it; offers those that it has."""
        shown = over(plot, self._wanted)
        names = axes_of(plot)
        if names != self._offered:
            self._offer(names)
        now = shown.across if isinstance(shown, Plot) else ""
        for action in self._group.actions():
            action.setChecked(action.data() == now)
        self.setText(f"{now} ▾")
        self.setAccessibleDescription(f"Now: {now}")
        self._is_needed = isinstance(shown, Plot) and bool(names) and shown.along is None
        self._show()
        return shown

    def set_folded(self, on: bool) -> None:
        """Whether there is no room for it; the menu stays."""
        self._is_folded = on
        self._show()

    def choose(self, name: str) -> None:
        """Draw the plot over the axis of this name, now and from now on."""
        if name != self._wanted:
            self._wanted = name
            Preferences().note_horizontal_axis(self._key, name)
            self.chosen.emit()

    def _offer(self, names: tuple[str, ...]) -> None:
        self._offered = names
        for action in self._group.actions():
            self._group.removeAction(action)
            self.axes_menu.removeAction(action)
            action.deleteLater()
        for name in names:
            action = self.axes_menu.addAction(f"{name[0].upper()}{name[1:]}")
            action.setCheckable(True)
            action.setData(name)
            self._group.addAction(action)
        self.axes_menu.setEnabled(bool(names))
        self.axes_menu.menuAction().setVisible(bool(names))

    def _show(self) -> None:
        self.setVisible(self._is_needed and not self._is_folded)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.choose(action.data())
