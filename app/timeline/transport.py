"""The buttons that play the timeline: to the beginning, backwards, forwards, to the end."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app import icons
from app.theme import Theme
from app.timeline.playback import SPEEDS, Direction

_ICON = QSize(16, 16)


class PlayButton(QToolButton):
    """A button with a menu of speeds, which the down key opens."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down key opens the menu."""
        if event.key() == Qt.Key.Key_Down and self.menu():
            self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)


class Transport(QWidget):
    """Asks for playing; what is played is not its concern.

    Attributes:
        first, back, forward, last: the buttons.

    Signals:
        first_wanted, last_wanted: go to the beginning, or to the end.
        play_wanted: the `Direction` to play in, or to stop playing in.
        speed_chosen: how many times the usual speed.
    """

    first_wanted = Signal()
    last_wanted = Signal()
    play_wanted = Signal(int)
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: dict[str, QIcon] = {}
        self._direction: Direction | int = 0
        self.first = dressed(QToolButton(), "First", "Go to the beginning of the run")
        self.last = dressed(QToolButton(), "Last", "Go to the last completed meta-iteration")
        self.back = dressed(
            PlayButton(),
            "Play backwards",
            "Play backwards the lane touched last; with a menu of speeds",
        )
        self.forward = dressed(
            PlayButton(),
            "Play forwards",
            "Play the lane touched last (Space); with a menu of speeds",
        )
        speeds = self._make_speeds()
        for button in (self.back, self.forward):
            button.setObjectName("play")
            button.setMenu(speeds)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.first.clicked.connect(self.first_wanted)
        self.last.clicked.connect(self.last_wanted)
        self.back.clicked.connect(self._play_back)
        self.forward.clicked.connect(self._play_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in self.buttons:
            row.addWidget(button)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """All of them, from left to right."""
        return self.first, self.back, self.forward, self.last

    def show_direction(self, direction: int) -> None:
        """Which way is being played: -1, 1, or 0 for none."""
        self._direction = direction
        self.back.setIcon(self._icons["pause" if direction < 0 else "play-back"])
        self.forward.setIcon(self._icons["pause" if direction > 0 else "play"])

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._icons = {name: icons.icon(name, theme) for name in ("play-back", "play", "pause")}
        self.first.setIcon(icons.icon("first", theme))
        self.last.setIcon(icons.icon("last", theme))
        self.show_direction(self._direction)

    def _make_speeds(self) -> QMenu:
        menu = QMenu("Speed", self)
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed:g}×")
            action.setToolTip(f"Play at {speed:g} times the usual speed")
            action.setCheckable(True)
            action.setChecked(speed == 1)
            action.setData(speed)
            group.addAction(action)
        group.triggered.connect(self._choose_speed)
        return menu

    @Slot(QAction)
    def _choose_speed(self, action: QAction) -> None:
        self.speed_chosen.emit(action.data())

    @Slot()
    def _play_back(self) -> None:
        self.play_wanted.emit(-1)

    @Slot()
    def _play_on(self) -> None:
        self.play_wanted.emit(1)


def dressed(button: QToolButton, name: str, tip: str) -> QToolButton:
    """A button that is an icon."""
    button.setAccessibleName(name)
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    button.setIconSize(_ICON)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
