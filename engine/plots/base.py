"""What a plot is, whatever draws it: lines, pictures side by side, or a map of the plane."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from engine.exact import Floats

Colour = int | Literal["reference"]

PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, safe for colour-blind people; their yellow is too pale on white."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a plot.

    Attributes:
        name: what the legend calls it.
        x, y: (n,) its points; NaN in y leaves a gap.
        colour: place in the palette, or "reference" for a neutral tone.
        dash: its stroke.
        faint: drawn thin and pale, as what was before.
        towards: (n,) where each y goes with the next meta-step, drawn as arrows; or None.
    """

    name: str
    x: Floats
    y: Floats
    colour: Colour = 0
    dash: Literal["solid", "dashed", "dotted"] = "solid"
    faint: bool = False
    towards: Floats | None = None


@dataclass(frozen=True, eq=False)
class Plot:
    """Lines over a common x axis.

    Attributes:
        key: its name in files.
        title, x_label, y_label: for people; labels carry the unit.
        lines: what is drawn.
        x_range: the range that x will cover by the end, known beforehand.
        log_y: whether the y axis is logarithmic.
        bytes_y: whether y counts bytes, so that ticks say kB and MB.
        caption: one line under the title; may be empty.
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


@dataclass(frozen=True, eq=False)
class Picture:
    """A matrix shown as an image; row 0 is at the top.

    Attributes:
        name: what stands above it.
        values: (rows, columns).
    """

    name: str
    values: Floats


@dataclass(frozen=True, eq=False)
class PicturePlot:
    """Pictures side by side, with one scale of colours for all of them.

    Attributes:
        key, title, caption: as of a `Plot`.
        pictures: what is shown.
        unit: what the colours mean.
        scale: "sequential" from low to high, or "diverging" around zero.
        limits: what the ends of the scale stand for.
    """

    key: str
    title: str
    pictures: tuple[Picture, ...]
    unit: str
    scale: Literal["sequential", "diverging"]
    limits: tuple[float, float]
    caption: str = ""


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
        unit: of the levels, or the classes' names in order, separated by commas.
        points, paths: drawn on top.
        log: whether the levels are shown on a logarithmic scale.
    """

    key: str
    title: str
    x_label: str
    y_label: str
    x: Floats
    y: Floats
    values: Floats
    meaning: Literal["levels", "classes"]
    unit: str
    points: tuple[Points, ...] = ()
    paths: tuple[Line, ...] = ()
    log: bool = False
    caption: str = ""


AnyPlot: TypeAlias = Plot | PicturePlot | MapPlot


def bytes_in_words(count: float) -> str:
    """A number of bytes for a tick or a caption: "1.5 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB" if abs(count) < 999.5 else f"{count:.0f} TB"
