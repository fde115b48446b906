"""Pens for what pyqtgraph draws, as thick on a dense screen as on another."""

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget


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
