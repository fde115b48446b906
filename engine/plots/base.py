"""What a plot is, whatever draws it: lines, pictures side by side, or a map of the plane."""

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.plots.dates import date_in_words

Colour = int | Literal["reference", "wrong"]
Dash = Literal["solid", "dashed", "dotted", "points", "squares", "triangles", "rings", "crosses"]
MARKERS: Final[dict[str, str]] = {
    "points": "o",
    "squares": "s",
    "triangles": "^",
    "rings": "o",
    "crosses": "X",
}
"""By stroke, of those that are not joined: the marker, as matplotlib calls it. Rings are hollow:
what they stand for was predicted, not measured. Crosses stand for what went wrong."""
ALONE: Final[dict[str, str]] = {"solid": "points", "dashed": "triangles", "dotted": "squares"}
"""By stroke of a line that would be joined: which marker stands for it while it has one point."""
Along: TypeAlias = Literal["iterations", "meta-iterations", "steps"]
"""Of a run: training iterations, meta-iterations (or points, or seeds), or the steps of training
and then of reversal."""

PALETTE: Final = ("#00447B", "#A43C03", "#087D4B", "#DE6498", "#BF8706", "#1B98E9")
"""Okabe and Ito's hues, dark enough for lines on white and apart for colour-blind people."""

NEXT_STEP: Final = "where the next meta-step goes"
LAST_STEP: Final = "the last meta-step"
"""What legends call arrows."""

_TOUCHING: Final = 1e-6  # of their width, how far apart bars may be that touch

_ROOM_FOR_A_NAME: Final = 0.4
"""Up to which part of the x axis a name stands after its mark."""
_ROOM_FOR_A_LETTER: Final = 0.035
"""Part of the x axis that a letter may need; names of parts stand in them where they have room."""


class Factors(NamedTuple):
    """Two things that tell a line from others which combine the same ones differently.

    Attributes:
        colours: what each colour stands for: a "layer".
        colour: what the line's colour stands for: "1".
        stroke: what its stroke stands for: "weights".
    """

    colours: str
    colour: str
    stroke: str


_MOST_FILLED: Final = 3


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a plot.

    Attributes:
        name: what the legend calls it.
        x, y: (n,) its points; NaN in y leaves a gap.
        colour: place in the palette, "reference" for a neutral tone, or "wrong" for a warning one.
        dash: its stroke; points, squares, triangles, rings and crosses are not joined.
        faint: drawn thin and pale, as what was before.
        before: name of the line whose past this is, and with which it is switched on and off; or
            None.
        towards: (n,) where each y goes with the next meta-step, drawn as arrows; or None.
        came_from: (n,) where each y was before the last meta-step, drawn as pale arrows; or None.
        low, high: (n,) the ends of what each y is uncertain within, drawn as a pale band, or where
            points are not joined as bars; both are None where nothing is known of it.
        factors: what tells it from the other lines, if that is two things; or None.
        smoothed: whether y are means of what was measured.
        single: whether its points were measured one by one: they are marked, and nothing is read
            between them.
        width: of a bar around each of its points, of which the outline is drawn: a histogram, or
            bars that stand apart; 0 for none.
        predicted: what is said of it where it is read, if it is predicted and not measured; its
            band is where a measurement would lie. None: it is measured.
        each: (n,) what each of its points is of, as "trial 8"; often nothing.
        tag: what stands at its end, a number; often nothing.
    """

    name: str
    x: Floats
    y: Floats
    colour: Colour = 0
    dash: Dash = "solid"
    faint: bool = False
    towards: Floats | None = None
    came_from: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None
    before: str | None = None
    factors: Factors | None = None
    smoothed: bool = False
    single: bool = False
    width: float = 0.0
    predicted: str | None = None
    each: tuple[str, ...] = ()
    tag: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether its points are."""
        return self.dash not in MARKERS

    @property
    def label(self) -> str:
        """Its name, which says so if it is smoothed."""
        return f"{self.name} (smoothed)" if self.smoothed else self.name

    @property
    def arrows(self) -> str | None:
        """What its arrows are called; None: it has none."""
        if self.towards is not None:
            return NEXT_STEP
        return None if self.came_from is None else LAST_STEP

    @property
    def band(self) -> tuple[Floats, Floats] | None:
        """Both ends of the uncertainty, if there are any."""
        if self.low is None or self.high is None:
            return None
        return self.low, self.high

    @property
    def outline(self) -> "Line":
        """The line that is drawn: that of its bars, if it has any, with the band between them.

        Between bars that stand apart it goes along the end of each that is not its value.
        """
        if not self.width:
            return self
        half = self.width / 2
        are_apart = np.any(np.diff(self.x) > self.width * (1 + _TOUCHING))
        corners = (-half, -half, half, half) if are_apart else (-half, half)
        x = (self.x[:, None] + np.array(corners)).ravel()
        y = np.repeat(self.y, len(corners))
        low, high = (
            None if end is None else np.repeat(end, len(corners)) for end in (self.low, self.high)
        )
        if are_apart and low is not None and high is not None:
            base = np.where(y == high, low, high)[::4]
            for end in (y, low, high):
                end[0::4] = end[3::4] = base
        return replace(self, x=x, y=y, low=low, high=high, width=0.0)


@dataclass(frozen=True)
class Mark:
    """A place of the x axis that is pointed out by an upright line.

    Attributes:
        x: where.
        name: what is there, in a few words.
        is_part: whether that is what begins there, as a part of the data does.
    """

    x: float
    name: str
    is_part: bool = False


@dataclass(frozen=True, eq=False)
class Plot:
    """Lines over a common x axis.

    Attributes:
        key: its name in files.
        title, x_label, y_label: for people.
        lines: what is drawn.
        x_range: the range that x will cover by the end, known beforehand.
        log_y: whether the y axis is logarithmic.
        bytes_y: whether y counts bytes, so that ticks say kB and MB.
        caption: one line under the title, or what an empty plot waits for; may be empty.
        marks: what is pointed out.
        counts_x: whether x counts something, so that ticks are whole numbers.
        years_x: whether x are years, which are written without separators.
        dates_x: whether they are years that tell dates, which are written as such.
        x_names: what stands at x = 0, 1, 2 and so on instead of these numbers: names, or other
            numbers ("1", "10", "1,000"); often nothing.
        x_places: where the names stand, rising, if not at 0, 1, 2 and so on.
        x_unit, y_unit: what stands behind the labels in brackets: a unit, or what is meant; may be
            empty.
        along: what of a run its x axis goes along, point by point; plots along the same are read
            together. None: something else.
        y_covers: what the y axis has room for besides the lines: what they were at other moments.
        thins_names: whether names that there is no room for are left out; others are shortened.
        across: what its horizontal axis is called where there is a choice of them: "seconds".
        others: the same over other horizontal axes, each with a key of its own for its files; see
            `engine.plots.horizontal`.
    """

    key: str
    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    x_range: tuple[float, float]
    log_y: bool = False
    bytes_y: bool = False
    caption: str = ""
    marks: tuple[Mark, ...] = ()
    counts_x: bool = True
    years_x: bool = False
    dates_x: bool = False
    x_names: tuple[str, ...] = ()
    x_unit: str = ""
    y_unit: str = ""
    along: Along | None = None
    y_covers: tuple[float, float] | None = None
    thins_names: bool = False
    x_places: tuple[float, ...] = ()
    across: str = ""
    others: tuple["Plot", ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to show yet; its caption then says what it waits for."""
        return not any(np.isfinite(line.y).any() for line in self.lines if not line.faint)

    @property
    def is_named(self) -> bool:
        """Whether places of the x axis have names that are no numbers."""
        return any(not name.replace(",", "").isdigit() for name in self.x_names)

    @property
    def fills_bands(self) -> bool:
        """Whether bands are filled; of many that overlap, only the edges can be told apart."""
        return sum(line.is_joined and line.band is not None for line in self.lines) <= _MOST_FILLED

    @property
    def x_title(self) -> str:
        """The x axis's label with its unit."""
        return _with_unit(self.x_label, self.x_unit)

    @property
    def y_title(self) -> str:
        """The y axis's label with its unit."""
        return _with_unit(self.y_label, self.y_unit)

    def names_after(self, mark: Mark) -> bool:
        """Whether a mark's name stands after its line; else it stands before what begins there."""
        start, end = self.x_range
        share = 1 - _ROOM_FOR_A_LETTER * len(mark.name) if mark.is_part else _ROOM_FOR_A_NAME
        return mark.x < start + share * (end - start)

    def x_in_words(self, x: float) -> str:
        """A place of the x axis: its name, its date, or its number."""
        if self.dates_x:
            return date_in_words(x)
        if self.years_x:
            return f"{x:.10g}"
        return self._nearest_name(x)[1] if self.x_names else f"{x:,.10g}"

    @property
    def named_places(self) -> list[tuple[float, str]]:
        """Where on the x axis which name stands."""
        return [*zip(self.x_places or range(len(self.x_names)), self.x_names, strict=True)]

    @property
    def is_around_names(self) -> bool:
        """Whether points that are not joined are spread around the names on its x axis."""
        loose = (line.x for line in self.lines if not line.is_joined)
        every_x = np.concatenate([np.zeros(0), *loose])
        return self.is_named and bool(np.any(every_x != np.round(every_x)))

    def from_its_name(self, x: float) -> float:
        """How far x is from the nearest place that has a name."""
        return x - self._nearest_name(x)[0]

    def _nearest_name(self, x: float) -> tuple[float, str]:
        named = (pair for pair in self.named_places if pair[1])
        return min(named, key=lambda pair: abs(pair[0] - x), default=(x, ""))


@dataclass(frozen=True, eq=False)
class Picture:
    """A matrix shown as an image; row 0 is at the top.

    Attributes:
        name: what stands above it.
        values: (rows, columns).
        measured: a number that belongs to it, for tables.
    """

    name: str
    values: Floats
    measured: float = float("nan")


@dataclass(frozen=True, eq=False)
class PicturePlot:
    """Pictures side by side, with one scale of colours for all of them.

    Attributes:
        key, title, caption: as of a `Plot`.
        pictures: what is shown.
        unit: what the colours mean.
        scale: "sequential" from low to high, or "diverging" around zero.
        limits: what the ends of the scale stand for.
        entries: what every row is called, and every column of the same number, where pictures say
            how things are related to each other; empty: rows and columns are numbered.
        together: how many pictures belong together, and are laid out so that no row has some of
            others; 0: they need not be.
        measure: what is measured of each picture; empty: nothing.
    """

    key: str
    title: str
    pictures: tuple[Picture, ...]
    unit: str
    scale: Literal["sequential", "diverging"]
    limits: tuple[float, float]
    caption: str = ""
    entries: tuple[str, ...] = ()
    together: int = 0
    measure: str = ""

    @property
    def widths(self) -> range | list[int]:
        """How many pictures may stand in a row."""
        every = range(1, len(self.pictures) + 1)
        return [n for n in every if self.together % n == 0] if self.together else every


@dataclass(frozen=True, eq=False)
class Points:
    """Some points of a map.

    Attributes:
        name: what the legend calls them.
        x, y: (n,).
        colour: as of a line.
    """

    name: str
    x: Floats
    y: Floats
    colour: Colour = 0


@dataclass(frozen=True, eq=False)
class MapPlot:
    """A function over a rectangle of the plane, with points and paths on it.

    Attributes:
        key, title, x_label, y_label, caption: as of a `Plot`.
        x, y: (m,) and (n,) evenly spaced places.
        values: (n, m) the function there, y upwards; with "classes", which class is likeliest, as
            its index plus how sure that is, from 0 to 1 (exclusive).
        meaning: "levels" of a quantity, or "classes".
        unit: of the levels.
        points, paths: drawn on top.
        log: whether the levels are shown on a logarithmic scale.
        class_names: of the classes, in order.
    """

    key: str
    title: str
    x_label: str
    y_label: str
    x: Floats
    y: Floats
    values: Floats
    meaning: Literal["levels", "classes"]
    unit: str = ""
    points: tuple[Points, ...] = ()
    paths: tuple[Line, ...] = ()
    log: bool = False
    caption: str = ""
    class_names: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """What each class is called, by a number if it has no name; nothing of levels."""
        if self.meaning == "levels":
            return ()
        finite = self.values[np.isfinite(self.values)]
        count = int(finite.max()) + 1 if finite.size else 0
        numbered = range(len(self.class_names), count)
        return self.class_names + tuple(f"class {index + 1}" for index in numbered)


AnyPlot: TypeAlias = Plot | PicturePlot | MapPlot


def _with_unit(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label
