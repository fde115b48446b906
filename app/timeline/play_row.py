"""One row of the timeline: a slider over time, two buttons that play it, and their clock."""

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QMenu, QToolButton

from app import icons
from app.theme import Theme
from app.timeline.playback import Direction, Playback
from app.timeline.time_slider import TimeSlider

_ICON = QSize(16, 16)


def small_button(name: str, tip: str) -> QToolButton:
    """A button that is an icon."""
    return _dressed(QToolButton(), name, tip)


class PlayButton(QToolButton):
    """A button with a menu of speeds, which the down key opens."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down key opens the menu."""
        if event.key() == Qt.Key.Key_Down and self.menu():
            self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)


class PlayRow(QObject):
    """Moves a slider, by hand and by the clock.

    Args:
        slider: what is moved.
        what: what it goes through, "meta-iterations".
        speeds: the menu of speeds.
        reduced_motion: see `Playback`.

    Attributes:
        back, forward: the buttons that play.
        playback: the clock.

    Signals:
        moved: the slider moved, but not from outside.
        begun: playing begins.
    """

    moved = Signal()
    begun = Signal()

    def __init__(
        self, slider: TimeSlider, what: str, speeds: QMenu, reduced_motion: bool, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._icons: dict[str, QIcon] = {}
        self.slider = slider
        self.playback = Playback(reduced_motion, self)
        tips = {
            -1: f"Play the {what} backwards; its menu sets the speed",
            1: f"Play the {what} forwards (Space); its menu sets the speed",
        }
        self.back, self.forward = (
            _dressed(PlayButton(), f"Play {what} {name}", tips[direction])
            for direction, name in ((-1, "backwards"), (1, "forwards"))
        )
        for button in (self.back, self.forward):
            button.setObjectName("play")
            button.setMenu(speeds)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.back.clicked.connect(self.play_back_or_pause)
        self.forward.clicked.connect(self.play_on_or_pause)
        slider.play_pressed.connect(self.play_or_pause)
        slider.moved_by_hand.connect(self._follow_hand)
        self.playback.stepped.connect(self._advance)
        self.playback.state_changed.connect(self._show_state)

    def set_enabled(self, enabled: bool) -> None:
        """Enable or disable the row."""
        for part in (self.slider, self.back, self.forward):
            part.setEnabled(enabled)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.slider.set_theme(theme)
        self._icons = {name: icons.icon(name, theme) for name in ("play-back", "play", "pause")}
        self._show_state()

    def go_to(self, value: int) -> None:
        """Stop playing and move the slider there, or to the end of its range."""
        self.playback.stop()
        self._move(value)

    @Slot()
    def play_or_pause(self) -> None:
        """Pause if playing, else play forwards."""
        if self.playback.direction:
            self.playback.stop()
        else:
            self._play(1)

    @Slot()
    def play_on_or_pause(self) -> None:
        """Play forwards, or pause if already doing so."""
        self._play(1)

    @Slot()
    def play_back_or_pause(self) -> None:
        """Play backwards, or pause if already doing so."""
        self._play(-1)

    def _play(self, direction: Direction) -> None:
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
    def _follow_hand(self) -> None:
        self.playback.stop()
        self.moved.emit()

    @Slot()
    def _show_state(self) -> None:
        direction = self.playback.direction
        self.back.setIcon(self._icons["pause" if direction < 0 else "play-back"])
        self.forward.setIcon(self._icons["pause" if direction > 0 else "play"])


def _dressed(button: QToolButton, name: str, tip: str) -> QToolButton:
    button.setAccessibleName(name)
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    button.setIconSize(_ICON)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
