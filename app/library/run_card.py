"""A card of the gallery: a recorded run, with a small picture of its first plot."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPainter, QPaintEvent

from app.guide.gallery_card import GalleryCard, label_of
from app.guide.picture_shape import PictureOnACard
from app.library.words import STAR, about, loss_in_words, state_in_words, when_in_words
from app.plain_text import plain_tip
from app.theme import Theme

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun


class RunPicture(PictureOnACard):
    """A picture that comes later, in the shape of the gallery's."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: QImage | None = None

    def show_picture(self, picture: QImage) -> None:
        """Show it."""
        self.picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, if it has come."""
        if self.picture is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipPath(self.outline)
            painter.drawImage(self.rect(), self.picture)


class RunCard(GalleryCard):
    """Shows a recorded run; a click or Enter opens it.

    Args:
        run: the run.
        theme: the colours.

    Attributes:
        run: the run.
        picture: of its first plot.
    """

    def __init__(self, run: "StoredRun", theme: Theme) -> None:
        super().__init__(theme)
        self.run = run
        self.picture = RunPicture()
        self._title, self._state, self._when = (
            label_of("", role) for role in ("title", "", "muted")
        )
        self._lay_out(self.picture, (self._title, self._state), self._when)
        self.show_run(run)

    def show_run(self, run: "StoredRun") -> None:
        """Say what has become of it by now."""
        self.run = run
        loss = loss_in_words(run)
        self._title.setText(f"{run.name} {STAR}" if run.starred else run.name)
        self._state.setText(f"validation loss {loss}" if loss else state_in_words(run))
        told = (state_in_words(run) if loss else "", when_in_words(run.created))
        self._when.setText(" · ".join(filter(None, told)))
        self.setAccessibleName(run.name)
        self.setAccessibleDescription(f"{about(run)} Enter opens it.")
        self.setToolTip(plain_tip(f"{run.name}\n{about(run)}"))
