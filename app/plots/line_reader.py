"""Reading a plot's lines: which place is nearest to the pointer, and what every line has there."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.plots.tracks import Track
from engine.arrays import Floats
from engine.plots import Line


@dataclass(frozen=True)
class Found:
    """A point of a line.

    Attributes:
        line: which has it.
        index: of the point.
    """

    line: Line
    index: int

    @property
    def y(self) -> float:
        """Its value."""
        return float(self.line.y[self.index])


class LineReader:
    """Reads lines; the points of each are put in order once, until its numbers change.

    Attributes:
        log: whether the y axis is logarithmic.
    """

    def __init__(self) -> None:
        self.log = False
        self._tracks: dict[str, tuple[bool, Track]] = {}

    def snap(self, lines: Iterable[Line], x: float) -> float | None:
        """The x of the point that is nearest to a place, of any of the lines; None: there is none.

        Args:
            lines: those that are drawn.
            x: the place.
        """
        found = ((line, self._track(line).nearest(x)) for line in lines)
        places = [float(line.x[index]) for line, index in found if index is not None]
        return min(places, key=lambda place: abs(place - x), default=None)

    def at(self, lines: Iterable[Line], x: float) -> list[Found]:
        """What lines have at a place; those with a gap there, or not as long, are left out."""
        found = ((line, self._track(line).at(x)) for line in lines)
        return [Found(line, index) for line, index in found if index is not None]

    def places(self, line: Line, low: float, high: float) -> Floats:
        """The x of a line's points from one place to another, in ascending order."""
        x: Floats = self._track(line).x
        return x[np.searchsorted(x, low) : np.searchsorted(x, high, side="right")]

    def _track(self, line: Line) -> Track:
        log, track = self._tracks.get(line.name, (not self.log, None))
        if track is None or log != self.log or track.line is not line:
            track = Track(line, log=self.log)
            self._tracks[line.name] = self.log, track
        return track
