"""F1 and ?: what the plot is that the pointer is over, or that has the keyboard."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QCursor, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.plots.plot_card import PlotCard

_KEYS: Final = ("F1", "?")


class PlotHelp(QObject):
    """Asks for the help of the plot that a key means; a field that has the keyboard keeps its own.

    Args:
        area: where the plots are.

    Signals:
        requested: key of the plot.
    """

    requested = Signal(str)

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        for keys in _KEYS:
            QShortcut(QKeySequence(keys), area).activated.connect(self._ask)

    @Slot()
    def _ask(self) -> None:
        places = QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()
        card = next(filter(None, map(_card_of, places)), None)
        if card is not None and card.plot is not None:
            self.requested.emit(card.key)


def _card_of(widget: QWidget | None) -> PlotCard | None:
    """The card that a widget is part of."""
    while widget is not None and not isinstance(widget, PlotCard):
        widget = widget.parentWidget()
    return widget
