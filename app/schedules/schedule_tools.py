"""What the mouse does on the canvas of a schedule: one of three tools."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QToolButton, QWidget

from app import icons
from app.schedules.schedule_canvas import Tool
from app.theme import Theme

_TOOLS: tuple[tuple[Tool, str, str, str, str], ...] = (
    ("draw", "Draw", "draw", "Alt+D", "Hold the mouse button and draw the curve"),
    ("move", "Move point", "move-point", "Alt+M", "Drag a single point up or down"),
    ("mark", "Select", "mark", "Alt+K", "Select the iterations that the buttons change"),
)


def name_button(button: QToolButton, name: str, tip: str) -> None:
    """Set a button's tooltip and accessible name, and let the Tab key reach it."""
    button.setToolTip(tip)
    button.setAccessibleName(name)
    button.setAccessibleDescription(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def push_button(text: str, tip: str) -> QPushButton:
    """A button of the editor, with its explanation; none is pressed by Enter elsewhere."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAccessibleDescription(tip)
    return button


class ScheduleTools(QWidget):
    """Buttons of which one is down.

    Signals:
        chosen: the `Tool` that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[Tool, QToolButton] = {}
        exclusive = QButtonGroup(self)
        exclusive.idToggled.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for index, (tool, text, _, keys, tip) in enumerate(_TOOLS):
            button = QToolButton()
            button.setText(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setChecked(index == 0)
            button.setShortcut(QKeySequence(keys))
            name_button(button, text, f"{tip} ({keys})")
            exclusive.addButton(button, index)
            row.addWidget(button)
            self.buttons[tool] = button

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        for tool, _, icon, _, _ in _TOOLS:
            self.buttons[tool].setIcon(icons.icon(icon, theme))

    @Slot(int, bool)
    def _tell(self, index: int, is_down: bool) -> None:
        if is_down:
            self.chosen.emit(_TOOLS[index][0])
