"""The latest runs in the gallery, with pictures that are drawn off the window's thread."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from app.guide.gallery import RECENT, Gallery
from app.guide.gallery_index import GalleryIndex
from app.library.run_card import RunCard
from app.library.shelf import Shelf
from app.theme import Theme

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun

MOST: Final = 6
_MILLISECONDS: Final = 150
"""After which the library is looked at: the gallery is seen first."""


class RecentRuns(QObject):
    """Keeps the gallery's cards of runs as the library is.

    Args:
        gallery: shows the cards.
        index: offers their group.
        shelf: the library.
        theme: the colours.

    Attributes:
        cards: the latest first.

    Signals:
        chosen: the id of a run to open.
    """

    chosen = Signal(str)

    def __init__(
        self,
        gallery: Gallery,
        index: GalleryIndex,
        shelf: Shelf,
        theme: Theme,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._gallery, self._index, self._shelf, self._theme = gallery, index, shelf, theme
        self.cards: list[RunCard] = []
        self._pictured: dict[str, tuple[int, str]] = {}  # how far it was, and in which colours
        self._timer = QTimer(self, interval=_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._look)
        shelf.listed.connect(self._follow)
        gallery.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        """Draw pictures in other colours."""
        self._theme = theme
        self._picture()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the library as long as the gallery is seen."""
        if event.type() == QEvent.Type.Show and self._shelf.path is not None:
            self._timer.start()
        elif event.type() == QEvent.Type.Hide:
            self.look_away()
        return False

    def look_away(self) -> None:
        """Look at the library no more."""
        self._timer.stop()
        self._shelf.watch(self, False)

    @Slot()
    def _look(self) -> None:
        self._shelf.watch(self, True)

    @Slot()
    def _follow(self) -> None:
        if not self._gallery.isVisible():
            return
        runs = self._shelf.runs[:MOST]
        known = {card.run.id: card for card in self.cards}
        before, self.cards = self.cards, [known.get(run.id) or self._made(run) for run in runs]
        for card, run in zip(self.cards, runs, strict=True):
            card.show_run(run)
        if self.cards != before:
            self._gallery.show_recent(self.cards)
            self._index.offer_group(RECENT, bool(self.cards))
        self._picture()

    def _made(self, run: "StoredRun") -> RunCard:
        card = RunCard(run, self._theme)
        card.chosen.connect(self._choose)
        return card

    def _picture(self) -> None:
        """Have pictures drawn that are not there, or not as they should be.

        That of a run that goes on is drawn once, and again when it has ended.
        """
        for card in self.cards:
            is_over = card.run.state != "running"
            wanted = card.run.done if is_over else -1, self._theme.name
            if self._pictured.get(card.run.id) != wanted:
                self._pictured[card.run.id] = wanted
                draw = partial(_drawn, card.run.id, self._theme)
                show = partial(self._show, card.run.id)
                self._shelf.read(draw, show, _ignore, is_urgent=False)

    def _show(self, run: str, picture: QImage) -> None:
        for card in self.cards:
            if card.run.id == run:
                card.picture.show_picture(picture)

    @Slot()
    def _choose(self) -> None:
        card = self.sender()
        assert isinstance(card, RunCard), "only cards are connected"
        self.chosen.emit(card.run.id)


def _drawn(run: str, theme: Theme, library: "Library") -> QImage:
    from app.library.thumbnail import plot_of, thumbnail

    return thumbnail(plot_of(library.read(run)), theme)


def _ignore(_: str) -> None:
    """A run that cannot be read has no picture; opening it says why."""
