"""The bar above a plot that has no tab: its title, by which it can be dragged."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

_LETTERS = 8  # of a title that are shown in any case


class PlotBar(QWidget):
    """Shows as much of a title as there is room for, or nothing.

    Args:
        title: of the plot.
        back: brings the plot back into the window; shown while it floats.

    Attributes:
        label: the title.
    """

    def __init__(self, title: str, back: QToolButton) -> None:
        super().__init__()
        self._title, self._is_folded = title, False
        self.label = QLabel(title)
        self.label.setObjectName("plot title")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 6, 8)  # as high as a tab
        row.setSpacing(0)
        row.addWidget(self.label, 1)
        row.addStretch(0)  # what is left when the label is hidden, because a frame has the title
        row.addWidget(back)

    def call(self, title: str) -> None:
        """Show another title."""
        self._title = title
        self._shorten()

    def fold(self, on: bool) -> None:
        """Take no room, because a tab has the title; or take it again."""
        if on != self._is_folded:
            self._is_folded = on
            self.setVisible(not on)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The title, or nothing."""
        return QSize() if self._is_folded else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Some letters of it."""
        if self._is_folded:
            return QSize(0, 0)
        letters = _LETTERS * self.label.fontMetrics().averageCharWidth()
        return QSize(letters, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another width."""
        super().resizeEvent(event)
        self._shorten()

    def event(self, event: QEvent) -> bool:
        """Take type of another size."""
        taken = super().event(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._shorten()
        return taken

    def _shorten(self) -> None:
        metrics, room = self.label.fontMetrics(), self.contentsRect().width() - 16
        short = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, max(room, 0))
        if short != self.label.text():
            self.label.setText(short)
            self.label.setToolTip("" if short == self._title else self._title)
