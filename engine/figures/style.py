"""How figures look: their sizes, their strokes and type, and how words and numbers are set."""

import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from matplotlib import colormaps, style
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import (
    Formatter,
    FuncFormatter,
    LogLocator,
    NullLocator,
    ScalarFormatter,
)

from engine.plots import PALETTE, Colour, Line, apart, ticks_in_words
from engine.plots.colour_maps import DIVERGING, SEQUENTIAL
from engine.plots.words import Write, with_separators

Size = Literal["column", "page", "slide", "poster"]

INK, GREY, GRID, NOTHING, RED = "#222222", "#666666", "#E3E3E3", "#D9D9D9", "#B3261E"
COLOUR_MAPS: Final = {
    "sequential": colormaps[SEQUENTIAL],
    "diverging": LinearSegmentedColormap.from_list("diverging", DIVERGING),
}
_DASHES: Final = {"solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 2))}
_MOST_DIGITS: Final = 200  # of numbers on an axis: around it are margins, and ticks beyond
_SUPERSCRIPTS: Final = str.maketrans("-\N{MINUS SIGN}0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL: Final = 0.9  # ticks and legends against labels
_drawing = threading.RLock()


@dataclass(frozen=True)
class Look:
    """One size of figure, and what goes with it.

    Attributes:
        title: for people.
        width: in inches.
        height: in inches; None: it follows from what is drawn.
        ratio: height to width of lines, where the height is free.
        points: the size of type.
        stroke: how thick a line is, in points.
        beside: how much of the width a legend may take beside the plot; a wider one goes below.
        dots: dots an inch of a PNG.
        moving_dots: dots an inch of an animation.
    """

    title: str
    width: float
    height: float | None
    ratio: float
    points: float
    stroke: float
    beside: float
    dots: int
    moving_dots: int

    @property
    def em(self) -> float:
        """The size of type in inches."""
        return self.points / 72

    @property
    def small(self) -> float:
        """The size of the type of ticks and legends, in points."""
        return _SMALL * self.points

    @property
    def margin(self) -> float:
        """What stays empty around everything, in inches."""
        return 0.7 * self.em


SIZES: Final[dict[Size, Look]] = {
    "column": Look("Column of a paper", 3.5, None, 0.64, 8, 1.2, 0.0, 300, 200),
    "page": Look("Width of a page", 7.0, None, 0.5, 9, 1.6, 0.24, 300, 150),
    "slide": Look("Slide", 10.0, 5.6, 0.5, 16, 2.6, 0.28, 200, 125),
    "poster": Look("Poster", 16.0, None, 0.5, 28, 4.6, 0.24, 150, 80),
}


@contextmanager
def drawing(look: Look) -> Iterator[None]:
    """Our style, not anybody's own, and one thread at a time: matplotlib's state is global."""
    rules: dict[Any, Any] = {
        "font.family": ["DejaVu Sans", "sans-serif"],
        "font.size": look.points,
        "text.hinting": "no_hinting",  # so that text is as wide at any number of dots
        "text.parse_math": False,  # names may hold dollar signs
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.labelpad": 0.4 * look.points,
        "axes.linewidth": 0.4 * look.stroke,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.formatter.useoffset": False,
        "grid.color": GRID,
        "grid.linewidth": 0.4 * look.stroke,
        "xtick.labelsize": look.small,
        "ytick.labelsize": look.small,
        "legend.frameon": False,
        "legend.fontsize": look.small,
        "legend.borderpad": 0.0,
        "legend.borderaxespad": 0.0,
        "legend.handlelength": 16 * look.stroke / look.small,  # three whole dashes
        "legend.columnspacing": 1.6,
        "legend.labelspacing": 0.35,
        "pdf.fonttype": 42,
        "svg.fonttype": "none",  # text stays text, to be searched and edited
        "svg.hashsalt": "retrograde",
    }
    for axis in ("xtick", "ytick"):
        for kind, length in (("major", 0.35), ("minor", 0.2)):
            rules[f"{axis}.{kind}.size"] = length * look.points
            rules[f"{axis}.{kind}.width"] = 0.4 * look.stroke
            rules[f"{axis}.{kind}.pad"] = 0.3 * look.points
    with _drawing, style.context(["default", rules]):
        yield


def colour_of(colour: Colour) -> str:
    """A plot's colour on white."""
    if colour == "wrong":
        return RED
    return GREY if colour == "reference" else PALETTE[colour % len(PALETTE)]


def stroke_of(line: Line, look: Look) -> dict[str, Any]:
    """How matplotlib is to draw a line."""
    return {
        "color": colour_of(line.colour),
        "linestyle": _DASHES[line.dash],
        "linewidth": (0.55 if line.faint else 1.0) * look.stroke,
        "alpha": 0.45 if line.faint else 1.0,
    }


def number_in_words(value: float, digits: int = 6) -> str:
    """A number for a tick: "0.05", "2,000", "10⁻⁶"."""
    if _is_plain(value):
        return f"{value:,.{digits}g}".replace("-", "\N{MINUS SIGN}")
    return _as_power(value, digits)


class TicksApart(Formatter):
    """Ticks with as many digits as tell them apart.

    Args:
        digits: how many there are usually.
        write: how one tick is written.
    """

    def __init__(self, digits: int = 6, write: Write = number_in_words) -> None:
        self._digits, self._write = digits, write

    def __call__(self, x: float, pos: int | None = None) -> str:
        """A tick by itself."""
        return self._write(x, self._digits)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All ticks of an axis."""
        return ticks_in_words(values, self._digits, self._write)


class LogTicks(TicksApart):
    """Ticks of a logarithmic axis: all as powers of ten, or none of those that are seen."""

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All ticks of an axis."""
        assert self.axis is not None, "an axis asks its formatter"
        low, high = sorted(self.axis.get_view_interval())
        seen = [value for value in values if low <= value <= high]
        if all(map(_is_plain, seen)):
            return super().format_ticks(values)
        return apart(values, self._digits, _as_power)


def _is_plain(value: float) -> bool:
    return value == 0 or 1e-3 <= abs(value) < 1e5


def _as_power(value: float, digits: int = 6) -> str:
    """A number as a power of ten: "10³", "2×10⁻⁵"."""
    mantissa, exponent = f"{value:.{max(digits - 3, 0)}e}".split("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPTS)
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    mantissa = mantissa.replace("-", "\N{MINUS SIGN}")
    return power if mantissa == "1" else f"{mantissa}×{power}"


class PlainNumbers(ScalarFormatter):
    """Ticks of a linear axis; a common power of ten is written "×10⁻⁵".

    Attributes:
        has_separators: whether thousands stand apart.
    """

    has_separators = True

    def __call__(self, x: float, pos: int | None = None) -> str:
        """A tick."""
        text = super().__call__(x, pos)
        return with_separators(text) if self.has_separators else text

    def get_offset(self) -> str:
        """The common power of ten."""
        power = super().get_offset().rpartition("e")[2]  # of "1e−5"
        return f"×10{power.translate(_SUPERSCRIPTS)}" if power else ""


_FINER: Final = (
    (1.0, 2.0, 5.0),
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    *(tuple(np.arange(10, 100, step) / 10) for step in (10, 5, 2, 1)),
)
"""Ticks in each power of ten of a short logarithmic axis: the coarsest that are enough."""
_FEWEST_TICKS: Final = 2


def _count(subs: tuple[float, ...], low: float, high: float) -> int:
    """How many such ticks there are within limits above 0."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    ticks = np.outer(powers, subs)
    return int(np.sum((low <= ticks) & (ticks <= high)))


def set_logarithmic(axis: Axis, low: float, high: float) -> None:
    """Ticks of a logarithmic axis, with enough of them where it spans little."""
    short = high < 100 * low
    fine = next((subs for subs in _FINER if _count(subs, low, high) >= _FEWEST_TICKS), _FINER[-1])
    axis.set_major_locator(LogLocator(subs=fine if short else (1.0,)))
    axis.set_minor_locator(NullLocator() if short else LogLocator(subs="auto"))
    axis.set_major_formatter(LogTicks())
    axis.set_minor_formatter(FuncFormatter(lambda value, _: ""))


def range_of(columns: list[Any], *, log: bool, margin: float = 0.05) -> tuple[float, float]:
    """Limits that show all values, with a margin; 0 to 1 (or 1 to 10) where there are none.

    What is beyond ±10²⁰⁰, or on a logarithmic axis below 10⁻²⁰⁰, is beyond any axis.
    """
    values = np.concatenate([np.zeros(0), *columns])
    values = np.clip(values[np.isfinite(values)], -(10.0**_MOST_DIGITS), 10.0**_MOST_DIGITS)
    if log:
        values = np.clip(np.log10(values[values > 0]), -_MOST_DIGITS, _MOST_DIGITS)
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    extra = margin * (high - low)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-12):
        extra = 0.1 * (abs(high) or 1.0)
    low, high = low - extra, high + extra
    return (10.0**low, 10.0**high) if log else (low, high)


class Typesetter:
    """Breaks and shortens text by its true width in a figure.

    Args:
        figure: whose resolution counts.
    """

    def __init__(self, figure: Figure) -> None:
        self._renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        self._dots = figure.dpi
        self._widths: dict[tuple[str, float, bool], float] = {}

    def width(self, text: str, points: float, *, bold: bool = False) -> float:
        """How wide a text is, in inches, and a little more."""
        key = (text, points, bold)
        if key not in self._widths:
            font = FontProperties(size=points, weight="bold" if bold else "normal")
            pixels = self._renderer.get_text_width_height_descent(text, font, ismath=False)[0]
            self._widths[key] = float(1.02 * pixels / self._dots)
        return self._widths[key]

    def shortened(self, text: str, room: float, points: float, *, bold: bool = False) -> str:
        """A text that fits into so many inches, an ellipsis in its middle if need be."""
        if self.width(text, points, bold=bold) <= room:
            return text
        short = [
            f"{text[: -(-kept // 2)].rstrip()}…{text[len(text) - kept // 2 :].lstrip()}"
            for kept in range(2, len(text))
        ]
        fitting = bisect_right(short, room, key=lambda each: self.width(each, points, bold=bold))
        return short[fitting - 1] if fitting else "…"

    def wrapped(
        self, text: str, room: float, points: float, *, rows: int = 2, bold: bool = False
    ) -> str:
        """A text broken between words into at most so many rows; what is too long is shortened."""
        words = [word for word in re.split(r"[ \t\r\n]+", text) if word]
        broken: list[str] = []
        for index, word in enumerate(words):
            longer = f"{broken[-1]} {word}" if broken else word
            if broken and self.width(longer, points, bold=bold) <= room:
                broken[-1] = longer
            elif len(broken) == rows:
                broken[-1] = " ".join([broken[-1], *words[index:]])
                break
            else:
                broken.append(word)
        return "\n".join(self.shortened(row, room, points, bold=bold) for row in broken)
