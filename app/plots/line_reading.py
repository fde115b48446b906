"""What the crosshair over lines says: by pointer, by keyboard, or along with other plots."""

import math
from typing import Final, NamedTuple, Protocol, TypeAlias

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal, Slot

from app.plots.crosshair import Crosshair, Reading
from app.plots.line_numbers import readable
from app.plots.line_reader import Found, LineReader
from app.plots.readout import Value
from app.theme import Theme
from engine.arrays import Integers
from engine.plots import LEVEL, Line, Plot, bytes_in_words, digits_to_see, number_in_words


class OnLine(NamedTuple):
    """What the keyboard is on.

    Attributes:
        x: the place.
        name: of the line.
        each: the name of its point, where each has one.
    """

    x: float
    name: str
    each: str = ""


Place: TypeAlias = QPointF | OnLine | float
"""Where the pointer is; or what the keyboard is on; or an x of another plot."""

_FAR: Final = 10  # steps at once


class LinesView(Protocol):
    """What is asked of a view whose lines are read; see `PlotView`."""

    crosshair: Crosshair

    @property
    def theme(self) -> Theme:
        """The colours."""

    @property
    def plot(self) -> Plot | None:
        """What is drawn."""

    @property
    def shown_lines(self) -> list[Line]:
        """The lines that are switched on."""

    @property
    def log_y(self) -> bool:
        """Whether the y axis is logarithmic."""

    def is_on(self, name: str | None) -> bool:
        """Whether a line, or arrows, are switched on."""

    def frame(self) -> QRectF:
        """The part within the axes."""

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What can be seen of both axes."""

    def in_pixels(self, x: float, y: float) -> QPointF:
        """Where a place of the axes is."""

    def in_units(self, pixel: QPointF) -> QPointF:
        """Which place of the axes a pixel shows."""

    def emphasise(self, name: str) -> None:
        """Draw a line thicker."""

    def stop_reading(self) -> None:
        """Read nothing any more."""

    def read(
        self, reading: Reading, name: str, pointer: QPointF | None, *, aloud: bool = True
    ) -> None:
        """Show what is read."""


class LineReading(QObject):
    """Reads off a view's lines.

    Args:
        view: the view.

    Attributes:
        place: what is read; None: nothing is.

    Signals:
        placed: the x that a person reads, by pointer or keyboard.
        chosen: the index of the point that was clicked on.
    """

    placed = Signal(float)
    chosen = Signal(int)

    def __init__(self, view: LinesView) -> None:
        super().__init__()  # the view is made later
        self._view, self._reader = view, LineReader()
        self._pointed_at: Found | None = None
        self.place: Place | None = None

    def forget(self) -> None:
        """Nothing is read any more."""
        self.place = self._pointed_at = None

    @Slot(QPointF)
    def read_at(self, pointer: QPointF) -> None:
        """Read off all lines at the nearest x; the line nearest to the pointer stands out."""
        lines = self._lines()
        x = self._reader.snap(lines, self._view.in_units(pointer).x())
        here = [] if x is None else self._reader.at(lines, x)
        if x is None or not here:
            self._view.stop_reading()
            return

        def distance(found: Found) -> float:
            return abs(self._pixel(x, found.y).y() - pointer.y())

        here = [min(self._beside(found), key=distance) for found in here]
        self.place = pointer
        self._read(x, here, min(here, key=distance), pointer)
        self.placed.emit(x)

    @Slot(int, int, bool)
    def read_next(self, right: int, up: int, far: bool) -> None:
        """Go along a line to its next point, or to the next line."""
        lines = self._lines()
        (left, end), _ = self._view.ranges()
        if self._view.crosshair.reading is None or not isinstance(self.place, OnLine):
            latest = [line.name for line in lines if line.predicted is None][-1:]
            at = OnLine(float(end), latest[0] if latest else "")  # one asks for it first
        else:
            at = self.place
        names = [line.name for line in lines]
        if not names:
            return
        index = (names.index(at.name) if at.name in names else 0) - up
        line = lines[index % len(names)]
        points = self._reader.points(line, left, end)
        if not points.size:
            return
        here = _nearest(line, points, at) + right * (_FAR if far else 1)
        self._read_by_keyboard(line, int(points[min(max(here, 0), len(points) - 1)]))

    def read_along(self, x: float) -> None:
        """Read off all lines at a place that is read in another plot."""
        here = self._reader.at(self._lines(), x)
        (left, right), _ = self._view.ranges()
        if here and left <= x <= right:
            self.place = x
            self._read(x, here, None, None)
        else:
            self._view.stop_reading()

    def read_again(self, place: Place | None) -> None:
        """Say what stands there now, after the numbers changed."""
        if isinstance(place, QPointF):
            self.read_at(place)
        elif isinstance(place, float):
            self.read_along(place)
        elif place is not None:
            lines = [line for line in self._lines() if line.name == place.name]
            points = self._reader.points(lines[0]) if lines else np.zeros(0, int)
            if points.size:
                self._read_by_keyboard(lines[0], int(points[_nearest(lines[0], points, place)]))
            else:
                self._view.stop_reading()

    def _read_by_keyboard(self, line: Line, point: int) -> None:
        x = float(line.x[point])
        here, nearest = self._reader.at(self._lines(), x), Found(line, point)
        here = [nearest if found.line is line else found for found in here]
        self.place = OnLine(x, line.name, line.each[point] if line.each else "")
        self._read(x, here if nearest in here else [nearest, *here], nearest, None)
        self.placed.emit(x)

    def _read(
        self, x: float, here: list[Found], nearest: Found | None, pointer: QPointF | None
    ) -> None:
        """Show what was found at a place; pale lines only if they are what is pointed at."""
        plot = self._view.plot
        assert plot is not None, "only what is drawn is read"
        told = [found for found in here if found is nearest or not found.line.faint]
        frame, at = self._view.frame(), self._pixel(x, (nearest or here[0]).y)
        heading = plot.x_in_words(x) if plot.is_named else f"{plot.x_label} {plot.x_in_words(x)}"
        all_smoothed = bool(told) and all(found.line.smoothed for found in told)
        notes = [found.line.predicted for found in told if found.line.predicted]
        reading = Reading(
            at if nearest else QPointF(at.x(), frame.top()),
            f"{heading}, smoothed" if all_smoothed else heading,
            tuple(self._value(found, named=all_smoothed) for found in told),
            frame,
            told.index(nearest) if nearest else None,
            "" if plot.bytes_y else plot.y_unit,
            note="; ".join([*self._which_of_several(nearest, pointer), *notes]),
        )
        self._pointed_at = nearest
        name = nearest.line.name if nearest else ""
        self._view.emphasise(name)
        self._view.read(reading, name, pointer, aloud=nearest is not None)

    def _beside(self, found: Found) -> list[Found]:
        """A point, and others of its line at the same place, where each has a name."""
        line = found.line
        if not line.each:
            return [found]
        here = (line.x == line.x[found.index]) & readable(line, log=self._view.log_y)
        return [Found(line, int(index)) for index in np.flatnonzero(here)]

    def _which_of_several(self, found: Found | None, pointer: QPointF | None) -> list[str]:
        """Of points at one place, which the keyboard goes through one by one."""
        if found is None or pointer is not None:
            return []
        here = sorted(self._beside(found), key=lambda one: one.y)
        if len(here) < 2:
            return []
        number = 1 + [one.index for one in here].index(found.index)
        return [f"{number} of {len(here)} here: Alt+← → for the others"]

    def _value(self, found: Found, *, named: bool) -> Value:
        """What a line has: with its name, or also whether it is smoothed."""
        line, index = found.line, found.index
        text = self._in_words(found.y)
        if line.band is not None:
            low, high = (float(end[index]) for end in line.band)
            if line.predicted is None and line.dash != "rings":
                text += f" ± {self._in_words((high - low) / 2)}"
            else:  # the band need not lie evenly
                text, low_text, high_text = self._as_long([found.y, low, high])
                level = f", {100 * LEVEL:.0f} % band" if line.predicted is None else ""
                text += f" ({low_text} to {high_text}{level})"
        if line.towards is not None and self._view.is_on(line.arrows):
            text += f" → {self._in_words(float(line.towards[index]))}"
        colour = self._view.theme.line_colour(line.colour)
        name = line.name if named else line.label
        if line.each:
            name = f"{line.each[index]}, {name}"
        return Value(name, text, colour, self._pixel(float(line.x[index]), found.y))

    @Slot(QPointF)
    def choose(self, place: QPointF) -> None:
        """Report which point of the run there was a click at.

        It is counted along the line with the most points that were measured: others, as what is
        drawn for comparison, may have two.
        """
        self.read_at(place)
        if self._pointed_at:
            x = self._pointed_at.line.x[self._pointed_at.index]
            measured = [line for line in self._lines() if line.predicted is None]
            whole = max(measured or [self._pointed_at.line], key=lambda line: len(line.x))
            self.chosen.emit(int(np.argmin(np.abs(whole.x - x))))

    def _as_long(self, values: list[float]) -> list[str]:
        """Numbers with as many places behind the point as one of them needs."""
        told = [self._in_words(value) for value in values]
        if any(not text.replace(",", "").lstrip("-").replace(".", "").isdigit() for text in told):
            return told  # powers of ten, or bytes
        places = max(len(text.partition(".")[2]) for text in told)
        return [f"{value:,.{places}f}" for value in values]

    def _in_words(self, value: float) -> str:
        low, high = self._view.ranges()[1]
        span = math.log(10) * value * (high - low) if self._view.log_y else high - low
        digits = digits_to_see(value, span, 4)
        counts_bytes = self._view.plot is not None and self._view.plot.bytes_y
        return bytes_in_words(value, digits) if counts_bytes else number_in_words(value, digits)

    def _lines(self) -> list[Line]:
        """Those that can be read."""
        self._reader.log = self._view.log_y
        return self._view.shown_lines

    def _pixel(self, x: float, y: float) -> QPointF:
        return self._view.in_pixels(x, float(np.log10(y)) if self._view.log_y else y)


def _nearest(line: Line, points: Integers, at: OnLine) -> int:
    """Which of some points of a line the keyboard is on, or next to."""
    away = np.abs(line.x[points] - at.x)
    if at.each in line.each:
        named = [line.each[point] != at.each for point in points]
        return int(np.lexsort((named, away))[0])
    return int(np.argmin(away))
