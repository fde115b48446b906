"""A lane of the timeline: a slider over time, and the clock that plays it."""

from PySide6.QtCore import QObject, Signal, Slot

from app.theme import Theme
from app.timeline.playback import Direction, Playback
from app.timeline.time_slider import TimeSlider


class Lane(QObject):
    """Moves a slider, by hand and by the clock.

    Args:
        slider: what is moved.
        reduced_motion: see `Playback`.

    Attributes:
        playback: the clock.

    Signals:
        moved: the slider moved, but not from outside.
        begun: playing begins.
        touched: the user took hold of the slider, or pressed one of its keys.
    """

    moved = Signal()
    begun = Signal()
    touched = Signal()

    def __init__(self, slider: TimeSlider, reduced_motion: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.slider = slider
        self.playback = Playback(reduced_motion, self)
        slider.actionTriggered.connect(self._touch)
        slider.sliderPressed.connect(self._touch)
        slider.play_pressed.connect(self.play_or_pause)
        slider.moved_by_hand.connect(self._follow_hand)
        self.playback.stepped.connect(self._advance)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.slider.set_theme(theme)

    def go_to(self, value: int) -> None:
        """Stop playing and move the slider there, or to the end of its range."""
        self.playback.stop()
        self._move(value)

    @Slot()
    def play_or_pause(self) -> None:
        """Pause if playing, else play forwards."""
        self.touched.emit()
        if self.playback.direction:
            self.playback.stop()
        else:
            self.play(1)

    def play(self, direction: Direction) -> None:
        """Play in a direction, or pause if already doing so."""
        if self.playback.direction == direction:
            self.playback.stop()
            return
        self.begun.emit()
        start, end = (0, self.slider.reach) if direction > 0 else (self.slider.reach, 0)
        if (end - self.slider.value()) * direction <= 0:  # at the end already: start over
            self._move(start)
        self.playback.start(direction, self.slider.reach)

    @Slot(int)
    def _advance(self, steps: int) -> None:
        self._move(self.slider.value() + steps)
        if self.slider.value() == (0 if steps < 0 else self.slider.reach):
            self.playback.stop()

    def _move(self, value: int) -> None:
        self.slider.setValue(min(max(value, 0), self.slider.reach))
        self.moved.emit()

    @Slot()
    def _touch(self) -> None:
        self.touched.emit()

    @Slot()
    def _follow_hand(self) -> None:
        self.playback.stop()
        self.moved.emit()
