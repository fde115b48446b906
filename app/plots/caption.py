"""The muted line or two that summarise a plot."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.one_line import rows_of
from app.plain_text import plain_tip

MOST_ROWS = 3


class Caption(QWidget):
    """Muted text in up to three rows; what is too long is shortened.

    A row that was taken is kept as long as there is text, so that what is below does not jump.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._most = MOST_ROWS
        self._high = self._taken = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self._fit()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.setToolTip(plain_tip(text))
            self._fit()
            self.update()

    def set_most(self, rows: int) -> None:
        """Take no more than this many rows, for any length of text."""
        if rows != self._most:
            self._most, self._taken = rows, 0
            self._fit()
            self.update()

    def rows(self) -> list[str]:
        """The text as it is shown."""
        return rows_of(self.text, self.font(), self.width(), self._most)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(0, self._high)

    def minimumSizeHint(self) -> QSize:
        """One row, so that a window can be made smaller."""
        return QSize(0, min(self.height_of(1), self._high))

    def changeEvent(self, event: QEvent) -> None:
        """Take the height of the type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the text into lines again."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._taken = 0
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, in the middle of the height."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().placeholderText().color())  # muted, in either theme
            metrics, rows = QFontMetricsF(self.font()), self.rows()
            top = (self.height() - len(rows) * metrics.height()) / 2
            for number, row in enumerate(rows):
                painter.drawText(
                    QPointF(0, top + number * metrics.height() + metrics.ascent()), row
                )

    def _fit(self) -> None:
        self._taken = max(self._taken, len(self.rows())) if self.text else 0
        self._high = self.height_of(self._taken)
        self.setMaximumHeight(self._high)
        self.updateGeometry()

    def height_of(self, rows: int) -> int:
        """How high so many rows are."""
        return int(rows * QFontMetricsF(self.font()).height()) + 2
