"""A formula, drawn as outlines, so that it is sharp at any scale and follows the theme."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_LARGER: Final = 1.35  # than running text: indices have to be read, too


class Formula(QWidget):
    """Shows a formula in matplotlib's mathtext, no wider than the room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = QPainterPath()
        self._ink = QColor()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_formula(self, formula: str) -> None:
        """Show a formula; an empty one takes no room.

        Raises:
            ValueError: it is not mathtext.
        """
        self._path = formula_path(formula) if formula else QPainterPath()
        self.setAccessibleName(f"Formula: {formula.strip('$')}" if formula else "")
        self.setVisible(bool(formula))
        self.updateGeometry()
        self.update()

    def set_ink(self, colour: str) -> None:
        """Draw it in a colour."""
        self._ink = QColor(colour)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the formula in the type of the widget, and a little air."""
        size = self._path.boundingRect().size() * self._scale()
        return QSize(round(size.width()) + 4, round(size.height()) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outlines, filled, from the left edge on."""
        bounds = self._path.boundingRect()
        if bounds.isEmpty():
            return
        scale = min(self._scale(), (self.width() - 4) / bounds.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(2, (self.height() - scale * bounds.height()) / 2)
            painter.scale(scale, scale)
            painter.translate(-bounds.topLeft())
            painter.fillPath(self._path, self._ink)

    def _scale(self) -> float:
        """Pixels of the screen for one of the path's, whose type is 1 high."""
        return _LARGER * self.fontInfo().pixelSize()


@lru_cache(maxsize=128)
def formula_path(formula: str) -> QPainterPath:
    """The outlines of a formula in type of size 1, y downwards.

    Args:
        formula: in matplotlib's mathtext, with its dollar signs.

    Raises:
        ValueError: it is not mathtext.
    """
    from matplotlib.font_manager import FontProperties  # slow to import: not before it is needed
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=1, math_fontfamily="stix")
    vertices, codes = text_to_path.get_text_path(font, formula, ismath=True)
    points = [
        (float(x) / text_to_path.FONT_SCALE, -float(y) / text_to_path.FONT_SCALE)
        for x, y in vertices
    ]
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    at = 0
    while at < len(points):
        code = codes[at]
        if code == Path.MOVETO:
            path.moveTo(*points[at])
        elif code == Path.LINETO:
            path.lineTo(*points[at])
        elif code == Path.CURVE3:
            path.quadTo(*points[at], *points[at + 1])
        elif code == Path.CURVE4:
            path.cubicTo(*points[at], *points[at + 1], *points[at + 2])
        else:
            path.closeSubpath()
        at += Path.NUM_VERTICES_FOR_CODE[code]
    return path
