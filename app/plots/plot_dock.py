"""A plot in a dock, which can be dragged by its title."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QToolButton, QWidget

from app import icons
from app.dress import plot_font
from app.plots.plot_bar import PlotBar
from app.theme import Theme
from engine.plots import PLOTS, AnyPlot

if TYPE_CHECKING:
    from app.plots.plot_card import PlotCard

_SMALL, _LARGE = QSize(14, 14), QSize(20, 20)
_FRAME = QMargins(0, 0, 8, 40)  # how much larger a frame makes a window; known too late
_ASIDE = QPoint(32, 48)  # from where it was: it can be seen that something has happened


class PlotDock(QDockWidget):
    """A plot that can be moved, floated and closed.

    Args:
        key: of the plot.
        title: of the plot.
        theme: the colours.
        parent: the area that it lies in.

    Attributes:
        bar: its title, while no tab has it.
        back_button: brings it back into the window; shown while it floats.
        whole_action, float_action, close_action: in the menu of the plot.

    Signals:
        closed: the user closed it; with its key.
        export_requested, enlarge_requested, help_requested: key of the plot.
        prediction_requested: the same, where a prediction is to be explained.
        placed, left, chosen: as of a `PlotCard`.
    """

    closed = Signal(str)
    export_requested = Signal(str)
    enlarge_requested = Signal(str)
    help_requested = Signal(str)
    prediction_requested = Signal(str)
    placed = Signal(float)
    left = Signal()
    chosen = Signal(int)

    def __init__(self, key: str, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.key = key
        self.setObjectName(f"plot {key}")
        self.setAccessibleName(title)
        self._theme = theme
        self._presentation = self._is_dressed = False
        self._card: PlotCard | None = None
        self._is_in_front = False
        self.whole_action = QAction("Show all the data", self)
        self.whole_action.setToolTip("Undo zooming and panning (Home, or a double click)")
        self.whole_action.triggered.connect(self._show_everything)
        self.float_action = QAction("Own window", self)
        self.float_action.setCheckable(True)
        self.float_action.triggered.connect(self._give_own_window)
        self.close_action = QAction("Close", self)
        self.close_action.setToolTip("Close the plot; reopen it from the View menu")
        self.close_action.triggered.connect(self.close)
        self.back_button = QToolButton()
        self.back_button.setObjectName("dock button")
        self.back_button.setAccessibleName(f"Back into the window: {title}")
        self.back_button.setToolTip("Back into the window")
        self.back_button.setIconSize(_SMALL)
        self.back_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back_button.clicked.connect(self._come_back)
        self.back_button.hide()
        self.bar = PlotBar(title, self.back_button)
        self.setTitleBarWidget(self.bar)
        self.topLevelChanged.connect(self._follow_floating)
        self.visibilityChanged.connect(self._follow_front)
        self.set_theme(theme)

    def call(self, title: str) -> None:
        """Give the plot another title."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.bar.call(title)

    @property
    def card(self) -> "PlotCard":
        """What it holds; made when it is first asked for, because most runs have few plots."""
        if self._card is None:
            from app.plots.plot_card import PlotCard  # a window opens before pyqtgraph is loaded

            self._card = card = PlotCard(self.key, self._theme)
            card.setEnabled(self._is_in_front)
            card.set_presentation(self._presentation)
            card.export_requested.connect(self.export_requested)
            card.enlarge_requested.connect(self.enlarge_requested)
            card.help_requested.connect(self.help_requested)
            card.placed.connect(self.placed)
            card.left.connect(self.left)
            card.chosen.connect(self.chosen)
            card.head.prediction_action.setVisible(PLOTS[self.key].goes_on is not None)
            card.head.prediction_action.triggered.connect(self._ask_for_prediction)
            card.head.add_actions((self.whole_action, self.float_action, self.close_action))
            self.setWidget(card)
        return self._card

    def shows(self, plot: AnyPlot) -> bool:
        """Whether this very plot is drawn already."""
        return self._card is not None and self._card.plot is plot

    def settle(self) -> None:
        """Share out the room that there is now, if anything is drawn and seen."""
        if self._card is not None and self._card.isVisible():
            self._card.settle()

    @property
    def plot(self) -> AnyPlot | None:
        """What is drawn, if anything has been, over the axis that was chosen."""
        return None if self._card is None else self._card.shown

    @property
    def is_seen(self) -> bool:
        """Whether it is open and on top."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    @property
    def has_keyboard(self) -> bool:
        """Whether something in it has the focus."""
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def forget(self) -> None:
        """Hold nothing of a run that is over; what it draws next is drawn anew."""
        if self._card is not None:
            self._card.clear()

    def forget_choices(self) -> None:
        """Draw the next plot on the axis that it asks for."""
        if self._card is not None:
            self._card.forget_choices()

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not; what cannot be seen follows when it can."""
        self._presentation, self._is_dressed = on, False
        if self.isVisible():
            self._dress()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        if self._card:
            self._card.set_theme(theme)
            self.set_presentation(self._presentation)  # a style sheet resets type
        self.back_button.setIcon(icons.icon("float", theme))
        self.close_action.setIcon(icons.icon("close", theme))

    def showEvent(self, event: QShowEvent) -> None:
        """Take the size of type that was chosen meanwhile."""
        super().showEvent(event)
        self._dress()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Report that the user closed it: the program hides it instead.

        Whoever closes its own window by the frame gets the plot back.
        """
        if self.isFloating() and event.spontaneous():
            event.ignore()
            QTimer.singleShot(0, self._come_back)  # its window has to be there until this is over
            return
        super().closeEvent(event)
        self.closed.emit(self.key)

    def _dress(self) -> None:
        if self._is_dressed:
            return
        self._is_dressed = True
        self.back_button.setIconSize(_LARGE if self._presentation else _SMALL)
        self.bar.label.setFont(plot_font(self._presentation))
        if self._card:
            self._card.set_presentation(self._presentation)

    @Slot(bool)
    def _give_own_window(self, on: bool) -> None:
        """A window with the frame of any other, beside where the plot was; or none."""
        if not on:
            self.setFloating(False)
            return
        place = self.mapToGlobal(_ASIDE)
        self.hide()  # until it has its frame: a window that is there and gone may stay so
        self.setFloating(True)
        self.bar.label.hide()
        self.setWindowFlags(Qt.WindowType.Window)  # by itself, a floating dock has no frame
        self.show()
        self.move(self._on_screen(place))

    def _on_screen(self, place: QPoint) -> QPoint:
        """The nearest place where all of it can be seen."""
        room = self.screen().availableGeometry().marginsRemoved(_FRAME)
        lowest = room.bottomRight() - QPoint(self.width(), self.height())
        return QPoint(
            max(room.left(), min(place.x(), lowest.x())),
            max(room.top(), min(place.y(), lowest.y())),
        )

    @Slot()
    def _ask_for_prediction(self) -> None:
        self.prediction_requested.emit(self.key)

    @Slot()
    def _show_everything(self) -> None:
        self.card.head.whole_button.click()

    @Slot()
    def _come_back(self) -> None:
        self.setFloating(False)

    @Slot(bool)
    def _follow_front(self, in_front: bool) -> None:
        """Behind the tab of another the plot is out of reach: to Qt it is visible even there."""
        self._is_in_front = in_front
        area = self.parentWidget()
        if not in_front and area is not None and self.isVisible() and self.has_keyboard:
            area.setFocus()  # Tab goes on from there
        if self._card:
            self._card.setEnabled(in_front)

    @Slot(bool)
    def _follow_floating(self, floating: bool) -> None:
        self.float_action.setChecked(floating)
        self.back_button.setVisible(floating)
        if not floating:
            self.bar.label.show()
