"""Recorded runs in the window: on the page Compare, in the gallery, and shown in Explore."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.library.control import RunsControl
from app.library.overlay_page import OverlayPage
from app.library.recent_runs import RecentRuns
from app.library.runs_panel import RunsPanel
from app.theme import Theme

if TYPE_CHECKING:
    from app.main_window import MainWindow

_WHAT = "Every run that was recorded: open it, or lay several over each other"


class Runs(QObject):
    """Makes what shows recorded runs, and puts it where it belongs.

    Args:
        window: whose parts it goes with.
        theme: the colours.

    Attributes:
        panel: on the left of the page Compare.
        page: on its right: ticked runs, laid over each other.
        recent: in the gallery.
        control: opens them, sets them up again, and deletes them.
    """

    def __init__(self, window: "MainWindow", theme: Theme) -> None:
        super().__init__(window)
        self._comparing, shelf, bar = window.comparing, window.library, window.message_bar
        self.panel = RunsPanel(shelf)
        self.page = OverlayPage(self.panel.table, shelf, theme)
        window.comparing.put_beside("Runs", _WHAT, self.panel, self.page, self.page.lanes)
        self.recent = RecentRuns(window.gallery, window.index, shelf, theme, self)
        self.control = RunsControl(
            self.panel, shelf, window.runner, window.control, window.setup, bar, self
        )
        self.recent.chosen.connect(self.control.open)
        self.control.said.connect(window.progress.say)
        self.control.failed.connect(bar.show_message)
        self.control.set_up.connect(window.show_run)
        self.control.resume_requested.connect(window.offer.resume)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.panel.set_theme(theme)
        self.page.set_theme(theme)
        self.recent.set_theme(theme)

    @Slot()
    def find(self) -> None:
        """Bring the keyboard to the line that finds runs."""
        self._comparing.left.turn_beside()
        self.panel.start_search()

    def shut_down(self) -> None:
        """Ask the library nothing more."""
        self.recent.look_away()
