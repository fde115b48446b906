"""A plot in a dock: its title and all its switches in one bar, by which it can be dragged."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from app import theme as themes
from app.plots.plot_card import PlotCard
from app.theme import Theme

_ICON = QSize(14, 14)


class PlotDock(QDockWidget):
    """A plot that can be moved, floated and closed.

    Args:
        key: of the plot.
        title: of the plot.
        theme: the colours.
        parent: the area that it lies in.

    Attributes:
        card: what it holds.

    Signals:
        closed: a person closed it; with its key.
    """

    closed = Signal(str)

    def __init__(self, key: str, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.key = key
        self.setObjectName(f"plot {key}")
        self.setAccessibleName(title)
        self.card = PlotCard(key, theme)
        self.float_button = self._button("Float", "Take the plot out of the window, or put it back")
        self.close_button = self._button("Close", "Close the plot; the View menu brings it back")
        self.float_button.clicked.connect(self._float)
        self.close_button.clicked.connect(self.close)
        self.setTitleBarWidget(self._bar(title))
        self.setWidget(self.card)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.card.set_theme(theme)
        self.float_button.setIcon(themes.icon("float", theme))
        self.close_button.setIcon(themes.icon("close", theme))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell who closed it: a program hides it instead."""
        super().closeEvent(event)
        self.closed.emit(self.key)

    @Slot()
    def _float(self) -> None:
        self.setFloating(not self.isFloating())

    def _bar(self, title: str) -> QWidget:
        bar = QWidget()
        bar.setObjectName("plot bar")
        label = QLabel(title)
        label.setObjectName("plot title")
        label.setMinimumWidth(20)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 2, 6, 0)
        row.setSpacing(0)
        row.addWidget(label, 1)
        row.addWidget(self.card.switches)
        row.addWidget(self.float_button)
        row.addWidget(self.close_button)
        return bar

    def _button(self, name: str, does: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("dock button")
        button.setAccessibleName(f"{name}: {self.windowTitle()}")
        button.setAccessibleDescription(does)
        button.setToolTip(does)
        button.setIconSize(_ICON)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
