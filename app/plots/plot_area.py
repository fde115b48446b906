"""The plots of a run, each in its own dock: arranged, closed, reopened, enlarged."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from app.dress import plot_font
from app.plots.corners import are_in_place, lay_out, level
from app.plots.drawing import Drawing
from app.plots.fronts import Fronts
from app.plots.plot_dock import PlotDock
from app.plots.proportions import Proportions
from app.plots.reading_together import ReadingTogether
from app.theme import Theme
from engine.plots import MEANT, PLOTS, AnyPlot
from engine.plots.catalogue import NAMED_BY_FILES, PLACES

_SETTLING: Final = 2  # layouts within layouts
_BY_HAND, _BY_ITSELF = 2, 1  # versions of what is saved; 0 did not tell which of the two it was
_SHARES: Final = b"\nshares "  # between Qt's part of what is saved and ours


class PlotArea(QMainWindow):
    """Holds a dock for each plot; shows those that apply to the run.

    Args:
        theme: the colours.

    Attributes:
        docks: by the plot's key.
        reading: which place of them is read, or chosen by a click.

    Signals:
        export_requested, help_requested: key of the plot.
        enlarged: whether one plot has the area to itself now.
        closed_changed: the keys of the plots that the user has closed.
        offer_changed: there are other plots than before.
    """

    export_requested = Signal(str)
    help_requested = Signal(str)
    enlarged = Signal(bool)
    closed_changed = Signal(object)
    offer_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setAccessibleName("Plots of the run")
        self.setDockNestingEnabled(True)
        self.setAnimated(False)  # its end would undo what we make of the sizes
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._plots: dict[str, AnyPlot] = {}
        self._closed: set[str] = set()
        self._before: QByteArray | None = None
        self._is_by_hand = False
        self._proportions = Proportions(self)
        self._is_dragged = False  # what separates docks
        self._levelling = QTimer(self, interval=0, singleShot=True)
        self._levelling.timeout.connect(self._level)
        self._dressing = QTimer(self, interval=0, singleShot=True)
        self._dressing.timeout.connect(self._dress_tabs)
        self._levelling.timeout.connect(self._dress_tabs)
        self._judging = QTimer(self, interval=0, singleShot=True)
        self._judging.timeout.connect(self._judge)
        self._presentation = False
        self._corners_shown: list[int] | None = None  # all
        self.enlarged_key: str | None = None
        made = (PlotDock(kind.key, kind.title, theme, self) for kind in PLOTS.values())
        self.docks = {dock.key: dock for dock in made}
        self._drawing = Drawing(self.docks, self)
        self._corners = [
            [kind for kind in PLOTS.values() if kind.place == place] for place in PLACES
        ]
        self._fronts = Fronts(self.docks, self._corners)
        for dock in self.docks.values():
            dock.closed.connect(self._note_closed)
            dock.visibilityChanged.connect(self._draw_what_appears)
            dock.topLevelChanged.connect(self._follow_floating)
            dock.export_requested.connect(self.export_requested)
            dock.help_requested.connect(self.help_requested)
            dock.enlarge_requested.connect(self.toggle_enlarged)
        self.reading = ReadingTogether(self.docks.values(), self)
        self.arrange()

    @property
    def closed(self) -> frozenset[str]:
        """The keys of the plots that the user has closed."""
        return frozenset(self._closed)

    @property
    def shown(self) -> list[AnyPlot]:
        """The plots of the run as they are drawn, or would be in a dock that is open."""
        return list(self._plots.values())

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        for dock in self.docks.values():
            dock.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        self._presentation = on
        for dock in self.docks.values():
            dock.set_presentation(on)
        self._levelling.start()

    @property
    def corners_shown(self) -> list[int]:
        """The corners that have plots to show and may show them, in the order of the catalogue."""
        return [
            place
            for place, corner in enumerate(self._corners)
            if (self._corners_shown is None or place in self._corners_shown)
            and any(kind.key in self._plots and kind.key not in self._closed for kind in corner)
        ]

    def show_corners(self, which: int | Iterable[int] | None) -> None:
        """Give the area to some of the corners.

        Args:
            which: their places in the catalogue's order; or how many: the one with what the run is
                about, and beside it those that come first; None: all.
        """
        self._fronts.note()
        self._corners_shown = None
        if isinstance(which, int):
            shown = self.corners_shown
            about = [place for place in shown if self._fronts.is_about(place, self._plots)]
            first = next(iter(about or shown), 0)
            shown.sort(key=lambda place: (place != first, place % 2 == first % 2, place))
            self._corners_shown = shown[:which]
        elif which is not None:
            self._corners_shown = [*which]
        self._show_meaningful()
        self._fronts.raise_again(self.corners_shown)

    def settle(self) -> None:
        """Share the area out now, rather than soon, so that all is painted once."""
        self._levelling.stop()
        self._dress_tabs()
        for _ in range(_SETTLING):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            self._level()
        for dock in self.docks.values():
            dock.settle()

    def set_closed(self, keys: Iterable[str]) -> None:
        """Close these plots, as the user did before."""
        self._closed = set(keys) & set(self.docks)
        self._show_meaningful()

    @Slot()
    def arrange(self) -> None:
        """Put every dock back where it is at first, none of them closed or enlarged."""
        self._leave_enlarged()
        lay_out(self, [[self.docks[kind.key] for kind in corner] for corner in self._corners])
        self._closed.clear()
        self.closed_changed.emit(self.closed)
        self._show_meaningful()
        self._fronts.forget_choices()
        self._fronts.raise_the_best(self._plots)
        self._is_by_hand = False
        self._levelling.start()

    def arrangement(self) -> QByteArray:
        """How the docks are arranged, for `restore`."""
        if not self._is_by_hand:
            return self.saveState(_BY_ITSELF)
        state = bytes(self.saveState(_BY_HAND).data())
        return QByteArray(state + _SHARES + self._proportions.to_bytes())

    def set_highlights(self, keys: Sequence[str], free: Sequence[str] = ()) -> None:
        """Which plots a run is about: they lie on top of their corners, the first of them first.

        What was chosen in a corner stays on top of it until choices are forgotten.

        Args:
            keys: that the experiment names.
            free: of what moves in it, in front of the rest.
        """
        keys = [MEANT.get(key, key) for key in keys]  # that of another of its axes
        if self._fronts.set_about(keys, free):
            self._fronts.raise_the_best(self._plots)

    def keep_choices(self) -> None:
        """Remember which tabs were chosen, while they can be seen; the next run may keep them."""
        self._fronts.keep_choices()

    def forget_choices(self) -> None:
        """Show the next run as it asks for: what was chosen for another one says nothing of it."""
        self._fronts.forget_choices()
        for dock in self.docks.values():
            dock.forget_choices()

    def restore(self, arrangement: QByteArray) -> None:
        """Restore the docks' arrangement if the user made it; else use the default one."""
        state, _, shares = bytes(arrangement.data()).rpartition(_SHARES)
        self._is_by_hand = True  # nothing is levelled halfway
        self._is_by_hand = self.restoreState(QByteArray(state or shares), _BY_HAND)
        self._proportions.read(shares if state else b"")
        self._show_meaningful()

    @property
    def is_drawing(self) -> bool:
        """Whether some of the plots that were to be drawn at leisure are not drawn yet."""
        return self._drawing.is_waiting

    def prepare(self) -> None:
        """Make what a run begins with, one plot in a turn of the event loop: each takes long."""
        self._drawing.prepare(
            next(kind.key for kind in corner if not kind.highlight) for corner in self._corners
        )

    def show_plots(self, plots: Sequence[AnyPlot], *, at_leisure: bool = False) -> None:
        """Take the run's plots as they are now; only docks that can be seen draw them.

        Args:
            plots: all of them.
            at_leisure: whether other events may come in between, so that the window goes on; the
                plots that they have to wait for are drawn in later turns of the event loop.
        """
        new = {plot.key: plot for plot in plots}
        changed, appeared = new.keys() != self._plots.keys(), new.keys() - self._plots.keys()
        self._plots = new
        self._drawing.take(new)
        if changed:
            for key in new.keys() & NAMED_BY_FILES:
                self.docks[key].call(new[key].title)
            self._show_meaningful()
            self._fronts.raise_the_best(new, appeared)
            self._levelling.start()
            self.offer_changed.emit()
        self._drawing.start(at_leisure=at_leisure, crowded=changed)

    def clear(self) -> None:
        """Show no plots: the run is forgotten."""
        self._fronts.keep_choices()
        self._plots = {}
        self._drawing.forget()
        if self.enlarged_key is None:  # it stays so, if the next run has it
            self._show_meaningful()
        for dock in self.docks.values():
            dock.forget()
        self.offer_changed.emit()

    def is_seen(self, keys: Iterable[str]) -> bool:
        """Whether one of these plots is open and on top."""
        return any(self.docks[key].is_seen for key in keys if key in self.docks)

    @Slot(str)
    def toggle_enlarged(self, key: str) -> None:
        """Give one plot the whole area, or give the others theirs back."""
        if self.enlarged_key is not None:
            self._leave_enlarged()
            return
        self._before = self.saveState()
        self.enlarged_key = key
        for other, dock in self.docks.items():
            dock.setVisible(other == key)
        self.docks[key].card.head.set_enlarged(True)
        self.enlarged.emit(True)
        self.docks[key].card.view.setFocus()

    def event(self, event: QEvent) -> bool:
        """Note that the user drags a separator between docks, and where to."""
        taken = super().event(event)
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                self._is_dragged = self.childAt(event.position().toPoint()) is None
                self._is_by_hand |= self._is_dragged
            elif event.type() == QEvent.Type.MouseButtonRelease and self._is_dragged:
                self._is_dragged = False
                self._proportions.note()
        return taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corners equally large; or the proportions that the user has given them."""
        super().resizeEvent(event)
        self._level()
        self._dressing.start()

    def shut_down(self) -> None:
        """Leave nothing to be drawn or made, also where no hiding will say so."""
        self._drawing.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave nothing to be drawn: what appears again is drawn as it is then."""
        super().hideEvent(event)
        self._drawing.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the other plots their place back."""
        if event.key() == Qt.Key.Key_Escape and self.enlarged_key is not None:
            self._leave_enlarged()
        else:
            super().keyPressEvent(event)

    def set_open(self, key: str, shown: bool) -> None:
        """Close a plot, or bring it back to the front."""
        if shown:
            self._closed.discard(key)
        else:
            self._closed.add(key)
        self.closed_changed.emit(self.closed)
        self._show_meaningful()
        if shown:
            self.docks[key].raise_()

    def _leave_enlarged(self) -> None:
        if self.enlarged_key is None or self._before is None:
            return
        dock = self.docks[self.enlarged_key]
        has_keyboard = dock.has_keyboard
        self.restoreState(self._before)  # while one plot is enlarged, nothing is levelled
        dock.card.head.set_enlarged(False)
        self.enlarged_key = None
        self._show_meaningful()
        if has_keyboard and dock.isVisible():
            dock.card.view.setFocus()
        self.enlarged.emit(False)

    def _show_meaningful(self) -> None:
        if self.enlarged_key is not None:
            if self.enlarged_key in self._plots:
                return
            self._leave_enlarged()
        seen = {kind.key for place in self.corners_shown for kind in self._corners[place]}
        for key, dock in self.docks.items():
            dock.setVisible(key in seen and key in self._plots and key not in self._closed)
        self._levelling.start()

    def _level(self) -> None:
        """Make the corners equally large, or as large in proportion as the user has made them."""
        self._fold_titles()
        if not self._plots or self.enlarged_key is not None:
            return
        if self._is_by_hand:
            self._proportions.restore()
            return
        level(self, [self.docks[corner[0].key] for corner in self._corners])

    @Slot(bool)
    def _draw_what_appears(self, visible: bool) -> None:
        dock = self.sender()
        if visible and isinstance(dock, PlotDock):
            self._drawing.draw_what_appears(dock.key)

    @Slot(bool)
    def _follow_floating(self, floating: bool) -> None:
        """A plot that comes back lies on top; where it has come to is known a little later."""
        dock = self.sender()
        if not floating and isinstance(dock, PlotDock):
            dock.raise_()
        self._judging.start()

    @Slot()
    def _judge(self) -> None:
        """Whether the user has moved plots to other corners; if so, they get equal shares."""
        if not self._is_by_hand and not are_in_place(self, self._docks_of_corners()):
            self._is_by_hand = True
            self._proportions.even_out()
        self._level()

    def _docks_of_corners(self) -> list[list[QDockWidget]]:
        """Those that can be seen and do not float."""
        return [
            [
                dock
                for dock in (self.docks[kind.key] for kind in corner)
                if not dock.isHidden() and not dock.isFloating()
            ]
            for corner in self._corners
        ]

    def _fold_titles(self) -> None:
        """A plot that has a tab needs no title besides."""
        for dock in self.docks.values():
            others = any(not other.isHidden() for other in self.tabifiedDockWidgets(dock))
            dock.bar.fold(not dock.isFloating() and others)

    @Slot()
    def _dress_tabs(self) -> None:
        """Type and focus of tabs; never while Qt lays docks out and makes and deletes parts."""
        font = plot_font(self._presentation)
        for bar in self.findChildren(QTabBar):
            is_seen = bar.count() > 1  # to Qt, that of a plot alone is visible as well
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_seen else Qt.FocusPolicy.NoFocus)
            if bar.font() != font:
                bar.setFont(font)

    @Slot(str)
    def _note_closed(self, key: str) -> None:
        self._closed.add(key)
        self._levelling.start()
        self.closed_changed.emit(self.closed)
