"""A line of text that never asks for room: what does not fit is shortened."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.plain_text import plain_tip


def rows_of(text: str, font: QFont, width: float, most: int) -> list[str]:
    """A text in rows of a width, broken between words; what is too long for them is shortened."""
    metrics, rest = QFontMetricsF(font), text
    rows: list[str] = []
    while rest and len(rows) < most:
        layout = QTextLayout(rest, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width)
        layout.endLayout()
        end = line.textLength()
        if rest[end:] and len(rows) == most - 1:
            rows.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        rows.append(rest[:end].rstrip())
        rest = rest[end:]
    return rows


class OneLine(QLabel):
    """Plain text in one row; what is too long ends in three dots, and is whole in the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole, self._most = "", 1
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """The whole text."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleDescription(text)
        self._fit()

    @property
    def is_too_long(self) -> bool:
        """Whether one row has no room for the text."""
        return self.fontMetrics().horizontalAdvance(self._whole) > self.width()

    def set_most(self, rows: int) -> None:
        """Take so many rows, if the text is too long for one."""
        if rows != self._most:
            self._most = rows
            self._fit()

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def minimumSizeHint(self) -> QSize:
        """No room across."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        if self._most == 1 or not self.is_too_long:
            short = self.fontMetrics().elidedText(
                self._whole, Qt.TextElideMode.ElideRight, self.width()
            )
        else:
            short = "\n".join(rows_of(self._whole, self.font(), self.width(), self._most))
        is_whole = "".join(short.split()) == "".join(self._whole.split())
        self.setToolTip("" if is_whole else plain_tip(self._whole))
        if short != super().text():
            super().setText(short)
