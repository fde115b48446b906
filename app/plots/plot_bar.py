"""The bar above a plot: its title, which comes first, and as many buttons as fit."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.plots.switch_row import SwitchRow

_GAP = 8
_LETTERS = 8  # of a title that are shown in any case
_REFIT = (QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.StyleChange)


class PlotBar(QWidget):
    """Shows the whole title as long as it is no longer than the bar; switches make way for it.

    Args:
        title: of the plot.
        buttons: at the end, always shown.
    """

    def __init__(self, title: str, *buttons: QToolButton) -> None:
        super().__init__()
        self._title, self._buttons = title, buttons
        self._switches: SwitchRow | None = None
        self.label = QLabel(title)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 2, 6, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.label, 1)
        for button in buttons:
            self._row.addWidget(button)

    def add_switches(self, switches: SwitchRow) -> None:
        """Show these between the title and the buttons at the end."""
        self._switches = switches
        self._row.insertWidget(1, switches)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Some letters, the menu of the switches, and the buttons."""
        letters = _LETTERS * self.label.fontMetrics().averageCharWidth()
        more = self._switches.more_button.sizeHint().width() if self._switches else 0
        return QSize(letters + more + self._fixed(), self._row.minimumSize().height())

    def fit(self) -> None:
        """Give the title its room, and the switches what is left."""
        room = self.width() - self._fixed()
        wanted = self.label.fontMetrics().horizontalAdvance(self._title) + _GAP
        used = self._switches.set_room(max(room - wanted, 0)) if self._switches else 0
        short = self.label.fontMetrics().elidedText(
            self._title, Qt.TextElideMode.ElideRight, max(room - used, 0)
        )
        if short != self.label.text():
            self.label.setText(short)
            self.label.setToolTip("" if short == self._title else self._title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another width."""
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Take type or switches of another size."""
        taken = super().event(event)
        if event.type() in _REFIT:
            self.fit()
        return taken

    def _fixed(self) -> int:
        margins = self._row.contentsMargins()
        ends = sum(button.sizeHint().width() for button in self._buttons)
        return margins.left() + margins.right() + ends
