"""The row above a plot: its caption, a button that enlarges it, and a menu of all else."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCursor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app import icons
from app.dress import plot_font
from app.plots.axes_view import AxesView
from app.plots.axis_choice import AxisChoice
from app.plots.caption import Caption
from app.theme import Theme
from engine.plots import SMOOTHINGS, Smoothing

_SMALL, _LARGE = QSize(16, 16), QSize(24, 24)
_ICONS: Final = {
    "Logarithmic axis": "",  # a picture would stand in the place of the tick
    "Lines…": "",
    "Prediction…": "",
    "Table…": "table",
    "Copy picture": "copy",
    "Export…": "export",
    "What is this?": "what",
}


class PlotHead(QWidget):
    """Says what a plot shows, and offers what can be done with it.

    Args:
        key: of the plot.
        theme: the colours.

    Attributes:
        caption: of the plot.
        axis: over which horizontal axis it is drawn, where there is a choice.
        whole_button: shows all the data again; there while the plot is zoomed or panned.
        enlarge_button, more_button: at the end; the latter opens the menu.
        menu: what else there is, which also a right click on the plot opens.
        log_action, lines_action, prediction_action, table_action: in the menu.
        copy_action, export_action, help_action: in the menu, too.
        smoothing_menu: the same, with how strongly lines are smoothed.

    Signals:
        smoothing_chosen: a name of `engine.plots.SMOOTHINGS`.
    """

    smoothing_chosen = Signal(str)

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._is_enlarged = theme, False
        self._is_folded, self._has_place = False, True
        self._axes: AxesView | None = None
        self.caption = Caption()
        self.axis = AxisChoice(key)
        self.whole_button = QToolButton()
        self.whole_button.setText("Show all")
        self.whole_button.setToolTip("Show all the data (Home, or a double click)")
        self.whole_button.setAccessibleName("Show all the data")
        self.whole_button.setAccessibleDescription(self.whole_button.toolTip())
        self.whole_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has Home
        self.whole_button.clicked.connect(self._show_everything)
        self.whole_button.setEnabled(False)
        self.whole_button.hide()
        self.enlarge_button = _button("Enlarge", "")
        self.more_button = _button("More", "Smoothing, table, picture, export, help")
        self.menu = QMenu(self.more_button)
        self._actions = [self.menu.addAction(name) for name in _ICONS]
        self.log_action, self.lines_action, self.prediction_action = self._actions[:3]
        self.table_action, self.copy_action, self.export_action, self.help_action = self._actions[
            3:
        ]
        self.log_action.setCheckable(True)
        self.prediction_action.setVisible(False)
        self.prediction_action.setToolTip("How the curve is likely to end, and what says so")
        self.smoothing_menu = QMenu("Smoothing", self.menu)
        self._smoothings = QActionGroup(self)
        self.smoothing_menu.setToolTipsVisible(True)
        for name, smoothing in SMOOTHINGS.items():
            action = self.smoothing_menu.addAction(name.capitalize())
            action.setToolTip(_in_words(smoothing))
            action.setCheckable(True)
            action.setData(name)
            self._smoothings.addAction(action)
        self._smoothings.triggered.connect(self._choose_smoothing)
        self.menu.insertMenu(self.lines_action, self.smoothing_menu)
        self.menu.insertMenu(self.log_action, self.axis.axes_menu)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more_button.setMenu(self.menu)
        self.menu.aboutToHide.connect(self._let_go)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.caption, 1)
        for button in (self.axis, self.whole_button, self.enlarge_button, self.more_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)

    def watch(self, view: QWidget) -> None:
        """Offer the way back while the axes of this view, if it has any, are zoomed or panned."""
        self._axes = view if isinstance(view, AxesView) else view.findChild(AxesView)
        if self._axes is not None:
            self._axes.follows_changed.connect(self._offer_whole)
        self._offer_whole()

    def add_actions(self, actions: Iterable[QAction]) -> None:
        """Offer these as well, below the others."""
        self.menu.addSeparator()
        self.menu.addActions([*actions])

    def set_offer(self, *, axis: bool, smoothing: str | None, anything: bool) -> None:
        """What can be done.

        Args:
            axis: whether there is an axis that may be logarithmic.
            smoothing: how strongly lines are smoothed; None: they cannot be.
            anything: whether there is a plot.
        """
        self.log_action.setVisible(axis)
        self.smoothing_menu.menuAction().setVisible(smoothing is not None)
        for choice in self._smoothings.actions():
            choice.setChecked(choice.data() == smoothing)
        for action in self._actions:
            action.setEnabled(anything)
        for button in (self.enlarge_button, self.more_button):
            button.setEnabled(anything)

    def put_beside(self, legend: QWidget | None) -> None:
        """Let a legend stand in the place of the caption, or the caption itself."""
        if legend is not None:
            self._row.insertWidget(1, legend, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.setContentsMargins(4 if legend is None else 0, 0, 0, 0)  # entries have their own
        self._has_place = legend is None
        self._show_caption()

    def set_folded(self, on: bool) -> None:
        """Show only the buttons, or the caption as well."""
        self._is_folded = on
        self.axis.set_folded(on)
        self._show_caption()
        self._offer_whole()

    def set_enlarged(self, on: bool) -> None:
        """Whether the button gives the other plots their place back."""
        self._is_enlarged = on
        name = "Restore" if on else "Enlarge"
        does = "Give the other plots their place back (Escape)" if on else "Enlarge the plot"
        self.enlarge_button.setAccessibleName(name)
        self.enlarge_button.setAccessibleDescription(does)
        self.enlarge_button.setToolTip(does)
        self.enlarge_button.setIcon(icons.icon(name.lower(), self._theme))

    def open_menu(self, place: QPoint) -> None:
        """Open the menu at a place of the screen, if there is anything to do."""
        if self.more_button.isEnabled():
            self.menu.popup(place)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        for action, name in zip(self._actions, _ICONS.values(), strict=True):
            if name:
                action.setIcon(icons.icon(name, theme))
        self._theme = theme
        self.set_enlarged(self._is_enlarged)
        self.more_button.setIcon(icons.icon("more", theme))
        self.setStyleSheet(
            "QToolButton { padding: 4px; } QToolButton:focus { padding: 3px; }"
            "QToolButton::menu-indicator { image: none; }"
        )

    def set_presentation(self, on: bool) -> None:
        """Larger type and buttons, or not."""
        for part in (self.caption, self.axis):
            part.setFont(plot_font(on))
        for button in (self.enlarge_button, self.more_button):
            button.setIconSize(_LARGE if on else _SMALL)

    def _show_caption(self) -> None:
        self.caption.setVisible(self._has_place and not self._is_folded)

    @Slot()
    def _offer_whole(self) -> None:
        is_moved = self._axes is not None and not self._axes.follows
        self.whole_button.setEnabled(is_moved)
        self.whole_button.setVisible(is_moved and not self._is_folded)

    @Slot()
    def _show_everything(self) -> None:
        if self._axes is not None:
            self._axes.show_everything()

    @Slot(QAction)
    def _choose_smoothing(self, action: QAction) -> None:
        self.smoothing_chosen.emit(action.data())

    @Slot()
    def _let_go(self) -> None:
        """The button looks as if the pointer were on it until it has left: Qt does not tell it."""
        place = self.more_button.mapFromGlobal(QCursor.pos())
        is_there = self.more_button.rect().contains(place)
        self.more_button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, is_there)
        self.more_button.update()


def _in_words(smoothing: Smoothing) -> str:
    if not smoothing.share:
        return "Draw what was measured"
    return f"Draw each value as the mean of those around it, over {smoothing.share:.0%} of the axis"


def _button(name: str, does: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setAccessibleDescription(does)
    button.setToolTip(does)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(_SMALL)
    button.setEnabled(False)
    return button
