"""A plot in a dock: its title and all its switches in one bar, by which it can be dragged."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QToolButton, QWidget

from app import icons
from app.plots.plot_bar import PlotBar
from app.plots.plot_card import PlotCard
from app.theme import Theme
from engine.plots import AnyPlot

_SMALL, _LARGE = QSize(14, 14), QSize(20, 20)


class PlotDock(QDockWidget):
    """A plot that can be moved, floated and closed.

    Args:
        key: of the plot.
        title: of the plot.
        theme: the colours.
        parent: the area that it lies in.

    Attributes:
        bar: its title and switches.

    Signals:
        closed: the user closed it; with its key.
        export_requested, enlarge_requested, help_requested: key of the plot.
    """

    closed = Signal(str)
    export_requested = Signal(str)
    enlarge_requested = Signal(str)
    help_requested = Signal(str)

    def __init__(self, key: str, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.key = key
        self.setObjectName(f"plot {key}")
        self.setAccessibleName(title)
        self._theme = theme
        self._presentation = False
        self._card: PlotCard | None = None
        self.float_button = self._button("Float", "Move the plot to its own window, or back")
        self.close_button = self._button("Close", "Close the plot; reopen it from the View menu")
        self.float_button.clicked.connect(self._float)
        self.close_button.clicked.connect(self.close)
        self.bar = PlotBar(title, self.float_button, self.close_button)
        self.setTitleBarWidget(self.bar)
        self.set_theme(theme)

    @property
    def card(self) -> PlotCard:
        """What it holds; made when it is first asked for, because most runs have few plots."""
        if self._card is None:
            self._card = card = PlotCard(self.key, self._theme)
            card.set_presentation(self._presentation)
            card.export_requested.connect(self.export_requested)
            card.enlarge_requested.connect(self.enlarge_requested)
            card.help_requested.connect(self.help_requested)
            self.bar.add_switches(card.switches)
            self.setWidget(card)
        return self._card

    def shows(self, plot: AnyPlot) -> bool:
        """Whether this very plot is drawn already."""
        return self._card is not None and self._card.plot is plot

    def forget(self) -> None:
        """Hold nothing of a run that is over; what it draws next is drawn anew."""
        if self._card is not None:
            self._card.clear()

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        self._presentation = on
        for button in (self.float_button, self.close_button):
            button.setIconSize(_LARGE if on else _SMALL)
        if self._card:
            self._card.set_presentation(on)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        if self._card:
            self._card.set_theme(theme)
            self._card.set_presentation(self._presentation)  # a style sheet resets type
        self.float_button.setIcon(icons.icon("float", theme))
        self.close_button.setIcon(icons.icon("close", theme))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Report that the user closed it: the program hides it instead."""
        super().closeEvent(event)
        self.closed.emit(self.key)

    @Slot()
    def _float(self) -> None:
        self.setFloating(not self.isFloating())

    def _button(self, name: str, does: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("dock button")
        button.setAccessibleName(f"{name}: {self.windowTitle()}")
        button.setAccessibleDescription(does)
        button.setToolTip(does)
        button.setIconSize(_SMALL)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
