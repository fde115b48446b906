"""The bar at the top: what starts and ends the run, the pages, whose plots are shown, export."""

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QToolButton, QWidget

from app.one_line import OneLine
from app.runner import State
from app.theme import Theme

PAGES: Final = ("gallery", "explore", "compare")
_HEIGHT: Final = 44
_WORDS: Final = ("Run", "Pause", "Resume")  # that one button says in turn
_WHERE: Final = {
    "run": "run",
    "pause": "run",
    "stop": "stop",
    "gallery": "gallery",
    "explore": "explore",
    "compare": "compare",
    "export": "export",
    "presentation": "leave",
}  # the button on which an action is found


class TopBar(QWidget):
    """Stays where it is on every page; presenting, it says whose plots they are in large type.

    Args:
        actions: what can be done, by name.

    Attributes:
        run_button: runs, pauses and resumes; its menu has the rest of what concerns the run.
        stop_button, export_button, leave_button: the latter leaves the presentation.
        pages: a button for each page, by the name of its action.
        title: whose plots are shown.
    """

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._actions = actions
        self.run_button = _RunButton()
        self.menu = QMenu(self.run_button)
        self.menu.setToolTipsVisible(True)
        self.menu.addActions([actions["step"]])
        self.run_button.setMenu(self.menu)
        self.stop_button = _button(actions["stop"])
        self.pages = {name: _button(actions[name], "page") for name in PAGES}
        self.title = OneLine()
        self.title.setAccessibleName("What the plots show")
        self.export_button = _button(actions["export"])
        self.leave_button = _button(actions["presentation"])
        self._buttons = {
            "run": self.run_button,
            "stop": self.stop_button,
            "export": self.export_button,
            "leave": self.leave_button,
            **self.pages,
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(4)
        for button in (self.run_button, self.stop_button):
            row.addWidget(button)
        row.addSpacing(16)
        for button in self.pages.values():
            row.addWidget(button)
        row.addSpacing(16)
        row.addWidget(self.title, 1)
        row.addWidget(self.export_button)
        row.addWidget(self.leave_button)
        self.setMinimumHeight(_HEIGHT)
        self._has_keyboard = False  # or would have it, if it were on
        self._sheet, self._points = "", self.font().pointSizeF()
        self.follow("idle")
        self.set_presentation(False)

    def button(self, action: str) -> QToolButton:
        """The button on which an action is found."""
        return self._buttons[_WHERE[action]]

    def follow(self, state: State) -> None:
        """Let the first button run, or pause and resume; it gets the keyboard that "Stop" loses.

        Args:
            state: of the run; what it does not allow is switched off after this.
        """
        is_stopping = state == "stopping"
        on_stop = self.stop_button.hasFocus() and state in ("idle", "stopping")
        on_run = self.run_button.hasFocus() and is_stopping
        self._has_keyboard |= on_stop or on_run
        self.run_button.offer(self._actions["run" if state == "idle" else "pause"])
        if self._has_keyboard and not is_stopping:
            self._has_keyboard = False
            self.run_button.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Mark the page that is shown by a line below it."""
        self._sheet = (
            "QLabel { font-weight: 600; }"
            f"QToolButton#page {{ border-radius: 0; color: {theme.muted}; }}"
            f"QToolButton#page:hover {{ background: transparent; border-color: transparent;"
            f" color: {theme.ink}; }}"
            f"QToolButton#page:checked {{ background: transparent; border-color: transparent;"
            f" border-bottom: 2px solid {theme.accent}; color: {theme.ink}; font-weight: 600; }}"
            f"QToolButton#page:focus {{ border: 2px solid {theme.accent}; border-radius: 6px; }}"
        )
        self._dress()

    def set_type(self, points: float) -> None:
        """Write in type of this size."""
        self._points = points
        self._dress()

    def set_presentation(self, on: bool) -> None:
        """Only what is needed in front of an audience, or all."""
        for button in (*self.pages.values(), self.export_button):
            button.setVisible(not on)
        self.leave_button.setVisible(on)

    def settle(self) -> None:
        """Measure buttons anew: Qt keeps sizes that it took before the style sheet was theirs."""
        for button in self._buttons.values():
            QApplication.sendEvent(button, QEvent(QEvent.Type.StyleChange))

    def _dress(self) -> None:
        self.setStyleSheet(f"* {{ font-size: {self._points}pt; }} {self._sheet}")


class _RunButton(QToolButton):
    """As wide as the longest of its words, so that nothing beside it moves."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def offer(self, action: QAction) -> None:
        """Do what an action does."""
        if self.defaultAction() is not action:
            if self.defaultAction():
                self.removeAction(self.defaultAction())
            self.setDefaultAction(action)
        self.setAccessibleName(action.text())
        self.setAccessibleDescription(action.toolTip())

    def sizeHint(self) -> QSize:
        """See above."""
        room = max(map(self._width_of, _WORDS)) - self._width_of(self.text())
        return super().sizeHint() + QSize(max(0, room), 0)

    def _width_of(self, text: str) -> int:
        """As Qt measures it."""
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width()

    def minimumSizeHint(self) -> QSize:
        """No smaller."""
        return self.sizeHint()


def _button(action: QAction, name: str = "") -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text())
    button.setAccessibleDescription(action.toolTip())
    return button
