"""Several plots in one place: which quantity and axis it shows is chosen on it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from app.dress import plot_font
from app.plots.plot_card import PlotCard
from app.theme import Theme
from engine.plots import AnyPlot, each_over_its_axes

_FEWEST_LETTERS: Final = 8


class CardChoice(QWidget):
    """Shows one of some plots, which may come and go; the one that is chosen stays in front.

    Args:
        name: what screen readers call the choice.
        theme: the colours.

    Attributes:
        box: the plots' titles.
        cards: by the plot's key, of those that have been in front.

    Signals:
        export_requested, help_requested, enlarge_requested: key of the plot.
        placed: the x that a person reads in the one in front.
        left: nothing is read any more.
        pointed_out: the index of the point that was clicked on.
    """

    export_requested = Signal(str)
    help_requested = Signal(str)
    enlarge_requested = Signal(str)
    placed = Signal(float)
    left = Signal()
    pointed_out = Signal(int)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._presentation = False
        self._plots: dict[str, AnyPlot] = {}
        self._highlights: tuple[str, ...] = ()
        self._chosen: str | None = None  # by a person
        self.box = QComboBox()
        self.box.setObjectName("title")
        self.box.setProperty("quiet", True)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(_FEWEST_LETTERS)  # a long title widens no window
        self.box.setAccessibleName(name)
        self.box.setToolTip("What is shown")
        self.cards: dict[str, PlotCard] = {}
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.box)
        column.addWidget(self._stack, 1)
        self.box.currentIndexChanged.connect(self._choose)

    @property
    def shown(self) -> PlotCard | None:
        """The card in front."""
        card = self._stack.currentWidget()
        return card if isinstance(card, PlotCard) else None

    def show_plots(self, plots: Sequence[AnyPlot]) -> None:
        """Show these; what is not in front is drawn when it comes there."""
        if [plot.key for plot in plots] != [*self._plots]:
            self._offer(plots)
        self._plots = {plot.key: plot for plot in plots}
        self._show_chosen()

    def set_highlights(self, keys: Sequence[str]) -> None:
        """Have the first of these plots in front that there is, until a person chooses another."""
        self._highlights = tuple(keys)
        self.box.blockSignals(True)
        self.box.clear()  # what was chosen was another comparison's
        self.box.blockSignals(False)
        self._plots, self._chosen = {}, None

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        for card in self.cards.values():
            card.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        self._presentation = on
        self.box.setFont(plot_font(on))
        for card in self.cards.values():
            card.set_presentation(on)

    def _offer(self, plots: Sequence[AnyPlot]) -> None:
        keys = [plot.key for plot in plots]
        meant = {one.key: plot.key for plot in plots for one in each_over_its_axes([plot])}
        wanted = [self._chosen, *self._highlights, self.box.currentData()]
        self.box.blockSignals(True)
        self.box.clear()
        for plot in plots:
            self.box.addItem(plot.title, plot.key)
        places = (keys.index(meant[one]) for one in wanted if one in meant)
        self.box.setCurrentIndex(next(places, 0))
        self.box.blockSignals(False)
        for key in self.cards.keys() - set(keys):
            self.cards[key].clear()

    @Slot()
    def _choose(self) -> None:
        self._chosen = self.box.currentData()
        self._show_chosen()

    def _show_chosen(self) -> None:
        key = self.box.currentData()
        if key not in self._plots:
            return
        card = self.cards.get(key) or self._make(key)
        if card.plot is not self._plots[key]:
            card.show_plot(self._plots[key])
        self._stack.setCurrentWidget(card)

    def _make(self, key: str) -> PlotCard:
        card = self.cards[key] = PlotCard(key, self._theme)
        card.set_presentation(self._presentation)
        card.export_requested.connect(self.export_requested)
        card.help_requested.connect(self.help_requested)
        card.enlarge_requested.connect(self.enlarge_requested)
        card.placed.connect(self.placed)
        card.left.connect(self.left)
        card.chosen.connect(self.pointed_out)
        self._stack.addWidget(card)
        return card
