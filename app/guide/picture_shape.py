"""The shape of a picture on a card: as wide as the card, its upper corners round."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QSizePolicy, QWidget

PICTURE_WIDTH: Final = 264
"""In pixels, at least."""

_ROUND: Final = 8.0
_RING: Final = 2
_SHAPE: Final = 9 / 16


class PictureOnACard(QWidget):
    """Room for a picture; clicks go to the card."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """The size at the least width of a card."""
        return QSize(PICTURE_WIDTH, round(_SHAPE * PICTURE_WIDTH))

    def hasHeightForWidth(self) -> bool:
        """Pictures keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Nine to sixteen."""
        return round(_SHAPE * width)

    @property
    def outline(self) -> QPainterPath:
        """What the picture fills; its lower corners are square."""
        outline = QPainterPath()
        below = QRectF(self.rect()).adjusted(0, 0, 0, _ROUND)
        outline.addRoundedRect(below, _ROUND - _RING, _ROUND - _RING)
        return outline
