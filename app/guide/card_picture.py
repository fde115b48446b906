"""The picture of what an experiment shows, as on its card of the gallery."""

from importlib import resources
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap

from app.guide.picture_shape import PictureOnACard
from app.theme import Theme

_BADGE: Final = 24


class CardPicture(PictureOnACard):
    """As wide as the card, its upper corners round; a tick may mark it.

    Args:
        name: of the experiment; one that has no picture shows nothing.
        theme: the colours.
    """

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._name = name
        self._theme = theme
        self._has_badge = False
        self._whole: QPixmap | None = None
        self._fitted: QPixmap | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take the variant for a theme, once it is to be seen."""
        self._theme = theme
        self._whole = self._fitted = None
        self.update()

    @property
    def is_there(self) -> bool:
        """Whether the experiment has a picture."""
        return not self._load().isNull()

    def show_experiment(self, name: str) -> None:
        """Take the picture of another experiment."""
        if name == self._name:
            return  # the set-up changes with each letter that is typed
        self._name = name
        self._whole = self._fitted = None
        self.update()

    def set_badge(self, shown: bool) -> None:
        """Put a tick in a corner, or take it away."""
        self._has_badge = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, and the tick."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipPath(self.outline)
            painter.drawPixmap(0, 0, self._fit())
            if not self._has_badge:
                return
            place = QRectF(self.width() - _BADGE - 8, 8, _BADGE, _BADGE)
            painter.setPen(QPen(QColor(self._theme.card), 2))
            painter.setBrush(QColor(self._theme.accent))
            painter.drawEllipse(place)
            x, y = place.center().x(), place.center().y()
            painter.setPen(QPen(QColor(self._theme.on_accent), 2))
            painter.drawPolyline(
                [QPointF(x - 5, y), QPointF(x - 1.5, y + 4), QPointF(x + 5, y - 4)]
            )

    def _fit(self) -> QPixmap:
        """The picture at the size that it has on this screen; an empty one if there is none."""
        whole = self._load()
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(ratio * self.width()), round(ratio * self.height()))
        if whole.isNull():
            return whole
        if self._fitted is None or self._fitted.size() != wanted:
            self._fitted = whole.scaled(
                wanted,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._fitted.setDevicePixelRatio(ratio)
        return self._fitted

    def _load(self) -> QPixmap:
        if self._whole is None:
            name = f"{self._name}-{self._theme.name}.png"
            self._whole = QPixmap()
            for file in (resources.files("resources") / "gallery").iterdir():
                if file.name == name:  # names of experiments may be those of no file
                    self._whole.loadFromData(file.read_bytes())
        return self._whole
