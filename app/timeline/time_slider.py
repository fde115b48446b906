"""A slider over time, drawn as a track: the elapsed part, the reachable part, and labels."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QToolTip, QWidget

from app.theme import Theme

BEST, ENDED, PREDICTED = "★", "✕", "┊"
"""Signs on the track: the best value, where something ended before its end, and the end that was
predicted for it then."""

_MEANT = {
    BEST: "the best",
    ENDED: "stopped here",
    PREDICTED: "the end that was predicted when it was stopped",
}
"""What the signs say when they are pointed at."""

_LOWEST, _HANDLE = 20, 8  # pixels: height of the track in small type, width of the handle
_TICK, _APART = 4, 3  # pixels: of ticks, and between two of them
_NARROWEST = 220  # of tracks, in pixels


class TimeSlider(QSlider):
    """A track with a handle, which a click moves to where it is clicked.

    Args:
        name: what screen readers call it.
        tip: what it is for.
        theme: the colours.

    Signals:
        moved_by_hand: the user moved the handle, with mouse or keyboard.
        play_pressed: the space bar was pressed.
    """

    moved_by_hand = Signal()
    play_pressed = Signal()

    def __init__(self, name: str, tip: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._reach = self._progress = 0
        self._words: tuple[str, ...] = ()
        self._ticks: tuple[int, ...] = ()
        self._marks: dict[str, int | None] = {}
        self._crosses: tuple[int, ...] = ()
        self._message = ""
        self.setRange(0, 0)
        self.call(name, tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.actionTriggered.connect(self._take_action)

    def call(self, name: str, tip: str) -> None:
        """Change what screen readers call it, and what it says that it is for."""
        self.setAccessibleName(name)
        self.setToolTip(tip)

    @property
    def reach(self) -> int:
        """The last value that can be chosen by hand; `setValue` may go beyond it."""
        return self._reach

    def set_reach(self, reach: int) -> None:
        """Change how far the handle can go."""
        self._reach = reach
        self.update()

    @property
    def progress(self) -> int:
        """How far the run is: up to there the track is filled, wherever the handle is."""
        return self._progress

    def set_progress(self, progress: int) -> None:
        """Change how far the run is."""
        if progress != self._progress:
            self._progress = progress
            self.update()

    @property
    def words(self) -> tuple[str, ...]:
        """What the parts of the track are."""
        return self._words

    def set_parts(self, *words: str) -> None:
        """Name the parts of the track, which are equally long, and mark where one ends."""
        if words != self._words:
            self._words = words
            self.update()

    @property
    def ticks(self) -> tuple[int, ...]:
        """Values that are marked by a short stroke."""
        return self._ticks

    def set_ticks(self, values: tuple[int, ...]) -> None:
        """Mark values by short strokes; where these would touch each other, none are drawn."""
        if values != self._ticks:
            self._ticks = values
            self.update()

    def set_mark(self, sign: str, value: int | None) -> None:
        """Put a sign at a value, which may be any; None takes it away."""
        if self._marks.get(sign) != value:
            self._marks[sign] = value
            self.update()

    @property
    def marks(self) -> dict[str, int]:
        """Where signs are."""
        return {sign: value for sign, value in self._marks.items() if value is not None}

    @property
    def crosses(self) -> tuple[int, ...]:
        """Values at which something was stopped early, though the track goes on."""
        return self._crosses

    def set_crosses(self, values: tuple[int, ...]) -> None:
        """Mark values by `ENDED`; where these would touch each other, none are drawn."""
        if values != self._crosses:
            self._crosses = values
            self.update()

    def meaning_at(self, x: float) -> str:
        """What the sign at a place means; without one, what the track is for.

        Args:
            x: in pixels from the left.
        """
        near = self.fontMetrics().height() / 2
        found = [(abs(self.x_of(value) - x), sign) for sign, value in self._signs()]
        away, sign = min(found, default=(near + 1, ""))
        return _MEANT[sign] if away <= near else self.toolTip()

    def _signs(self) -> list[tuple[str, int]]:
        """Those that are drawn, and where."""
        places = sorted(self.x_of(value) for value in self._crosses)
        wide = self.fontMetrics().horizontalAdvance(ENDED)
        have_room = all(right - left >= wide for left, right in pairwise(places))
        crosses = self._crosses if have_room else ()
        return [*((ENDED, value) for value in crosses), *self.marks.items()]

    @property
    def message(self) -> str:
        """What the track says instead of what its parts are; often nothing."""
        return self._message

    def set_message(self, text: str) -> None:
        """Say something instead of what the parts are; with "", nothing."""
        if text != self._message:
            self._message = text
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    def x_of(self, value: int) -> int:
        """Where on the widget a value is, in pixels from the left."""
        span = self.width() - _HANDLE
        return _HANDLE // 2 + QStyle.sliderPositionFromValue(
            self.minimum(), self.maximum(), value, span
        )

    def sizeHint(self) -> QSize:
        """As wide as possible: what is left by all else, which has the room that it wants first."""
        return QSize(_NARROWEST, self._track + 6)

    def minimumSizeHint(self) -> QSize:
        """Wide enough to aim at; what is said of the run makes room first."""
        return QSize(_NARROWEST, self._track + 6)

    def event(self, event: QEvent) -> bool:
        """Say what a sign means that is pointed at."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.meaning_at(event.pos().x()), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs a higher track."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays; the other keys are those of any slider."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.play_pressed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The handle follows while the button is down."""
        if self.isSliderDown():
            self._go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the handle go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, words and handle."""
        theme, middle = self._theme, self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            high = self._track
            track = QRectF(1, middle - high / 2, self.width() - 2, high)
            outline = QPainterPath()
            outline.addRoundedRect(track, 5, 5)
            painter.fillPath(outline, QColor(theme.field_off))
            painter.save()
            painter.setClipPath(outline)
            done = self._end_of(self._progress)
            end = max(done, self._end_of(self._reach))
            painter.fillRect(QRectF(0, 0, end, self.height()), QColor(theme.card))
            if self.maximum():
                waiting = QBrush(QColor(theme.rule), Qt.BrushStyle.BDiagPattern)
                painter.fillRect(QRectF(end, 0, self.width() - end, self.height()), waiting)
                painter.fillRect(QRectF(0, 0, done, self.height()), QColor(theme.progress))
            self._draw_borders(painter, track)
            self._draw_words(painter, track, self._ink)
            self._draw_ticks(painter, track)
            self._draw_marks(painter, track)
            painter.restore()
            focused = self.hasFocus()
            painter.setPen(
                QPen(QColor(theme.accent if focused else theme.muted), 2 if focused else 1)
            )
            painter.drawPath(outline)
            if self.isEnabled():
                place = self.x_of(self.value())
                handle = QRectF(place - _HANDLE / 2, middle - high / 2 - 2, _HANDLE, high + 4)
                painter.setPen(QPen(QColor(theme.card), 1))
                painter.setBrush(QColor(theme.accent))
                painter.drawRoundedRect(handle, 3, 3)
                painter.setClipRect(handle.adjusted(1, 3, -1, -3))
                self._draw_words(painter, track, theme.card)  # what it would cover

    @property
    def _track(self) -> int:
        """How high the track is: a row of type."""
        return max(_LOWEST, self.fontMetrics().height() + 4)

    def _end_of(self, value: int) -> int:
        """Where a value is; the last one is at the very end, the first at the very beginning."""
        if value <= self.minimum():
            return 0
        return self.width() if value >= self.maximum() else self.x_of(value)

    @property
    def _ink(self) -> str:
        """The colour of words."""
        is_used = self._message or self.isEnabled() or self._progress > self.minimum()
        return self._theme.ink if is_used else self._theme.muted

    def _draw_borders(self, painter: QPainter, track: QRectF) -> None:
        if self._message:
            return
        painter.setPen(QPen(QColor(self._theme.ink), 2))
        for index in range(1, len(self._words)):
            x = track.left() + index * track.width() / len(self._words)
            painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))

    def _draw_words(self, painter: QPainter, track: QRectF, colour: str) -> None:
        """Write the message, or what the parts are where there is room for it."""
        words = (self._message,) if self._message else self._words
        if not words:
            return
        painter.setPen(QColor(colour))
        part = track.width() / len(words)
        widest = max(painter.fontMetrics().horizontalAdvance(text) for text in words)
        if widest + _HANDLE > part and not self._message:
            return  # the label beside the slider shows it too
        for index, text in enumerate(words):
            room = QRectF(track.left() + index * part, track.top(), part, track.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_ticks(self, painter: QPainter, track: QRectF) -> None:
        places = [self.x_of(value) for value in self._ticks]
        if all(right - left >= _APART for left, right in pairwise(places)):
            painter.setPen(QPen(QColor(self._theme.ink), 1))
            for x in places:
                for end, way in ((track.top(), 1), (track.bottom(), -1)):
                    painter.drawLine(QPointF(x + 0.5, end), QPointF(x + 0.5, end + way * _TICK))

    def _draw_marks(self, painter: QPainter, track: QRectF) -> None:
        for sign, value in self._signs():
            painter.setPen(QColor(self._theme.error if sign == ENDED else self._theme.ink))
            width = painter.fontMetrics().horizontalAdvance(sign)
            left = min(
                max(self.x_of(value) - width / 2, track.left() + 4), track.right() - width - 4
            )
            room = QRectF(left, track.top(), width, track.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, sign)

    def _go_to(self, place: QPointF) -> None:
        span = self.width() - _HANDLE
        x = round(place.x()) - _HANDLE // 2
        self.setSliderPosition(
            QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x, span)
        )

    @Slot()
    def _take_action(self) -> None:
        """Stop the handle at the end of the track, before its value changes."""
        furthest = max(self._reach, self.value())  # it may have been put beyond
        self.setSliderPosition(min(self.sliderPosition(), furthest))
        if self.sliderPosition() != self.value():
            self.setValue(self.sliderPosition())
            self.moved_by_hand.emit()
