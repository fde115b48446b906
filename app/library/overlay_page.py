"""Ticked runs laid over each other in every plot, and what differs between them."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.comparison.control import Beside
from app.dress import plot_font
from app.library.overlay_lanes import OverlayLanes
from app.library.overlays import Asked, Laid, Overlays
from app.library.run_table import RunTable
from app.library.shelf import Shelf
from app.plain_text import PlainLabel
from app.theme import Theme
from engine.plots import MEANT, PLOTS, Along, AnyPlot, Plot, Showing

if TYPE_CHECKING:
    from app.comparison.card_choice import CardChoice
    from app.library.differences_table import DifferencesTable
    from app.plots.plot_card import PlotCard

_EMPTY: Final = (
    "Tick runs on the left, and every plot shows them together: a colour and a number for each "
    "run, and below what differs between their settings. Open shows one of them in Explore with "
    "its whole timeline; Again sets up what it started with."
)
_NAMES: Final = ("First plot", "Second plot", "Third plot")
_PLACES: Final[dict[str, int]] = {"objective": 0, "hyperparameters": 1, "model": 2, "gradient": 2}
_WIDE: Final = 1100
"""Pixels from which on three plots stand beside each other."""
_MILLISECONDS: Final = 30
_ROWS: Final = "What differs"


class OverlayPage(Beside):
    """Shows the ticked runs of a table.

    Args:
        table: whose ticks.
        shelf: the library.
        theme: the colours.

    Attributes:
        places: for plots, side by side.
        differences: results, and settings that are not the same.
        lanes: which meta-iteration of all runs is shown.
        laid: what is shown; None: nothing.

    Signals:
        drawn: what is ticked is shown by now.
        export_requested, help_requested: key of a plot.
    """

    drawn = Signal()
    export_requested = Signal(str)
    help_requested = Signal(str)

    def __init__(
        self, table: RunTable, shelf: Shelf, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Runs laid over each other")
        self._table, self._shelf, self._theme = table, shelf, theme
        self._overlays = Overlays()
        self.lanes = OverlayLanes(theme)
        self.laid: Laid | None = None
        self._is_asked = self._is_to_ask_again = False
        self._about: tuple[str, ...] = ()
        self._presentation, self._enlarged, self._leader = False, -1, -1
        self._timer = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._ask)
        empty = QLabel(_EMPTY)
        empty.setObjectName("muted")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setMargin(80)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        table.ticked.connect(self._ask_soon)
        shelf.listed.connect(self._ask_soon)
        self.lanes.moved.connect(self._ask_soon)

    @cached_property
    def places(self) -> "list[CardChoice]":
        """For the objective, for what is free, and for the rest; made for the first ticked run."""
        from app.comparison.card_choice import CardChoice  # a window opens before it is loaded

        made = [CardChoice(name, self._theme) for name in _NAMES]
        for number, place in enumerate(made):
            place.export_requested.connect(self.export_requested)
            place.help_requested.connect(self.help_requested)
            place.enlarge_requested.connect(partial(self._enlarge, number))
            place.placed.connect(partial(self._read_along, number))
            place.left.connect(partial(self._stop_reading, number))
            place.pointed_out.connect(partial(self._go_to, number))
            place.set_presentation(self._presentation)
        return made

    @cached_property
    def differences(self) -> "DifferencesTable":
        """Results, and settings that are not the same; made for the first ticked run."""
        from app.library.differences_table import DifferencesTable

        made = DifferencesTable()
        made.set_type(plot_font(self._presentation))
        return made

    @property
    def plots(self) -> list[AnyPlot]:
        """What is shown, and can be exported."""
        return [plot for plot in self.laid.plots if not plot.is_empty] if self.laid else []

    def showing(self, key: str) -> Showing:
        """How a plot is shown."""
        for place in self.places if self.laid else ():
            if key in place.cards and place.cards[key].plot is not None:
                return place.cards[key].showing
        return Showing()

    def card_button(self, key: str) -> QWidget:
        """Beside which a plot is explained."""
        for place in self.places if self.laid else ():
            if key in place.cards:
                return place.cards[key].head.more_button
        return self

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.lanes.set_theme(theme)
        if self._stack.count() > 1:
            for place in self.places:
                place.set_theme(theme)
            self._tell_differences()

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        self._presentation = on
        self.lanes.set_type(plot_font(on))
        if self._stack.count() > 1:
            for place in self.places:
                place.set_presentation(on)
            self.differences.set_type(plot_font(on))

    def settle(self) -> None:
        """Share the room out now, rather than soon, so that all is painted once."""
        if self.laid and self.isVisible():
            for place in self.places:
                if place.shown:
                    place.shown.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the other plots their place back."""
        if event.key() == Qt.Key.Key_Escape and self._enlarged >= 0:
            self._share(-1)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed meanwhile."""
        super().showEvent(event)
        self._ask_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing that cannot be seen."""
        super().hideEvent(event)
        self._timer.stop()
        self.lanes.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have as many plots beside each other as there is room for."""
        super().resizeEvent(event)
        if self.laid and self._stack.currentIndex() == 1:
            self._show_plots()

    @Slot()
    def _ask_soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        """Have what is ticked laid over each other, if that is something new."""
        by_id = {run.id: run for run in self._table.runs}
        ticked = {n: by_id[run] for run, n in self._table.numbers.items() if run in by_id}
        asked = Asked(ticked, self.lanes.after)
        if not ticked:
            self._is_to_ask_again = False
            self._show(None)
        elif self._is_asked:
            self._is_to_ask_again = True
        elif self.laid is None or self.laid.asked != asked:
            self._is_asked, self._is_to_ask_again = True, False
            self.lanes.say(f"Reading {_count(len(ticked))} …" if self.laid is None else "")
            self._shelf.read(partial(self._overlays.lay, asked), self._take, self._refuse)

    def _take(self, laid: Laid) -> None:
        self._is_asked = False
        self._show(laid if self._table.numbers else None)
        if self._is_to_ask_again or not self._table.numbers:
            self._ask_soon()

    def _refuse(self, sentence: str) -> None:
        self._is_asked = False
        self.lanes.say(sentence)

    def _show(self, laid: Laid | None) -> None:
        self.laid = laid
        if laid is None:
            self._stack.setCurrentIndex(0)
            self.lanes.set_most(0)
            self.lanes.say("Tick runs to lay them over each other.")
            self.drawn.emit()
            return
        if self._stack.count() == 1:
            self._stack.addWidget(self._side_by_side())
        self._stack.setCurrentIndex(1)
        self.lanes.set_most(laid.most)
        told = f"{_count(len(laid.names))} laid over each other."
        self.lanes.say(" ".join([told if len(laid.names) > 1 else "1 run.", *laid.unreadable]))
        lines = {plot.key for plot in laid.plots if plot.lines}
        about = tuple(key for key in ("losses", *laid.highlights) if MEANT.get(key, key) in lines)
        if about != self._about:
            self._about = about
            for place in self.places:
                place.set_highlights(about)
        self._show_plots()
        self._tell_differences()
        self.drawn.emit()

    def _show_plots(self) -> None:
        assert self.laid is not None, "something is ticked"
        count = 3 if self.width() >= _WIDE else 2
        groups: list[list[AnyPlot]] = [[] for _ in _NAMES]
        for plot in sorted(self.laid.plots, key=lambda plot: not plot.lines):
            groups[min(_PLACES[PLOTS[plot.key].place], count - 1)].append(plot)
        if not groups[0] and groups[1]:
            groups[0] = groups[1][1:]
        for number, (place, plots) in enumerate(zip(self.places, groups, strict=True)):
            place.show_plots(plots)
            place.setVisible(bool(plots) and self._enlarged in (-1, number))

    def _tell_differences(self) -> None:
        laid = self.laid
        if laid is None:
            return
        icons = [QIcon(self._table.badge(number)) for number in laid.numbers]
        rows = [*laid.results, *laid.differences]
        self.differences.show_rows(laid.names, icons, rows)
        is_same = len(laid.names) > 1 and not laid.differences
        self._heading.setText(f"{_ROWS}: nothing in their settings" if is_same else _ROWS)
        if len(laid.names) < 2:
            self._heading.setText("Results")

    def _side_by_side(self) -> QWidget:
        """The places above the table."""
        made, above = QWidget(), QHBoxLayout()
        above.setSpacing(8)
        for place in self.places:
            above.addWidget(place, 1)
        self._heading = PlainLabel(_ROWS)
        self._heading.setObjectName("section")
        self.copy_button = QPushButton("Copy as CSV")
        self.copy_button.setToolTip("Copy the whole table (Ctrl+C in it)")
        self.copy_button.clicked.connect(self.differences.copy)
        between = QHBoxLayout()
        between.addWidget(self._heading, 1)
        between.addWidget(self.copy_button)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addLayout(between)
        below.addWidget(self.differences)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(above, 1)
        column.addWidget(self._below)
        return made

    def _along(self, number: int) -> Along | None:
        """What the horizontal axis of the plot in a place goes along."""
        card = self.places[number].shown
        plot = card.shown if card else None
        return plot.along if isinstance(plot, Plot) else None

    def _others(self, number: int) -> "list[PlotCard]":
        cards = (place.shown for place in self.places if place is not self.places[number])
        return [card for card in cards if card is not None and card.isVisible()]

    def _read_along(self, number: int, x: float) -> None:
        """Read the same place of the axis in the other plots that have it."""
        along, self._leader = self._along(number), number
        for card in self._others(number):
            if along is not None:
                card.read_along(along, x)

    def _stop_reading(self, number: int) -> None:
        if number != self._leader:
            return
        self._leader = -1
        for card in self._others(number):
            card.stop_reading()

    def _go_to(self, number: int, index: int) -> None:
        """Show all runs as they were in the meta-iteration that was clicked on."""
        if self._along(number) == "meta-iterations":
            self.lanes.lane.go_to(index)

    def _enlarge(self, number: int, _key: str) -> None:
        """Give one place all the room, or share it again."""
        self._share(-1 if self._enlarged >= 0 else number)

    def _share(self, enlarged: int) -> None:
        self._enlarged = enlarged
        self._below.setVisible(enlarged < 0)
        for one in self.places:
            for card in one.cards.values():
                card.head.set_enlarged(enlarged >= 0)
        self._show_plots()


def _count(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"
