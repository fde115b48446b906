"""The page Compare: methods, strategies, or finished curves under a rule that stops them.

It fills in live.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.comparison.subject import Comparison
from app.comparison.subjects import subject_of
from app.dress import plot_font
from app.plain_text import PlainLabel
from app.theme import Theme
from engine.plots import AnyPlot, Showing

if TYPE_CHECKING:
    from app.comparison.card_choice import CardChoice
    from app.comparison.table import ComparisonTable

_PLACES: Final = ("hypergradient", "error", "memory")
_PLACE_OF: Final = {
    **dict.fromkeys(("hypergradient", "objective", "validation", "curves"), "hypergradient"),
    **dict.fromkeys(("memory", "time", "accuracy", "calibration", "ends"), "memory"),
}
"""By the beginning of a plot's key; all others stand in the middle."""
_EMPTY: Final = (
    "Tick methods on the left and press Compare: each finds the hypergradient of the set-up's "
    "first training run. Here stand what they find, how far off that is, how long it takes and "
    "what it holds. Or turn to Strategies: each searches for the best hyperparameters, with "
    "hypergradients and without, on the same budget. Or to Stopping: which finished learning "
    "curves a forecast would have stopped, when, and whether rightly."
)
_MILLISECONDS: Final = 150
"""Between two drawings: methods on small problems are done in no time."""


class ComparePage(QWidget):
    """Three places for plots above, the table below.

    Args:
        theme: the colours.

    Attributes:
        places: for hypergradients, for errors, for memory and time; or for the objective, the test
            loss, and accuracy; or for curves, thresholds, and calibration.
        headline: what came of it, in a sentence, where there is one.
        table: a row a method, a strategy, or a curve.

    Signals:
        export_requested, help_requested: key of a plot.
    """

    export_requested = Signal(str)
    help_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Comparison of methods")
        self._record: Comparison | None = None
        self._plots: list[AnyPlot] = []
        self._enlarged = ""
        self._theme = theme
        self._presentation, self._is_dressed = False, True
        self.headline = PlainLabel()
        self.headline.setObjectName("section")
        self._drawing = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._drawing.timeout.connect(self._draw)
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

    @cached_property
    def places(self) -> "list[CardChoice]":
        """For hypergradients, for errors, for memory and time; made for the first comparison."""
        from app.comparison.card_choice import CardChoice  # a window opens before it is loaded

        names = ("Hypergradients", "Errors", "Memory and time")
        made = [CardChoice(name, self._theme) for name in names]
        for place in made:
            place.export_requested.connect(self.export_requested)
            place.help_requested.connect(self.help_requested)
            place.enlarge_requested.connect(self._enlarge)
        return made

    @cached_property
    def table(self) -> "ComparisonTable":
        """A row a method, or a strategy; made for the first comparison."""
        from app.comparison.table import ComparisonTable

        return ComparisonTable()

    @property
    def record(self) -> Comparison | None:
        """The comparison that is shown."""
        return self._record

    @property
    def plots(self) -> list[AnyPlot]:
        """Its plots as far as they are."""
        return subject_of(self._record).plots(self._record) if self._record else []

    def show_record(self, record: Comparison) -> None:
        """Show a comparison, as far as it is; drawn soon, and in one go."""
        others = self._record is None or type(self._record) is not type(record)
        if others or self._record is None or self._record.experiment != record.experiment:
            for place in self.places:
                place.set_highlights(subject_of(record).highlights(record))
        self._record = record
        if self._stack.count() == 1:
            self._stack.addWidget(self._side_by_side())
        self._stack.setCurrentIndex(1)
        if self.isVisible():
            self._dress()
        if not self._drawing.isActive() and self.isVisible():
            self._drawing.start()

    def showing(self, key: str) -> Showing:
        """How a plot is shown."""
        for place in self.places if self._record else ():
            if key in place.cards and place.cards[key].plot is not None:
                return place.cards[key].showing
        return Showing()

    def card_button(self, key: str) -> QWidget:
        """Beside which a plot is explained."""
        for place in self.places if self._record else ():
            if key in place.cards:
                return place.cards[key].head.more_button
        return self

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        if self._record:
            for place in self.places:
                place.set_theme(theme)
            self.table.show_record(self._record, theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not; soon, if the page cannot be seen."""
        self._presentation, self._is_dressed = on, False
        if self.isVisible():
            self._dress()

    def settle(self) -> None:
        """Share the room out now, rather than soon, so that all is painted once."""
        if self._record and self.isVisible():
            for place in self.places:
                if place.shown:
                    place.shown.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the other plots their place back."""
        if event.key() == Qt.Key.Key_Escape and self._enlarged:
            self._share("")
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came meanwhile."""
        super().showEvent(event)
        self._dress()
        if self._record:
            self._drawing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing that cannot be seen."""
        super().hideEvent(event)
        self._drawing.stop()

    def _dress(self) -> None:
        if self._is_dressed or self._record is None:
            return
        self._is_dressed = True
        for place in self.places:
            place.set_presentation(self._presentation)
        self.table.set_type(plot_font(self._presentation))
        self.headline.setFont(plot_font(self._presentation))

    def _side_by_side(self) -> QWidget:
        """The places above the table."""
        made, above = QWidget(), QHBoxLayout()
        above.setSpacing(8)
        for place in self.places:
            above.addWidget(place, 1)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addLayout(above, 1)
        column.addWidget(self.table)
        return made

    @Slot()
    def _draw(self) -> None:
        if self._record is None:
            return
        self.table.show_record(self._record, self._theme)
        groups: dict[str, list[AnyPlot]] = {name: [] for name in _PLACES}
        subject = subject_of(self._record)
        place_of = _places_of(subject.highlights(self._record))
        self.headline.setText(subject.headline(self._record))
        self.headline.setToolTip(subject.headline_tip)
        self.headline.setVisible(bool(self.headline.text()))
        for plot in self.plots:
            groups[place_of.get(plot.key, _usual_place(plot.key))].append(plot)
        for place, name in zip(self.places, _PLACES, strict=True):
            place.show_plots(groups[name])
            place.setVisible(bool(groups[name]) and self._enlarged in ("", name))

    @Slot(str)
    def _enlarge(self, _key: str) -> None:
        """Give one place all the room, or share it again."""
        place = self.sender()
        name = next(name for name, one in zip(_PLACES, self.places, strict=True) if one is place)
        self._share("" if self._enlarged else name)

    def _share(self, enlarged: str) -> None:
        self._enlarged = enlarged
        self.table.setVisible(not self._enlarged)
        for one in self.places:
            for card in one.cards.values():
                card.head.set_enlarged(bool(self._enlarged))
        self._draw()


def _usual_place(key: str) -> str:
    """Where a plot stands: with its like."""
    return _PLACE_OF.get(key.split("_")[0], "error")


def _places_of(highlights: Sequence[str]) -> dict[str, str]:
    """Where plots stand that would hide each other, but are what a card is about: side by side.

    The second one of a place goes to the nearest that has none to show.
    """
    found: dict[str, str] = {}
    taken = {_usual_place(key) for key in highlights}
    seen: set[str] = set()
    for key in highlights:
        place = _usual_place(key)
        free = [name for name in _PLACES if name not in taken]
        if place in seen and free:
            place = found[key] = free[-1]
            taken.add(place)
        seen.add(place)
    return found
