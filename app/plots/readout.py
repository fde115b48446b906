"""The small box of a crosshair: where it stands, and a row for each value in it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.theme import Theme

_AWAY: Final = 16.0  # between the pointer and the box
_PADDING: Final = 8.0
_SWATCH: Final = 10.0
_APART: Final = 6.0
_MOST: Final = 9  # values
_SHARE: Final = 0.75  # of the height that the box may take
_ELIDE: Final = Qt.TextElideMode.ElideMiddle


@dataclass(frozen=True)
class Value:
    """One thing that is read.

    Attributes:
        name: of what is read; may be empty.
        text: the value.
        colour: of what is read; None: it has none.
        at: the place that is read, in the view's pixels; None: nothing marks it.
    """

    name: str
    text: str
    colour: QColor | None = None
    at: QPointF | None = None

    @property
    def words(self) -> str:
        """Name and value."""
        return f"{self.name}  {self.text}" if self.name else self.text


class Readout:
    """What stands in the box: a heading, and a row for each value; those too many are counted.

    Args:
        heading: where it is read, in words.
        unit: of the values, beside the heading; may be empty.
        values: in order.
        chosen: the index of the value that stands out, and is shown in any case; None: none does.
        font: of the text.
        room: what the box stays within.
        pointer: what the box does not cover.

    Attributes:
        rows: the values that are shown.
        more: how many others there are.
        box: where it stands.
    """

    def __init__(
        self,
        heading: str,
        unit: str,
        values: tuple[Value, ...],
        chosen: int | None,
        font: QFont,
        room: QRectF,
        pointer: QPointF,
    ) -> None:
        self._heading, self._unit, self._font = heading, unit, font
        self._bold = QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._metrics, self._strong = QFontMetricsF(font), QFontMetricsF(self._bold)
        fit = int((_SHARE * room.height() - 2 * _PADDING) / self._strong.height()) - 1
        most, first, count = max(1, min(fit, _MOST)), 0, len(values)
        if count > most:
            count = max(1, most - 1)  # the last row says how many more there are
            first = min(max((chosen or 0) - count // 2, 0), len(values) - count)
        self.rows, self.more = values[first : first + count], len(values) - count
        self._chosen = None if chosen is None else chosen - first
        self._swatch = _SWATCH + _APART if any(row.colour for row in self.rows) else 0.0
        size = self._size()
        size = QSizeF(min(size.width(), room.width()), min(size.height(), room.height()))
        self.box = place_beside(size, room, pointer)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw the box and what stands in it."""
        background = QColor(theme.card)
        background.setAlphaF(0.94)
        painter.setPen(QPen(QColor(theme.rule), 1))
        painter.setBrush(background)
        painter.drawRoundedRect(self.box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inside = self.box.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.setFont(self._font)
        painter.setPen(QColor(theme.muted))
        base = inside.top() + self._metrics.ascent()
        unit_left = inside.right() - self._metrics.horizontalAdvance(self._unit)
        room = unit_left - inside.left() - (_APART if self._unit else 0.0)
        heading = self._metrics.elidedText(self._heading, _ELIDE, max(room, 0.0))
        painter.drawText(QPointF(inside.left(), base), heading)
        painter.drawText(QPointF(unit_left, base), self._unit)
        base = inside.top() + self._metrics.height() + self._strong.ascent()
        for number, row in enumerate(self.rows):
            painter.setFont(self._bold if number == self._chosen else self._font)
            self._paint_row(painter, theme, row, inside, base)
            base += self._strong.height()
        if self.more:
            painter.setFont(self._font)
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(inside.left() + self._swatch, base), f"+{self.more}")

    def _paint_row(
        self, painter: QPainter, theme: Theme, row: Value, inside: QRectF, base: float
    ) -> None:
        if row.colour:
            middle = base - self._strong.capHeight() / 2 - _SWATCH / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(row.colour)
            painter.drawRoundedRect(QRectF(inside.left(), middle, _SWATCH, _SWATCH), 2, 2)
        painter.setPen(QColor(theme.ink))
        metrics = QFontMetricsF(painter.font())
        left = inside.left() + self._swatch
        text = metrics.elidedText(row.text, _ELIDE, max(inside.right() - left, 0.0) + 1)
        text_left = inside.right() - metrics.horizontalAdvance(text) if row.name else left
        name = metrics.elidedText(row.name, _ELIDE, max(text_left - left - _APART, 0.0))
        painter.drawText(QPointF(left, base), name)
        painter.drawText(QPointF(text_left, base), text)

    def _size(self) -> QSizeF:
        """With all of it whole."""
        wide = self._strong.horizontalAdvance
        heading = self._metrics.horizontalAdvance(self._heading)
        if self._unit:
            heading += 2 * _APART + self._metrics.horizontalAdvance(self._unit)
        named = [row for row in self.rows if row.name]
        names = max((wide(row.name) for row in named), default=0.0)
        texts = max((wide(row.text) for row in named), default=0.0)
        alone = max((wide(row.text) for row in self.rows if not row.name), default=0.0)
        inside = max(names + 2 * _APART + texts if named else 0.0, alone)
        count = len(self.rows) + bool(self.more)
        return QSizeF(
            max(heading, self._swatch + inside) + 2 * _PADDING + 1,
            self._metrics.height() + count * self._strong.height() + 2 * _PADDING,
        )


def place_beside(size: QSizeF, room: QRectF, pointer: QPointF) -> QRectF:
    """Where a box goes: within the room and, if it can be, beside the pointer, not under it.

    Args:
        size: of the box; no larger than the room.
        room: what it stays within.
        pointer: what it keeps away from.
    """
    box = QRectF(QPointF(), size)
    for right in (True, False):
        for above in (True, False):
            x = pointer.x() + _AWAY if right else pointer.x() - _AWAY - size.width()
            y = pointer.y() - _AWAY - size.height() if above else pointer.y() + _AWAY
            box.moveTo(x, y)
            if room.contains(box):
                return box
    # No corner is free: slide along the side of the pointer that has more room.
    below = room.bottom() - pointer.y() > pointer.y() - room.top()
    box.moveTo(
        min(max(pointer.x() - size.width() / 2, room.left()), room.right() - size.width()),
        room.bottom() - size.height() if below else room.top(),
    )
    if not box.contains(pointer):
        return box
    far_right = room.right() - pointer.x() > pointer.x() - room.left()
    box.moveLeft(room.right() - size.width() if far_right else room.left())
    return box
