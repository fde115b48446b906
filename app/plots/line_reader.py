"""Reading a plot's lines: which place is nearest to the pointer, and what every line has there."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.plots.tracks import Track
from engine.arrays import Integers
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

    def points(self, line: Line, low: float = -np.inf, high: float = np.inf) -> Integers:
        """(n,) the points of a line from one place to another, in ascending order.

        Of several at one place, each of which has a name, all are among them, from below upwards;
        else one stands for the others.
        """
        track = self._track(line)
        inside = (track.x >= low) & (track.x <= high)
        found: Integers = track.indices[inside]
        if line.each:
            return found[np.lexsort((line.y[found], line.x[found]))]
        return found

    def _track(self, line: Line) -> Track:
        log, track = self._tracks.get(line.name, (not self.log, None))
        if track is None or log != self.log or track.line is not line:
            track = Track(line, log=self.log)
            self._tracks[line.name] = self.log, track
        return track
