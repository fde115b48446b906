"""How the application looks at this moment: the theme that is chosen, followed as it changes."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import dress
from app import theme as themes
from app.theme import Choice, Theme

_MILLISECONDS = 80
"""Within which another change of size is waited for."""


class Appearance(QObject):
    """Dresses the application, and again when the choice or the system's colours change.

    Args:
        application: what to dress.
        choice: "system", "light" or "dark".
        size: how many times as large as usual type is, one of `app.dress.SIZES`.
        parent: the window, if there is one.

    Signals:
        changed: the application wears another `Theme`, or type of another size; what is painted
            by hand has to follow.
    """

    changed = Signal(object)

    def __init__(
        self,
        application: QApplication,
        choice: Choice = "system",
        size: float = 1.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._choice = choice
        self._size = size
        self._theme = themes.resolve(choice)
        self._soon = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._soon.timeout.connect(self._dress)
        dress.apply_to_application(application, self._theme, size)
        if parent is not None:
            parent.installEventFilter(self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """What the application wears."""
        return self._theme

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Wear another theme; "system" follows the system from now on."""
        self._choice = choice
        self._dress()

    @property
    def size(self) -> float:
        """How many times as large as usual type is."""
        return self._size

    def resize_type(self, steps: int | None) -> None:
        """Type larger by so many steps, smaller if negative; None: as large as usual.

        Soon: all widgets are dressed anew, which takes long, and whoever presses a key several
        times waits for it once.
        """
        place = 0 if steps is None else dress.SIZES.index(self._size) + steps
        size = dress.SIZES[min(max(place, 0), len(dress.SIZES) - 1)]
        if size != self._size:
            self._size = size
            self._soon.start()

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """What is painted for a scale factor is painted anew for a screen of another one."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.changed.emit(self._theme)
        return False

    @Slot()
    def _follow_system(self) -> None:
        if self._choice == "system" and themes.resolve("system") != self._theme:
            self._dress()

    @Slot()
    def _dress(self) -> None:
        self._soon.stop()
        self._theme = themes.resolve(self._choice)
        dress.apply_to_application(self._application, self._theme, self._size)
        self.changed.emit(self._theme)
