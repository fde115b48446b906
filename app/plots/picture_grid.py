"""Matrices as pictures in a grid; each pixel can be read off."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.plots.colour_bar import Pixels, colour_table, coloured, image_of
from app.plots.crosshair import Crosshair, Reading
from app.plots.readout import Value
from app.theme import Theme
from engine.plots import (
    PicturePlot,
    digits_to_see,
    number_in_words,
)

_GAP: Final = 8
_FAR: Final = 10
_MOST_FOR_NAMES: Final = 0.25  # of the width
_FEWEST_LETTERS: Final = 5
_SMALLEST_NAME: Final = 9.0  # pixels of a row that is named
_TYPE_IN_ROW: Final = 0.8  # of the height of type, that a row needs
HOW_TO: Final = (
    "Point at a pixel, or use the arrow keys, to read its value; Shift moves ten at a time."
)
_DIRECTIONS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True)
class _Place:
    """A pixel: of which picture, in which row and column."""

    picture: int
    row: int
    column: int


class PictureGrid(QWidget):
    """The pictures; shown and read by `PictureView`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plot: PicturePlot | None = None
        self._table: Pixels = colour_table("sequential", theme)
        self.images: list[QImage] = []
        self._place: _Place | None = None
        self._by_keyboard = False
        self.crosshair = Crosshair(theme, self, self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(140, 70)
        self.setWhatsThis(HOW_TO)  # a screen reader's help

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.crosshair.set_theme(theme)
        if self._plot:
            self.show_plot(self._plot)

    def show_plot(self, plot: PicturePlot) -> None:
        """Redraw the pictures."""
        before, self._plot = self._plot, plot
        self._table = colour_table(plot.scale, self._theme)
        self.images = [
            image_of(coloured(picture.values, plot.limits, self._table))
            for picture in plot.pictures
        ]
        self.update()
        if self.crosshair.reading and self._place:
            if before is not None and _form(before) == _form(plot):
                self._read(self._place, self._pointer())
            else:
                self.stop_reading()

    @property
    def table(self) -> Pixels:
        """The colours from low to high."""
        return self._table

    def cells(self) -> list[QRectF]:
        """Where each picture is, below its name; among names of rows and columns, if they fit."""
        aside = self._room_for_names()
        cells = self._cells_beside(aside)
        if aside and cells and self._name_height(cells[0]) < _SMALLEST_NAME:
            return self._cells_beside(0.0)
        if aside and cells:
            above_names = self._cells_beside(aside, QFontMetricsF(self.font()).height())
            return above_names if self.named_columns(above_names[0]) else cells
        return cells

    def _room_for_names(self) -> float:
        """Room that the names of rows take at most, left of the pictures."""
        names = self._plot.entries if self._plot else ()
        widest = max(map(QFontMetricsF(self.font()).horizontalAdvance, names), default=-_GAP)
        return min(widest + _GAP, _MOST_FOR_NAMES * self.width())

    def _name_height(self, cell: QRectF) -> float:
        """How high the name of a row may be beside a picture, in pixels."""
        rows = len(self._plot.entries) if self._plot else 0
        return min(cell.height() / max(rows, 1), QFontMetricsF(self.font()).height())

    def _cells_beside(self, aside: float, below: float = 0.0) -> list[QRectF]:
        if self._plot is None or not self._plot.pictures:
            return []
        count = len(self._plot.pictures)
        rows = max(picture.values.shape[0] for picture in self._plot.pictures)
        columns = max(picture.values.shape[1] for picture in self._plot.pictures)
        title = QFontMetricsF(self.font()).height() + 2
        around = title + below
        room = QRectF(self.rect()).adjusted(4 + aside, 4, -4, -4)

        def scale_of(across: int) -> float:
            down = -(-count // across)
            width = (room.width() - (across - 1) * _GAP) / across / columns
            height = (room.height() - (down - 1) * _GAP - down * around) / down / rows
            return float(min(width, height))

        # The largest pixels, and then the fewest places that stay empty.
        across = max(self._plot.widths, key=lambda n: (_whole(scale_of(n)), -(-(-count // n) * n)))
        scale = max(_whole(scale_of(across)), 0.05)
        down = -(-count // across)
        width, height = columns * scale, rows * scale
        left = room.left() + (room.width() - across * width - (across - 1) * _GAP) / 2
        high = down * (height + around) + (down - 1) * _GAP
        top = room.top() + max((room.height() - high) / 2, 0)
        return [
            QRectF(
                round(left + (number % across) * (width + _GAP)),
                round(top + (number // across) * (height + around + _GAP) + title),
                picture.values.shape[1] * scale,
                picture.values.shape[0] * scale,
            )
            for number, picture in enumerate(self._plot.pictures)
        ]

    def stop_reading(self) -> None:
        """Read nothing any more."""
        self._place = None
        self.crosshair.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures and their names."""
        if self._plot is None:
            return
        with QPainter(self) as painter:
            metrics, cells = QFontMetricsF(self.font()), self.cells()
            for picture, image, cell in zip(self._plot.pictures, self.images, cells, strict=True):
                shrunk = cell.width() < image.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
                painter.drawImage(cell, image)
                painter.setPen(QPen(QColor(self._theme.rule), 1))
                painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))
                painter.setPen(QColor(self._theme.ink))
                name = metrics.elidedText(picture.name, Qt.TextElideMode.ElideRight, cell.width())
                left = cell.center().x() - metrics.horizontalAdvance(name) / 2
                painter.drawText(QPointF(left, cell.top() - metrics.descent() - 2), name)
            leftmost = min((cell.left() for cell in cells), default=0.0)
            for cell in cells:
                if cell.left() == leftmost:
                    self._paint_names(painter, cell)
                    for name, middle in self.named_columns(cell):
                        left = middle - metrics.horizontalAdvance(name) / 2
                        painter.drawText(QPointF(left, cell.bottom() + metrics.ascent()), name)

    def _paint_names(self, painter: QPainter, cell: QRectF) -> None:
        """Say what the rows of a picture are, left of it; every other one where rows are low.

        The pointer and the table name them all.
        """
        room = cell.left() - _GAP
        metrics = QFontMetricsF(self.font())
        painter.setPen(QColor(self._theme.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for name, middle in self.named_rows(cell):
            place = QRectF(0, middle - metrics.height() / 2, room, metrics.height())
            short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(place, right, short)

    def named_rows(self, cell: QRectF) -> list[tuple[str, float]]:
        """Which rows of a picture are named beside it, and how far down the middle of each is."""
        names, metrics = self._plot.entries if self._plot else (), QFontMetricsF(self.font())
        widest = max(map(metrics.horizontalAdvance, names), default=0.0)
        least = min(widest, _FEWEST_LETTERS * metrics.averageCharWidth())
        is_narrow = cell.left() - _GAP < math.floor(least)
        if not names or is_narrow or self._name_height(cell) < _SMALLEST_NAME:
            return []
        row = cell.height() / len(names)
        apart = math.ceil(_TYPE_IN_ROW * metrics.height() / row)  # rows: type stays as large
        return [
            (name, cell.top() + (number + 0.5) * row)
            for number, name in enumerate(names)
            if number % apart == 0
        ]

    def named_columns(self, cell: QRectF) -> list[tuple[str, float]]:
        """Which columns of a picture are named below it, and where the middle of each is.

        All of them, if the rows are named and all names fit; else none.
        """
        names = self._plot.entries if self._plot else ()
        column, advance = cell.width() / max(len(names), 1), QFontMetricsF(self.font())
        if not self.named_rows(cell) or any(advance.horizontalAdvance(n) > column for n in names):
            return []
        return [(name, cell.left() + (number + 0.5) * column) for number, name in enumerate(names)]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read off the pixel under the pointer."""
        for number, cell in enumerate(self.cells()):
            if self._plot and cell.contains(event.position()):
                rows, columns = self._plot.pictures[number].values.shape
                inside = event.position() - cell.topLeft()
                row = min(int(inside.y() / cell.height() * rows), rows - 1)
                column = min(int(inside.x() / cell.width() * columns), columns - 1)
                self._by_keyboard = False
                self._read(_Place(number, row, column), event.position())
                return
        self.stop_reading()

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing once the pointer is gone."""
        super().leaveEvent(event)
        self.stop_reading()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read off pixel by pixel, and from picture to picture."""
        key = Qt.Key(event.key())
        if not self._plot or not self._plot.pictures:
            event.ignore()
        elif key in _DIRECTIONS:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            down, right = _DIRECTIONS[key]
            step = _FAR if far else 1
            self._by_keyboard = True
            self._read(self._next(down * step, right * step), None)
            self.crosshair.announce()
        elif key == Qt.Key.Key_Escape and self.crosshair.reading:
            self.stop_reading()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was read off is elsewhere now."""
        super().resizeEvent(event)
        self.stop_reading()
        self.crosshair.follow_focus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard acts here."""
        super().focusInEvent(event)
        self.crosshair.follow_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard acts elsewhere."""
        super().focusOutEvent(event)
        self.crosshair.follow_focus()

    def _next(self, down: int, right: int) -> _Place:
        """The pixel in a direction; beyond the last column comes the next picture."""
        assert self._plot is not None, "there are pictures"
        place = self._place
        if place is None:
            return _Place(0, 0, 0)
        number, column = place.picture, place.column + right
        pictures = self._plot.pictures
        if column < 0 or column >= pictures[number].values.shape[1]:
            number = (number + (1 if right > 0 else -1)) % len(pictures)
            column = 0 if right > 0 else pictures[number].values.shape[1] - 1
        rows = pictures[number].values.shape[0]
        return _Place(number, min(max(place.row + down, 0), rows - 1), column)

    def _pointer(self) -> QPointF | None:
        return None if self._by_keyboard else QPointF(self.mapFromGlobal(self.cursor().pos()))

    def _read(self, place: _Place, pointer: QPointF | None) -> None:
        plot = self._plot
        assert plot is not None, "there are pictures"
        self._place = place
        picture, cell = plot.pictures[place.picture], self.cells()[place.picture]
        rows, columns = picture.values.shape
        width, height = cell.width() / columns, cell.height() / rows
        outline = QRectF(
            cell.left() + place.column * width, cell.top() + place.row * height, width, height
        )
        value = float(picture.values[place.row, place.column])
        red, green, blue, alpha = (
            int(part) for part in coloured(np.array([value]), plot.limits, self._table)[0]
        )
        where = f"row {place.row}, column {place.column}"
        if plot.entries:
            where = f"{plot.entries[place.row]} and {plot.entries[place.column]}"
        low, high = plot.limits
        reading = Reading(
            outline.center(),
            f"{picture.name}, {where}",
            (
                Value(
                    "",
                    number_in_words(value, digits_to_see(value, high - low, 4)),
                    QColor(red, green, blue) if alpha else None,
                ),
            ),
            cell,
            outline=outline,
        )
        self.crosshair.show_reading(reading, pointer)


def _whole(scale: float) -> float:
    """Pixels of whole sizes, where that costs little room."""
    return float(int(scale)) if scale >= 4 else scale


def _form(plot: PicturePlot) -> list[tuple[str, tuple[int, ...]]]:
    return [(picture.name, picture.values.shape) for picture in plot.pictures]
