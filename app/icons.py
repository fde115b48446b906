"""Icons in a theme's ink."""

from functools import lru_cache
from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme import Theme

_ICON_SIZES: Final = (14, 16, 20, 24)


def icon(name: str, theme: Theme) -> QIcon:
    """An icon of ``resources/icons`` in the theme's ink, drawn for the scale factor of each screen.

    Pixels of one scale factor are never stretched to another one, so that lines stay sharp. For a
    screen that is plugged in later, ask again.
    """
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return _made(name, theme, tuple(sorted(ratios)))


@lru_cache(maxsize=256)
def _made(name: str, theme: Theme, ratios: tuple[float, ...]) -> QIcon:
    text = (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.edge)):
        renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
        for size in _ICON_SIZES:
            for ratio in ratios:
                made.addPixmap(_drawn(renderer, int(size * ratio + 0.5), ratio), mode)
    return made


def _drawn(renderer: QSvgRenderer, pixels: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
