"""The presentation: two plots in large type on the whole screen, and little else."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from app.comparison.control import ComparisonControl
from app.dress import present_in, the_application, type_in
from app.full_screen import FullScreen
from app.message_bar import MessageBar
from app.plots.plot_area import PlotArea
from app.timeline.timeline import Timeline
from app.window_actions import WindowActions
from app.window_body import WindowBody

_ALL: Final = 0
_AT_FIRST: Final = 2  # plots
_KEYS: Final = {"1": 1, "2": 2, "3": 3, "4": 4, "0": _ALL}


class Presentation(QObject):
    """Enters and leaves the presentation, and chooses the plots in it by keys.

    Only what stays in sight takes larger type, so that the window is there at once.

    Args:
        window: whose menus are put away.
        body: whose panel then lies over the plots when it is called.
        actions: one of them says whether the window presents.
        plots: two of its corners are shown at first; one or all, if the keys ask for these.
        timeline: stays.
        messages: stay, in larger type.
        comparing: has a page of its own, which stays as it is, in larger type.
        full_screen: what the window is while it presents.
    """

    def __init__(
        self,
        window: QMainWindow,
        body: WindowBody,
        actions: WindowActions,
        plots: PlotArea,
        timeline: Timeline,
        messages: MessageBar,
        comparing: ComparisonControl,
        full_screen: FullScreen,
    ) -> None:
        super().__init__(window)
        self._window, self._body, self._actions = window, body, actions
        self._plots, self._timeline, self._full_screen = plots, timeline, full_screen
        self._messages, self._comparing = messages, comparing
        self._is_on = self._had_panel = self._was_full = False
        self._keys = [
            self._key(QKeySequence(key), partial(self._choose, corner))
            for key, corner in _KEYS.items()
        ]
        self._keys.append(self._key(QKeySequence(Qt.Key.Key_Escape), self._go_back))
        window.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether the window presents."""
        return self._is_on

    def set_on(self, on: bool) -> None:
        """Enter or leave."""
        if on == self._is_on:
            return
        self._is_on = on
        window = self._window
        window.setUpdatesEnabled(False)  # it changes at once, not part by part
        if on:
            self._had_panel = not self._body.panel.isHidden()
            self._was_full = self._full_screen.is_on
            self._full_screen.set_on(True)  # before type that a small window has no room for
            present_in(the_application(), (window if self._was_full else window.screen()).size())
        window.menuBar().setVisible(not on)
        self._actions.set_presentation(on)
        self._body.lay_over(on)
        self._show_panel(not on and self._had_panel)
        if on:
            self._plots.show_corners(_AT_FIRST)  # first: what is hidden need not follow
        self.follow_type()
        if not on:
            self._plots.show_corners(None)
            self._full_screen.set_on(self._was_full)
        for key in self._keys:
            key.setEnabled(on)
        self._actions.bar.settle()
        self._plots.settle()
        self._comparing.settle()
        lane = self._timeline.meta_iteration.slider
        if on and lane.isEnabled():
            lane.setFocus()  # the arrow keys of a clicker go through the run
        window.setUpdatesEnabled(True)

    def follow_type(self) -> None:
        """Take over the size of type that was chosen, or the larger one of presentations."""
        points = type_in(the_application(), self._is_on).pointSizeF()
        for part in (self._actions.bar, self._timeline, self._messages):
            part.set_type(points)
        self._plots.set_presentation(self._is_on)
        self._comparing.set_presentation(self._is_on)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Let type grow with the window."""
        is_resized = self._is_on and event.type() == QEvent.Type.Resize
        if is_resized and present_in(the_application(), self._window.size()):
            self.follow_type()
        return False

    def _show_panel(self, shown: bool) -> None:
        self._actions["setup_panel"].setChecked(shown)
        self._body.panel.setVisible(shown)

    def _choose(self, corner: int) -> None:
        """One corner alone, or all; two again, if that is what is shown already."""
        if corner == _ALL:
            self._plots.show_corners(
                _AT_FIRST if len(self._plots.corners_shown) > _AT_FIRST else None
            )
        elif self._plots.corners_shown == [corner - 1]:
            self._plots.show_corners(_AT_FIRST)
        else:
            self._plots.show_corners([corner - 1])

    @Slot()
    def _go_back(self) -> None:
        """To the other plots, if one is enlarged; else out of the presentation."""
        if self._plots.enlarged_key is not None:
            self._plots.toggle_enlarged(self._plots.enlarged_key)
        elif not self._body.panel.isHidden():
            self._show_panel(False)
        else:
            self._actions["presentation"].trigger()

    def _key(self, key: QKeySequence, does: Callable[[], None]) -> QShortcut:
        made = QShortcut(key, self._window)
        made.activated.connect(does)
        made.setEnabled(False)
        return made
