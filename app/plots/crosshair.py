"""The crosshair over a plot: where it is read, and a small box that says what is there."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from app.theme import Theme

_AWAY: Final = 16.0  # between the pointer and the box
_PADDING: Final = 8.0
_SWATCH: Final = 10.0
_RING: Final = 5.0


@dataclass(frozen=True)
class Reading:
    """The value at one place of a plot.

    Attributes:
        at: the place, in the view's pixels.
        heading: where it is, in words.
        text: what is there: a name and a value.
        colour: of what is read; None: it has none.
        bounds: the part of the view that the lines of the crosshair cross.
        outline: a pixel or cell to frame instead of crossing the view; None: there is none.
        across: whether a horizontal line is drawn as well.
    """

    at: QPointF
    heading: str
    text: str
    colour: QColor | None
    bounds: QRectF
    outline: QRectF | None = None
    across: bool = False


class Crosshair(QWidget):
    """Lies over a view, hidden until it has something to show; also frames a view in focus.

    Args:
        theme: the colours.
        view: what it lies over; its pixels are those of the readings.
        owner: the widget that has the focus when the view is used by keyboard.
    """

    def __init__(self, theme: Theme, view: QWidget, owner: QWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._owner = owner
        self._pointer: QPointF | None = None
        self.reading: Reading | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def box(self) -> QRectF:
        """Where the readout stands."""
        if self.reading is None:
            return QRectF()
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        metrics, bold = self._metrics()
        width = max(
            bold.horizontalAdvance(self.reading.text)
            + (_SWATCH + 6 if self.reading.colour else 0.0),
            metrics.horizontalAdvance(self.reading.heading),
        )
        size = QSizeF(
            min(width + 2 * _PADDING + 1, room.width()),
            min(metrics.height() + bold.height() + 2 * _PADDING, room.height()),
        )
        return place_beside(size, room, self._pointer or self.reading.at)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    def follow_focus(self) -> None:
        """Frame the view while it has the focus."""
        self._show_if_needed()
        self.update()

    def show_reading(self, reading: Reading, pointer: QPointF | None) -> None:
        """Show the value at a place.

        Args:
            reading: what to show.
            pointer: where the pointer is, which the box does not cover; None: read by keyboard.
        """
        before = self._region()
        self.reading, self._pointer = reading, pointer
        self._show_if_needed()
        self.update(before.united(self._region()))

    def announce(self) -> None:
        """Tell a screen reader what the box says."""
        if self.reading and QAccessible.isActive():
            words = f"{self.reading.heading}: {self.reading.text}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._owner, words))

    def clear(self) -> None:
        """Show nothing."""
        if self.reading is None:
            return
        before = self._region()
        self.reading = self._pointer = None
        self._show_if_needed()
        self.update(before)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the lines, the ring and the box."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._owner.hasFocus():
                painter.setPen(QPen(QColor(self._theme.accent), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            if self.reading:
                self._paint_place(painter, self.reading)
                self._paint_box(painter, self.reading)

    def _paint_place(self, painter: QPainter, reading: Reading) -> None:
        ink, card = QColor(self._theme.ink), QColor(self._theme.card)
        if reading.outline is not None:
            for colour, grown in ((card, 2.0), (ink, 1.0)):
                painter.setPen(QPen(colour, 1.5))
                painter.drawRect(reading.outline.adjusted(-grown, -grown, grown, grown))
            return
        at, bounds = reading.at, reading.bounds
        painter.setPen(QPen(QColor(self._theme.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at.x(), bounds.top()), QPointF(at.x(), bounds.bottom()))
        if reading.across:
            painter.drawLine(QPointF(bounds.left(), at.y()), QPointF(bounds.right(), at.y()))
        if bounds.contains(at):
            painter.setPen(QPen(card, 2))
            painter.setBrush(reading.colour or ink)
            painter.drawEllipse(at, _RING, _RING)

    def _paint_box(self, painter: QPainter, reading: Reading) -> None:
        box = self.box
        metrics, bold = self._metrics()
        background = QColor(self._theme.card)
        background.setAlphaF(0.94)
        painter.setPen(QPen(QColor(self._theme.rule), 1))
        painter.setBrush(background)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inside = box.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self.font())
        elide = Qt.TextElideMode.ElideMiddle
        heading = metrics.elidedText(reading.heading, elide, inside.width())
        painter.drawText(QPointF(inside.left(), inside.top() + metrics.ascent()), heading)
        left, base = inside.left(), inside.top() + metrics.height() + bold.ascent()
        if reading.colour:
            middle = base - bold.capHeight() / 2 - _SWATCH / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(reading.colour)
            painter.drawRoundedRect(QRectF(left, middle, _SWATCH, _SWATCH), 2, 2)
            left += _SWATCH + 6
        painter.setPen(QColor(self._theme.ink))
        painter.setFont(self._bold())
        text = bold.elidedText(reading.text, elide, inside.right() - left + 1)
        painter.drawText(QPointF(left, base), text)

    def _show_if_needed(self) -> None:
        self.setGeometry(self._view.rect())
        self.setVisible(self.reading is not None or self._owner.hasFocus())
        self.raise_()

    def _region(self) -> QRegion:
        """What is painted for the reading, so that nothing else is painted again."""
        if self.reading is None:
            return QRegion()
        at, bounds = self.reading.at, self.reading.bounds
        region = QRegion(_pixels(self.box))
        if self.reading.outline is not None:
            return region.united(QRegion(_pixels(self.reading.outline)))
        ring = QRectF(at.x() - _RING, at.y() - _RING, 2 * _RING, 2 * _RING)
        region = region.united(QRegion(_pixels(ring)))
        upright = QRectF(at.x(), bounds.top(), 0, bounds.height())
        region = region.united(QRegion(_pixels(upright)))
        if self.reading.across:
            level = QRectF(bounds.left(), at.y(), bounds.width(), 0)
            region = region.united(QRegion(_pixels(level)))
        return region

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return QFontMetricsF(self.font()), QFontMetricsF(self._bold())


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


def _pixels(part: QRectF) -> QRect:
    return part.toAlignedRect().adjusted(-4, -4, 4, 4)
