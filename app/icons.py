"""Icons in a theme's ink."""

from functools import lru_cache
from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme import Theme

_ICON_SIZES: Final = (14, 16, 20, 24)
_PIXEL_RATIOS: Final = (1.0, 1.25, 1.5, 2.0)


@lru_cache(maxsize=256)
def icon(name: str, theme: Theme) -> QIcon:
    """An icon of ``resources/icons`` in the theme's ink, drawn for each scale factor of a screen.

    Pixels of one scale factor are never stretched to another one, so that lines stay sharp.
    """
    text = (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.edge)):
        renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
        for size in _ICON_SIZES:
            for ratio in _PIXEL_RATIOS:
                made.addPixmap(_drawn(renderer, round(size * ratio), ratio), mode)
    return made


def _drawn(renderer: QSvgRenderer, pixels: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
