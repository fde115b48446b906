"""The gallery: experiments as cards in groups, each with a picture of what it shows; and runs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import icons
from app.guide.gallery_card import CARD_WIDTH, ExperimentCard, GalleryCard
from app.guide.groups import grouped
from app.theme import Theme
from engine.experiments.experiment import Experiment

_GAP: Final = 16
_MARGIN: Final = 24
_MOST_COLUMNS: Final = 5
RECENT: Final = "Recent runs"
"""The title of the group of runs, which is the last."""


class Gallery(QWidget):
    """Offers experiments to open or to run, in as many columns as fit, all groups or one of them.

    Tab, or `focus_card`, reaches the card that was used last, and arrow keys go on from there.

    Args:
        experiments: what to offer, by name, in order; at least one.
        theme: the colours.

    Attributes:
        cards: by the experiment's name.
        tour_button, open_button: what else there is to do.

    Signals:
        chosen: name of the experiment to open.
        run_requested: name of the experiment to open and start.
        tour_requested: the user asked for the tour.
        open_requested: the user asked to open an experiment from a file.
    """

    chosen = Signal(str)
    run_requested = Signal(str)
    tour_requested = Signal()
    open_requested = Signal()

    def __init__(
        self, experiments: dict[str, Experiment], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Gallery of experiments")
        self.cards = {name: ExperimentCard(one, theme) for name, one in experiments.items()}
        self._groups = grouped(experiments)
        self._headings = {title: _heading(title) for title in self._groups}
        self._group = ""
        self._order: list[GalleryCard] = [
            self.cards[name] for names in self._groups.values() for name in names
        ]
        self._recent: list[GalleryCard] = []
        self._rows: list[list[GalleryCard]] = []
        self._columns = 0
        self.tour_button = QPushButton("Take the tour")
        self.tour_button.setToolTip("A tour of the window, with a run of the first experiment")
        self.open_button = QPushButton("Open an experiment…")
        self.open_button.setToolTip("Read an experiment from a TOML file")
        for button in (self.tour_button, self.open_button):
            button.setAccessibleDescription(button.toolTip())
        self.tour_button.clicked.connect(self.tour_requested)
        self.open_button.clicked.connect(self.open_requested)
        for own in self.cards.values():
            own.chosen.connect(self._choose)
            own.run_requested.connect(self._run)
        for card in self._order:
            self._connect(card)

        page = self._inside = QWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        column = QVBoxLayout(page)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(8)
        column.addLayout(self._make_header())
        column.addSpacing(8)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self._scroll.setMinimumWidth(CARD_WIDTH + 2 * _MARGIN + 16)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._make_reachable(self._order[0])
        self._lay_out(3)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change colours, pictures and icons."""
        for card in (*self._order, *self._recent):
            card.set_theme(theme)
        self.tour_button.setIcon(icons.icon("tour", theme))
        self.open_button.setIcon(icons.icon("open", theme))

    @property
    def groups(self) -> list[str]:
        """The titles of the groups."""
        return [*self._groups]

    @property
    def stops(self) -> list[QWidget]:
        """What Tab can reach, in order."""
        stops: list[QWidget] = [self.tour_button, self.open_button]
        for card in (*self._order, *self._recent):
            stops += card.stops
        return stops

    def show_recent(self, cards: Sequence[GalleryCard]) -> None:
        """Show these behind all experiments, in place of those that stood there."""
        for card in self._recent:
            if card not in cards:
                self._grid.removeWidget(card)
                card.hide()
                card.deleteLater()
        if RECENT not in self._headings:
            self._headings[RECENT] = _heading(RECENT)
            self._headings[RECENT].setParent(self._inside)
        new = [card for card in cards if card not in self._recent]
        self._recent = list(cards)
        for card in new:
            card.setParent(self._inside)
            self._connect(card)
        if self._reachable not in (*self._order, *self._recent):
            self._make_reachable(self._order[0])
        else:
            self._make_reachable(self._reachable)
        stops = self.stops
        for before, after in pairwise(stops[-2 * len(self._recent) - 2 :]):
            QWidget.setTabOrder(before, after)
        self._lay_out(self._columns)

    def _connect(self, card: GalleryCard) -> None:
        card.steered.connect(self._steer)
        card.focused.connect(self._follow_focus)

    @Slot(str)
    def show_group(self, title: str) -> None:
        """Show the cards of one group; with "", of all."""
        self._group = title
        self._lay_out(self._columns)
        self._scroll.verticalScrollBar().setValue(0)
        shown = self._rows[0][0]
        if self._reachable not in [card for row in self._rows for card in row]:
            self._make_reachable(shown)

    def focus_card(self) -> None:
        """Bring the keyboard to the card that was used last."""
        self._reachable.setFocus()

    def set_current(self, name: str | None) -> None:
        """Mark the experiment that is loaded; None or an unknown name: none of these."""
        for key, card in self.cards.items():
            card.set_current(key == name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many columns as fit."""
        super().resizeEvent(event)
        room = self.width() - 2 * _MARGIN - self._scroll.verticalScrollBar().sizeHint().width()
        columns = min(max(1, (room + _GAP) // (CARD_WIDTH + _GAP)), _MOST_COLUMNS)
        if columns != self._columns:
            self._lay_out(columns)

    def _make_header(self) -> QVBoxLayout:
        headline = QLabel("Train forwards. Then backwards, bit for bit.")
        headline.setObjectName("headline")
        sentence = QLabel(
            "A hypergradient tells how much lower the validation loss would end if you changed "
            "what training depends on: a learning rate, a penalty, even the data. Here you watch "
            "it being computed and followed: click an experiment to open it, or its button to run "
            "it."
        )
        for label in (headline, sentence):
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.tour_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        header = QVBoxLayout()
        header.setSpacing(8)
        header.addWidget(headline)
        header.addWidget(sentence)
        header.addSpacing(4)
        header.addLayout(buttons)
        return header

    def _lay_out(self, columns: int) -> None:
        """A heading and rows of cards for each group that is shown."""
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns, self._rows, line = columns, [], 0
        groups: dict[str, list[GalleryCard]] = {
            title: [self.cards[name] for name in names] for title, names in self._groups.items()
        }
        if RECENT in self._headings:
            groups[RECENT] = self._recent
        for title, cards in groups.items():
            is_shown = bool(cards) and self._group in ("", title)
            for widget in (self._headings[title], *cards):
                self._grid.removeWidget(widget)
                widget.setVisible(is_shown)
            if not is_shown:
                continue
            self._grid.addWidget(self._headings[title], line, 0, 1, columns)
            line += 1
            for first in range(0, len(cards), columns):
                row = cards[first : first + columns]
                self._rows.append(row)
                for column, card in enumerate(row):
                    self._grid.addWidget(card, line, column)
                line += 1

    def _make_reachable(self, reachable: GalleryCard) -> None:
        """Let Tab reach one card and its button, and a click every one."""
        for card in (*self._order, *self._recent):
            tab = card is reachable
            policy = Qt.FocusPolicy.StrongFocus if tab else Qt.FocusPolicy.ClickFocus
            for part in card.stops:
                part.setFocusPolicy(policy)
        self._reachable = reachable

    def _sender(self) -> GalleryCard:
        card = self.sender()
        assert isinstance(card, GalleryCard), "only cards are connected"
        return card

    def _experiment(self) -> str:
        card = self.sender()
        assert isinstance(card, ExperimentCard), "only those of experiments are connected"
        return card.experiment.name

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._experiment())

    @Slot()
    def _run(self) -> None:
        self.run_requested.emit(self._experiment())

    @Slot()
    def _follow_focus(self) -> None:
        card = self._sender()
        self._make_reachable(card)
        if card in self._rows[0]:
            self._scroll.verticalScrollBar().setValue(0)  # the headline comes with the first row
        self._scroll.ensureWidgetVisible(card, 0, _GAP)

    @Slot(int)
    def _steer(self, key: int) -> None:
        """Go to a neighbour; where there is none, stay. A row that is shorter ends earlier."""
        order = [card for row in self._rows for card in row]
        card, last = self._sender(), len(order) - 1
        here = order.index(card)
        row = next(place for place, cards in enumerate(self._rows) if card in cards)
        column = self._rows[row].index(card)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        rows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        pressed = Qt.Key(key)
        if pressed in rows:
            there = row + rows[pressed]
            if not 0 <= there < len(self._rows):
                return
            target = self._rows[there][min(column, len(self._rows[there]) - 1)]
        elif pressed in steps:
            target = order[min(max(here + steps[pressed], 0), last)]
        else:
            target = order[0 if pressed == Qt.Key.Key_Home else last]
        if target is not card:
            target.setFocus(Qt.FocusReason.TabFocusReason)


def _heading(title: str) -> QLabel:
    label = QLabel(title)
    label.setObjectName("section")
    label.setIndent(0)
    return label
