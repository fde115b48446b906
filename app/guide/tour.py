"""A guided tour of the window: all but one part dimmed, and a bubble that explains that part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

_DIM: Final = 150  # of 255
_AROUND: Final = 4
_GAP: Final = 12
_ROUND: Final = 8
_MILLISECONDS: Final = 100
_WAITING: Final = "One moment …"
_WIDTH: Final = 24  # of the bubble, times the height of type
_FOLLOWED: Final = (
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


@dataclass(frozen=True)
class TourStep:
    """One stop of a tour.

    Attributes:
        title: a few words.
        text: two sentences, as they are once the step has what it waits for.
        target: finds what is explained; None, or something hidden, leaves the step out.
        does: what the program does when the step is come to for the first time.
        until: whether there is what the step waits for; a person can go on then.
    """

    title: str
    text: Callable[[], str]
    target: Callable[[], QWidget | None]
    does: Callable[[], object] | None = None
    until: Callable[[], bool] | None = None

    @property
    def has_to_wait(self) -> bool:
        """Whether it is not yet there."""
        return self.until is not None and not self.until()


class Tour(QObject):
    """Shows the user around a window, step by step.

    Enter or → moves on, ← back, Esc ends it. It never advances by itself.

    Args:
        window: what is explained.
        steps: the stops, in order; those that have nothing to show are left out.

    Attributes:
        overlay: what is drawn on top of the window; None while there is no tour.

    Signals:
        finished: the tour is over, for any reason.
    """

    finished = Signal()

    def __init__(self, window: QWidget, steps: Sequence[TourStep]) -> None:
        super().__init__()
        self.overlay: TourOverlay | None = None
        self._window = window
        self._steps = list(steps)
        self._at = self._furthest = 0
        self._looking = QTimer(self, interval=_MILLISECONDS)
        self._looking.timeout.connect(self._look)
        self._target: QWidget | None = None
        self._focus_before: QWidget | None = None

    @property
    def step(self) -> TourStep | None:
        """Where the tour is; None while there is none."""
        return self._steps[self._at] if self.overlay else None

    def start(self) -> None:
        """Begin at the first step that has something to show."""
        if self.overlay:
            return
        self._focus_before = self._window.focusWidget()  # never of a question that goes away
        self.overlay = TourOverlay(self._window)
        self.overlay.next_requested.connect(self.go_on)
        self.overlay.back_requested.connect(self.go_back)
        self.overlay.end_requested.connect(self.end)
        self._window.installEventFilter(self)
        self._at = self._furthest = -1
        self.go_on()

    @Slot()
    def go_on(self) -> None:
        """To the next step, or to the end; not before there is what this one waits for."""
        if self.step is not None and self._at >= 0 and self.step.has_to_wait:
            return
        following = [index for index in self._possible() if index > self._at]
        if following:
            self._show(following[0])
        else:
            self.end()

    @Slot()
    def go_back(self) -> None:
        """To the step before, if there is one."""
        before = [index for index in self._possible() if index < self._at]
        if before:
            self._show(before[-1])

    @Slot()
    def end(self) -> None:
        """Leave the window as it was."""
        if self.overlay is None:
            return
        self._window.removeEventFilter(self)
        self._looking.stop()
        self._watch(None)
        self.overlay.hide()
        self.overlay.deleteLater()
        self.overlay = None
        before, self._focus_before = self._focus_before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        self.finished.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow window and target when they move or change size; end with the window."""
        if event.type() == QEvent.Type.Close and watched is self._window:
            self.end()
        elif event.type() in _FOLLOWED and self.overlay:
            gone = self._target is None or not isValid(self._target)
            self.overlay.follow(None if gone else self._target)
        return super().eventFilter(watched, event)

    def _possible(self) -> list[int]:
        return [
            index
            for index, step in enumerate(self._steps)
            if (target := step.target()) is not None and target.isVisible()
        ]

    def _show(self, index: int) -> None:
        step, is_new = self._steps[index], index > self._furthest
        self._at, self._furthest = index, max(index, self._furthest)
        if is_new and step.does:
            step.does()
        self._explain()
        if step.has_to_wait:
            self._looking.start()

    @Slot()
    def _look(self) -> None:
        """Say what there is to say, once there is what the step waits for."""
        if self.step is not None and not self.step.has_to_wait:
            self._looking.stop()
            self._explain()

    def _explain(self) -> None:
        assert self.overlay is not None, "the tour has begun"
        step, possible = self._steps[self._at], self._possible()
        target = step.target()
        if isinstance(target, QDockWidget):
            target.raise_()  # the tab of another may lie in front
        self._watch(target)
        number = sum(index <= self._at for index in possible)
        self.overlay.explain(step, number, len(possible), self._target)

    def _watch(self, target: QWidget | None) -> None:
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = target
        if target is not None:
            target.installEventFilter(self)


class TourOverlay(QWidget):
    """Dims a window but for one part of it, and says in a bubble what that is.

    Args:
        window: what to cover.

    Attributes:
        bubble, title, text, place: what is said, and "step 3 of 6".
        back_button, next_button, end_button: the ways to go.

    Signals:
        next_requested, back_requested, end_requested: what the user asked for.
    """

    next_requested = Signal()
    back_requested = Signal()
    end_requested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._clear = QRect()
        self.setAccessibleName("Guided tour")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)
        self.bubble = QFrame(self)
        self.bubble.setObjectName("card")
        self.title, self.text, self.place = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("title")
        self.place.setObjectName("muted")
        self.title.setWordWrap(True)
        self.text.setWordWrap(True)
        self.back_button, self.next_button = QPushButton("Back"), QPushButton("Next")
        self.end_button = QPushButton("End")
        for button, tip in (
            (self.end_button, "End the tour (Esc)"),
            (self.back_button, "Previous step (←)"),
            (self.next_button, "Next step (Enter or →)"),
        ):
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.installEventFilter(self)
        self.next_button.clicked.connect(self.next_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.end_button.clicked.connect(self.end_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.place, 1)
        for button in (self.end_button, self.back_button, self.next_button):
            buttons.addWidget(button)
        self._column = column = QVBoxLayout(self.bubble)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(buttons)

    def explain(self, step: TourStep, number: int, total: int, target: QWidget | None) -> None:
        """Say what a part of the window is.

        Args:
            step: what to say.
            number: which step it is, from 1.
            total: of so many.
            target: the part.
        """
        last, waits = number == total, step.has_to_wait
        text = _WAITING if waits else step.text()
        self.title.setText(step.title)
        self.text.setText(text)
        self.place.setText(f"Step {number} of {total}")
        self.end_button.setVisible(not last)  # there, "Done" ends it
        self.next_button.setText("Done" if last else "Next")
        self.next_button.setAccessibleName(f"{'Done' if last else 'Next'}. {step.title}")
        self.next_button.setEnabled(not waits)
        self.back_button.setEnabled(number > 1)
        self.bubble.setAccessibleName(step.title)
        self.bubble.setAccessibleDescription(f"{text} Step {number} of {total}.")
        self.setAccessibleDescription(f"{step.title}. {text}")
        self.follow(target)
        self.show()
        self.raise_()
        waiting_place = self if waits else self.next_button  # Enter here presses nothing
        waiting_place.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, target: QWidget | None) -> None:
        """Cover the whole window again, but for where the part is now."""
        self.setGeometry(self._window.rect())
        self._clear = QRect()
        if target is not None:
            corner = self.mapFromGlobal(target.mapToGlobal(QPoint(0, 0)))
            around = QRect(corner, target.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
            self._clear = around.intersected(self.rect())
        width = min(_WIDTH * self.fontMetrics().height(), self.width() - 2 * _GAP)
        self.bubble.ensurePolished()
        self._column.invalidate()
        self.bubble.resize(width, self._column.totalHeightForWidth(width))
        self.bubble.move(self._beside(self._clear))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the tour, for any focus inside the bubble; Tab stays in it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(watched, QPushButton):
                watched.click()
        elif key == Qt.Key.Key_Right:
            self.next_requested.emit()
        elif key == Qt.Key.Key_Left:
            self.back_requested.emit()
        elif key == Qt.Key.Key_Escape:
            self.end_requested.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._walk(-1 if key == Qt.Key.Key_Backtab else 1)
        else:
            return super().eventFilter(watched, event)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is dimmed does not react; the keyboard stays in the bubble."""
        (self.next_button if self.next_button.isEnabled() else self).setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim all but the explained part, and frame that."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            dimmed = QPainterPath()
            dimmed.setFillRule(Qt.FillRule.OddEvenFill)
            dimmed.addRect(QRectF(self.rect()))
            if not self._clear.isEmpty():
                dimmed.addRoundedRect(QRectF(self._clear), _ROUND, _ROUND)
            painter.fillPath(dimmed, QColor(0, 0, 0, _DIM))
            if not self._clear.isEmpty():
                painter.setPen(QPen(self.palette().accent().color(), 2))
                painter.drawRoundedRect(QRectF(self._clear).adjusted(1, 1, -1, -1), _ROUND, _ROUND)

    def _walk(self, step: int) -> None:
        buttons = [self.end_button, self.back_button, self.next_button]
        usable = [button for button in buttons if button.isEnabled() and button.isVisible()]
        none = -1 if step > 0 else 0
        here = next((i for i, button in enumerate(usable) if button.hasFocus()), none)
        usable[(here + step) % len(usable)].setFocus(Qt.FocusReason.TabFocusReason)

    def _beside(self, part: QRect) -> QPoint:
        """Where the bubble goes: below the part, above, right, left, or else into its corner."""
        room, size = self.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP), self.bubble.rect()
        if part.isEmpty():
            return room.center() - size.center()
        places = (
            QPoint(part.left(), part.bottom() + _GAP),
            QPoint(part.left(), part.top() - _GAP - size.height()),
            QPoint(part.right() + _GAP, part.top()),
            QPoint(part.left() - _GAP - size.width(), part.top()),
        )
        for place in places:
            x = max(room.left(), min(place.x(), room.right() - size.width()))
            y = max(room.top(), min(place.y(), room.bottom() - size.height()))
            bubble = QRect(QPoint(x, y), size.size())
            if not bubble.intersects(part):
                return bubble.topLeft()
        corner = part.bottomRight() - QPoint(size.width() + _GAP, size.height() + _GAP)
        return QPoint(max(room.left(), corner.x()), max(room.top(), corner.y()))
