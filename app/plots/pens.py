"""Pens for what pyqtgraph draws, as thick on a dense screen as on another."""

from typing import Final

import pyqtgraph
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.theme import Theme
from engine.plots import MARKERS, Line

DASHES: Final = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
    **dict.fromkeys(MARKERS, Qt.PenStyle.NoPen),
}

SYMBOLS: Final = {"points": "o", "squares": "s", "triangles": "t1", "rings": "o", "crosses": "x"}
"""By stroke, of those that are not joined: the marker, as pyqtgraph calls it."""


def make_pen(
    view: QWidget,
    colour: QColor | str,
    width: float,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> QPen:
    """A pen whose width counts what the rest of the window counts.

    pyqtgraph's own count the screen's pixels, of which a dense screen has more.

    Args:
        view: on which it draws.
        colour: of the stroke.
        width: in the window's pixels.
        style: of the stroke.
    """
    return QPen(pyqtgraph.mkPen(colour, width=width * view.devicePixelRatioF(), style=style))


def pen_of(view: QWidget, line: Line, theme: Theme, *, presentation: bool) -> QPen:
    """The pen that stands for a line, in plots and on maps alike."""
    colour = theme.line_colour(line.colour)
    if line.faint:
        colour.setAlphaF(0.45)
    thick = 3 if presentation else 2
    return make_pen(view, colour, thick - 1 if line.faint else thick, DASHES[line.dash])


STROKE: Final = QSize(22, 12)
"""Of a piece of a line that stands for the line in a list or a table."""


def stroke_icon(view: QWidget, colour: QColor, style: Qt.PenStyle) -> QIcon:
    """A piece of a line as plots draw it."""
    ratio = view.devicePixelRatioF()
    picture = QPixmap(STROKE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setPen(QPen(colour, 2, style))
        middle = STROKE.height() // 2
        painter.drawLine(0, middle, STROKE.width(), middle)
    return QIcon(picture)
