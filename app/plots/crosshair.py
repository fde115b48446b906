"""The crosshair over a plot: where it is read, and a small box that says what is there."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from app.plots.readout import Readout, Value
from app.theme import Theme

_RING: Final = 5.0
_DOT: Final = 3.5


@dataclass(frozen=True)
class Reading:
    """The values at one place of a plot.

    Attributes:
        at: the place, in the view's pixels.
        heading: where it is, in words.
        values: what is there.
        bounds: the part of the view that the lines of the crosshair cross.
        chosen: the index of the value that is pointed at; None: none is.
        unit: of the values; may be empty.
        outline: a pixel or cell to frame instead of crossing the view; None: there is none.
        across: whether a horizontal line is drawn as well.
        note: what else is said of the place, below the values; may be empty.
    """

    at: QPointF
    heading: str
    values: tuple[Value, ...]
    bounds: QRectF
    chosen: int | None = 0
    unit: str = ""
    outline: QRectF | None = None
    across: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """The value that is pointed at, or all of them, in words, and what else is said."""
        told = self.values if self.chosen is None else self.values[self.chosen : self.chosen + 1]
        return "; ".join([value.words for value in told] + ([self.note] if self.note else []))


class Crosshair(QWidget):
    """Lies over a view, hidden until it has something to show; also frames a view in focus.

    Args:
        theme: the colours.
        view: what it lies over; its pixels are those of the readings.
        owner: the widget that has the focus when the view is used by keyboard.

    Attributes:
        reading: what is shown; None: nothing is.
        readout: the box that says it.
    """

    def __init__(self, theme: Theme, view: QWidget, owner: QWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._owner = owner
        self.reading: Reading | None = None
        self.readout: Readout | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    def follow_focus(self) -> None:
        """Frame the view while it has the focus."""
        self._show_if_needed()
        self.update()

    def show_reading(self, reading: Reading, pointer: QPointF | None) -> None:
        """Show the values at a place.

        Args:
            reading: what to show.
            pointer: where the pointer is, which the box does not cover; None: read by keyboard.
        """
        before = self._region()
        self.reading = reading
        self._show_if_needed()
        self.readout = self._readout(reading, pointer or reading.at)
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
        self.reading = self.readout = None
        self._show_if_needed()
        self.update(before)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the lines, the ring and the box."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._owner.hasFocus():
                painter.setPen(QPen(QColor(self._theme.accent), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            if self.reading and self.readout:
                self._paint_place(painter, self.reading)
                self.readout.paint(painter, self._theme)

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
        painter.setPen(QPen(card, 2))
        for number, value in enumerate(reading.values):
            if value.at is not None and bounds.contains(value.at):
                radius = _RING if number == reading.chosen else _DOT
                painter.setBrush(value.colour or ink)
                painter.drawEllipse(value.at, radius, radius)

    def _readout(self, reading: Reading, pointer: QPointF) -> Readout:
        """The box, off the axes' numbers and titles if there it has room for as much."""

        def within(room: QRectF) -> Readout:
            values = reading.values + ((Value("", reading.note),) if reading.note else ())
            said = reading.heading, reading.unit, values, reading.chosen
            return Readout(*said, self.font(), room, pointer)

        whole = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        anywhere, inside = within(whole), within(whole.intersected(reading.bounds))
        is_cut = inside.more > anywhere.more or inside.box.size() != anywhere.box.size()
        return anywhere if is_cut or inside.box.contains(pointer) else inside

    def _show_if_needed(self) -> None:
        self.setGeometry(self._view.rect())
        self.setVisible(self.reading is not None or self._owner.hasFocus())
        self.raise_()

    def _region(self) -> QRegion:
        """What is painted for the reading, so that nothing else is painted again."""
        if self.reading is None or self.readout is None:
            return QRegion()
        at, bounds = self.reading.at, self.reading.bounds
        region = QRegion(_pixels(self.readout.box))
        if self.reading.outline is not None:
            return region.united(QRegion(_pixels(self.reading.outline)))
        upright = QRectF(at.x() - _RING, bounds.top(), 2 * _RING, bounds.height())
        region = region.united(QRegion(_pixels(upright)))
        if self.reading.across:
            level = QRectF(bounds.left(), at.y(), bounds.width(), 0)
            region = region.united(QRegion(_pixels(level)))
        return region


def _pixels(part: QRectF) -> QRect:
    return part.toAlignedRect().adjusted(-4, -4, 4, 4)
