"""F1 and ?: what a field or a plot is, even if the field cannot be changed now."""

from typing import Final, cast

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QCursor, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.setup.field import Field

_KEYS: Final = ("F1", "?")


class HelpKey(QObject):
    """Asks for the help of what is under the pointer; else of what has the keyboard; else of all.

    A pointer that rests while the keyboard goes elsewhere counts again once it moves.

    A plot asks for its help as from its menu. A field that has the keyboard answers to F1 itself,
    and "?" is typed into it.

    Args:
        window: in which the keys mean that.

    Signals:
        field_meant: dotted name of a field.
        all_meant: nothing that has a help of its own.
    """

    field_meant = Signal(str)
    all_meant = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._pointer: QPoint | None = None
        focus_moved = cast(QApplication, QApplication.instance()).focusChanged
        focus_moved.connect(self._note_pointer)
        for keys in _KEYS:
            QShortcut(QKeySequence(keys), window).activated.connect(self._ask)

    @Slot()
    def _note_pointer(self) -> None:
        """The keyboard has gone elsewhere: from here on the pointer counts once it moves."""
        self._pointer = QCursor.pos()

    @Slot()
    def _ask(self) -> None:
        from app.plots.plot_card import PlotCard  # a window opens before it is loaded

        places = [QApplication.focusWidget()]
        if QCursor.pos() != self._pointer:
            places.insert(0, QApplication.widgetAt(QCursor.pos()))
        for widget in places:
            match _part_of(widget, (Field, PlotCard)):
                case Field() as field:
                    self.field_meant.emit(field.key)
                    return
                case PlotCard() as card if card.plot is not None:
                    card.help_requested.emit(card.key)
                    return
        self.all_meant.emit()


def _part_of(widget: QWidget | None, kinds: tuple[type[QWidget], ...]) -> QWidget | None:
    """The part of one of these kinds that a widget is in, or the label of; None: there is none."""
    while widget is not None and not isinstance(widget, kinds):
        buddy = widget.buddy() if isinstance(widget, QLabel) else None
        widget = buddy or widget.parentWidget()
    return widget
