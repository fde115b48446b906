"""Telling a screen reader what a plot shows, as it changes; once a second is enough."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.plots.plot_words import describe
from engine.plots import AnyPlot

_MILLISECONDS: Final = 1000


class Speaking(QObject):
    """Describes plots in words.

    Args:
        card: what shows them; nobody listens while it is hidden.
    """

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self._card = card
        self._told: AnyPlot | None = None
        self._next: tuple[AnyPlot, QWidget] | None = None
        self._timer = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._speak)
        card.installEventFilter(self)

    def say(self, plot: AnyPlot, reader: QWidget) -> None:
        """Describe a plot now, or as soon as a second has passed.

        Args:
            plot: what is shown.
            reader: the widget that a screen reader describes.
        """
        self._next = plot, reader
        if not self._timer.isActive():
            self._speak()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be silent once the card is hidden."""
        if watched is self._card and event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False

    @Slot()
    def _speak(self) -> None:
        if self._next is None or self._next[0] is self._told:
            return
        self._timer.start()
        plot, reader = self._next
        self._told, self._next = plot, None
        reader.setAccessibleName(plot.title)
        reader.setAccessibleDescription(describe(plot))
