"""How the application looks at this moment: the theme that is chosen, followed as it changes."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import dress
from app import theme as themes
from app.theme import Choice, Theme


class Appearance(QObject):
    """Dresses the application, and again when the choice or the system's colours change.

    Args:
        application: what to dress.
        choice: "system", "light" or "dark".
        presentation: larger type, to be read from the back of a room.

    Signals:
        changed: the application wears another `Theme`, or type of another size; what is painted
            by hand has to follow.
    """

    changed = Signal(object)

    def __init__(
        self,
        application: QApplication,
        choice: Choice = "system",
        presentation: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._choice = choice
        self._presentation = presentation
        self._theme = themes.resolve(choice)
        dress.apply_to_application(application, self._theme, presentation)
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

    def set_presentation(self, on: bool) -> None:
        """Larger type, or not."""
        if on != self._presentation:
            self._presentation = on
            self._dress()

    @Slot()
    def _follow_system(self) -> None:
        if self._choice == "system" and themes.resolve("system") != self._theme:
            self._dress()

    def _dress(self) -> None:
        self._theme = themes.resolve(self._choice)
        dress.apply_to_application(self._application, self._theme, self._presentation)
        self.changed.emit(self._theme)
