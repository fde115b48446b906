"""A plot as a picture for the clipboard: its title and caption, its whole legend, and itself."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from app.plots.legend import Legend
from app.theme import Theme

_SHARPNESS: Final = 2.0
_MARGIN: Final = 12
_LARGER: Final = 1.2  # type of a title


def picture_of(
    view: QWidget, legend: Legend, texts: Sequence[tuple[str, QFont]], theme: Theme
) -> QPixmap:
    """A picture twice as sharp as the screen.

    Args:
        view: the plot.
        legend: what it names stands in as many rows as it takes.
        texts: what stands above, and the type of each: first the title; empty ones are left out.
        theme: the colours.
    """
    width, parts = view.width(), [_sharp(view)]
    if legend.names:
        parts.insert(0, legend.picture(width, _SHARPNESS))
    rows = []
    for number, (text, font) in enumerate(texts):
        made = QFont(font)
        if not number:
            made.setBold(True)
            made.setPointSizeF(_LARGER * font.pointSizeF())
        if text:
            rows.append((text, made, theme.muted if number else theme.ink))
    heights = [QFontMetricsF(font).height() + 4 for _, font, _ in rows]
    height = sum(heights) + sum(part.deviceIndependentSize().height() + 4 for part in parts)
    pixmap = QPixmap(QSize(width + 2 * _MARGIN, int(height) + 2 * _MARGIN) * _SHARPNESS)
    pixmap.setDevicePixelRatio(_SHARPNESS)
    pixmap.fill(QColor(theme.card))
    with QPainter(pixmap) as painter:
        top = float(_MARGIN)
        for (text, font, colour), high in zip(rows, heights, strict=True):
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QPointF(_MARGIN, top + metrics.ascent()), shown)
            top += high
        for part in parts:
            painter.drawPixmap(QPointF(_MARGIN, top), part)
            top += part.deviceIndependentSize().height() + 4
    return pixmap


def _sharp(part: QWidget) -> QPixmap:
    """A widget as it looks, in more pixels."""
    pixmap = QPixmap(part.size() * _SHARPNESS)
    pixmap.setDevicePixelRatio(_SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    # pyqtgraph's views have a `render` of another meaning.
    QWidget.render(part, pixmap, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return pixmap
