"""A card of the gallery: a recorded run, with a small picture of its first plot."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.guide.card_picture import PICTURE_WIDTH
from app.guide.gallery_card import GalleryCard, label_of
from app.library.words import STAR, about, loss_in_words, state_in_words, when_in_words
from app.plain_text import plain_tip
from app.theme import Theme

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun

_SHAPE = 9 / 16
_ROUND, _RING = 8.0, 2


class RunPicture(QWidget):
    """A picture that comes later, in the shape of the gallery's."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_picture(self, picture: QImage) -> None:
        """Show it."""
        self.picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        """The size at the least width of a card."""
        return QSize(PICTURE_WIDTH, round(_SHAPE * PICTURE_WIDTH))

    def hasHeightForWidth(self) -> bool:
        """Pictures keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Nine to sixteen."""
        return round(_SHAPE * width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, if it has come."""
        if self.picture is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            outline = QPainterPath()
            below = QRectF(self.rect()).adjusted(0, 0, 0, _ROUND)
            outline.addRoundedRect(below, _ROUND - _RING, _ROUND - _RING)
            painter.setClipPath(outline)
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
