"""The playback clock: how far to move at each tick, so that the full range takes a few seconds."""

from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

Direction = Literal[-1, 1]

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0)
_SECONDS_FOR_ALL = 6.0
_TICKS_A_SECOND = 30.0
_CALM_TICKS_A_SECOND = 4.0


class Playback(QObject):
    """Ticks during playback.

    Args:
        reduced_motion: whether to go in few, larger steps.

    Attributes:
        reduced_motion: the same.
        speed: 1 goes the whole way in about six seconds.

    Signals:
        stepped: how far to go now, with its sign.
        state_changed: -1 or 1 when playing in that direction begins, 0 when it ends.
    """

    stepped = Signal(int)
    state_changed = Signal(int)

    def __init__(self, reduced_motion: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reduced_motion = reduced_motion
        self._length = 1
        self._direction = 0
        self._owed = 0.0  # the fraction of a step lost to rounding so far
        self.speed = 1.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    @property
    def direction(self) -> int:
        """-1 or 1 during playback, else 0."""
        return self._direction

    @property
    def interval(self) -> int:
        """Milliseconds from one tick to the next."""
        ticks_a_second = _CALM_TICKS_A_SECOND if self.reduced_motion else _TICKS_A_SECOND
        return max(
            round(1000 / ticks_a_second),
            round(1000 * _SECONDS_FOR_ALL / (self.speed * self._length)),
        )

    def start(self, direction: Direction, length: int) -> None:
        """Play.

        Args:
            direction: 1 is forwards.
            length: steps of the whole way.
        """
        self._length = max(length, 1)
        self._owed = 0.0
        self._timer.start(self.interval)
        self._become(direction)

    def stop(self) -> None:
        """Stop."""
        self._timer.stop()
        self._become(0)

    def set_speed(self, speed: float) -> None:
        """Play faster or slower from now on."""
        self.speed = speed
        if self._direction:
            self._timer.start(self.interval)

    @Slot()
    def _tick(self) -> None:
        due = self._owed + self.interval / 1000 * self.speed * self._length / _SECONDS_FOR_ALL
        steps = max(1, int(due))
        self._owed = max(0.0, due - steps)
        self.stepped.emit(self._direction * steps)

    def _become(self, direction: int) -> None:
        if direction != self._direction:
            self._direction = direction
            self.state_changed.emit(direction)
