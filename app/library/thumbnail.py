"""A small picture of a recorded run: its first plot, drawn off the window's thread."""

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.theme import Theme
from engine.arrays import Floats
from engine.plots import MEANT, PLOTS, AnyPlot, Line, PicturePlot, Plot

if TYPE_CHECKING:
    from engine.runs.records import RunRecord

SIZE: Final = QSize(528, 297)
"""In pixels: nine to sixteen, twice as sharp as the narrowest card."""
_MARGIN: Final = 26.0
_MOST_POINTS: Final = 400
_MOST_PICTURES: Final = 6
_PENS: Final = {"dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine}
_MARKERS: Final = 7.0


def plot_of(record: "RunRecord") -> AnyPlot | None:
    """The plot that a run is about, as far as it can be drawn without training again.

    What its experiment names first, then what is what such a run is about, and then its losses.
    """
    named = [MEANT.get(key, key) for key in record.experiment.highlights]
    about = [key for key, kind in PLOTS.items() if kind.highlight]
    free = [kind for kind in PLOTS if kind in record.free]
    for key in dict.fromkeys((*named, *free, *about, "losses", *PLOTS)):
        if key in PLOTS and PLOTS[key].changes != "moment":
            plot = PLOTS[key].plot(record)
            if isinstance(plot, PicturePlot) or (isinstance(plot, Plot) and not plot.is_empty):
                return plot
    return None


def thumbnail(plot: AnyPlot | None, theme: Theme) -> QImage:
    """A plot without words, in a theme's colours; of none, an empty card."""
    picture = QImage(SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(theme.card))
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(0, 0, SIZE.width(), SIZE.height())
        inside = inside.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if isinstance(plot, Plot):
            _draw_lines(painter, inside, plot, theme)
        elif isinstance(plot, PicturePlot):
            _draw_pictures(painter, inside, plot)
    return picture


def _draw_lines(painter: QPainter, inside: QRectF, plot: Plot, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.rule), 2))
    for share in (0.0, 0.5, 1.0):
        height = inside.top() + share * inside.height()
        painter.drawLine(QPointF(inside.left(), height), QPointF(inside.right(), height))
    drawn = [line.outline for line in plot.lines]
    heights = [_height(line.y, log=plot.log_y) for line in drawn]
    known = np.concatenate([np.zeros(0), *(y[np.isfinite(y)] for y in heights)])
    if not known.size:
        return
    low, high = float(known.min()), float(known.max())
    left, right = plot.x_range
    for line, y in zip(drawn, heights, strict=True):
        across: Floats = inside.left() + (line.x - left) / ((right - left) or 1) * inside.width()
        up: Floats = (y - low) / (high - low) if high > low else 0.0 * y + 0.5
        down: Floats = inside.bottom() - up * inside.height()
        _draw_line(painter, line, across, down, theme)


def _height(y: Floats, *, log: bool) -> Floats:
    if not log:
        return y
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y > 0, np.log10(y), np.nan)


def _draw_line(painter: QPainter, line: Line, across: Floats, down: Floats, theme: Theme) -> None:
    colour = theme.line_colour(line.colour)
    if line.faint:
        colour.setAlphaF(0.3)
    has_place = np.isfinite(across) & np.isfinite(down)
    stride = max(1, len(across) // _MOST_POINTS)
    if not line.is_joined or has_place.sum() == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for x, y in zip(across[has_place][::stride], down[has_place][::stride], strict=True):
            painter.drawEllipse(QPointF(x, y), _MARKERS, _MARKERS)
        return
    pen = QPen(colour, 2 if line.faint else 4)
    pen.setStyle(_PENS.get(line.dash, Qt.PenStyle.SolidLine))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pieces = np.split(np.arange(len(across)), np.flatnonzero(~has_place))
    for piece in pieces:
        piece = piece[has_place[piece]]
        points = [QPointF(across[one], down[one]) for one in piece[::stride]]
        if len(points) > 1:
            painter.drawPolyline(QPolygonF(points))


def _draw_pictures(painter: QPainter, inside: QRectF, plot: PicturePlot) -> None:
    several = plot.pictures[:_MOST_PICTURES]
    columns = max(1, int(np.ceil(np.sqrt(len(several) * 16 / 9))))
    rows = -(-len(several) // columns)
    side = min(inside.width() / columns, inside.height() / rows)
    low, high = plot.limits
    start = QPointF(inside.center().x() - side * columns / 2, inside.center().y() - side * rows / 2)
    for place, one in enumerate(several):
        share = np.nan_to_num((one.values - low) / ((high - low) or 1)).clip(0, 1)
        grey = np.ascontiguousarray((255 * share).astype(np.uint8))
        height, width = grey.shape
        picture = QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8)
        row, column = divmod(place, columns)
        where = QRectF(start.x() + side * column, start.y() + side * row, side - 6, side - 6)
        painter.drawImage(where, picture.copy())
