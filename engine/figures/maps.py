"""Maps in figures: levels of a quantity or regions of classes, with points and paths on them."""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import AutoLocator, MaxNLocator
from scipy.ndimage import gaussian_filter

from engine.arrays import Floats
from engine.figures.bodies import COLOURS, STEPS, clear, name_axes, settle
from engine.figures.style import (
    GREY,
    NOTHING,
    Look,
    PlainNumbers,
    TicksApart,
    Typesetter,
    colour_of,
    number_in_words,
    stroke_of,
)
from engine.plots import AS_THE_PLOT_SAYS, Line, MapPlot, Points, Showing

_LEVELS = 12  # of a scale of levels
_SURENESS = (0.0, 0.25, 0.5, 0.75, 1.01)  # bands in which a class's region is drawn
_NUMBERED: Final = re.compile(r"(.+) \d+")
_PALEST, _STRONGEST = 0.16, 0.42


class MapBody:
    """A map of the plane; a `Body`.

    Args:
        frames: the plots it will show.
        figure, look, type: where and how it is drawn.
        showing: the part that is shown.
    """

    def __init__(
        self,
        frames: Sequence[MapPlot],
        figure: Figure,
        look: Look,
        type: Typesetter,
        showing: Showing = AS_THE_PLOT_SAYS,
    ) -> None:
        self._frames, self._figure, self._look, self._type = frames, figure, look, type
        self._drawn: list[Artist] = []
        self.axes = figure.add_subplot()
        self.axes.grid(visible=False)
        self._left, self._right = showing.x_range or _ends([plot.x for plot in frames])
        self._low, self._high = showing.y_range or _ends([plot.y for plot in frames])
        self.axes.set_xlim(self._left, self._right)
        self.axes.set_ylim(self._low, self._high)
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_locator(AutoLocator())
            axis.set_major_formatter(PlainNumbers())
        self._squeeze = (self._high - self._low) / (self._right - self._left)
        has_levels = frames[-1].meaning == "levels"
        self._levels = levels_of(frames) if has_levels else None
        self.beside = None if has_levels else self.axes  # the bar of colours stands there

    @property
    def _is_true_to_scale(self) -> bool:
        """Whether an inch is the same across and up: of inputs of alike ranges."""
        return self._frames[-1].meaning == "classes" and 0.4 <= self._squeeze <= 2.5

    def legend(self) -> list[Artist]:
        """Regions of classes, points and paths, each name once."""
        handles: dict[str, Artist] = {}
        for plot in self._frames:
            if plot.meaning == "classes":
                for index, name in enumerate(plot.classes):
                    tone = _tone(index, (_PALEST + _STRONGEST) / 2)
                    handles.setdefault(name, Patch(color=tone, label=name))
        for plot in self._frames:
            for points in plot.points:
                handles[points.name] = self._dots(points)
            for path in plot.paths:
                name = _name_of(path)
                handles[name] = Line2D(
                    [], [], label=name, **stroke_of(path, self._look), **self._end_mark
                )
        return list(handles.values())

    def height(self, width: float) -> float:
        """Rather square; as its ranges say where it is true to scale."""
        if self._is_true_to_scale:
            room = width - 4 * self._look.em
            return min(self._squeeze * room, 1.5 * self._look.ratio * width) + 3 * self._look.em
        return 1.35 * self._look.ratio * width

    def place(self, left: float, bottom: float, width: float, height: float) -> None:
        """Lay out axes, their labels and the bar of colours within the part."""
        labels = self._frames[-1].x_label, self._frames[-1].y_label
        name_axes(self.axes, labels, width, height, self._look, self._type)
        settle(
            self.axes,
            (left, bottom, width, height),
            ratio=self._squeeze if self._is_true_to_scale else None,
            bar=None if self._levels is None else self._bar(self._levels, height),
            gap=0.8 * self._look.em,
        )

    def _bar(self, levels: Floats, height: float) -> Axes:
        colours = ScalarMappable(BoundaryNorm(levels, 256), COLOURS["sequential"])
        ways = [levels] if len(levels) <= 8 else [levels[::2], levels[1::2]]
        shown = min(ways, key=lambda way: sum(len(number_in_words(level)) for level in way))
        bar = self._figure.colorbar(colours, cax=self._figure.add_axes((0, 0, 1, 1)), ticks=shown)
        bar.outline.set(visible=False)
        bar.ax.yaxis.set_major_formatter(TicksApart())
        bar.minorticks_off()
        unit = self._frames[-1].unit
        bar.set_label(self._type.wrapped(unit, height - 5 * self._look.em, self._look.points))
        return bar.ax

    def show(self, plot: MapPlot) -> None:
        """Draw the map, and what lies on it."""
        clear(self._drawn)
        if min(plot.values.shape) > 1:
            if self._levels is None:
                self._draw_classes(plot)
            else:
                self._draw_levels(plot, self._levels)
        thin = 0.35 * self._look.stroke
        for points in plot.points:
            self._drawn.append(
                self.axes.scatter(
                    points.x,
                    points.y,
                    s=(0.45 * self._look.points) ** 2,
                    color=colour_of(points.colour),
                    edgecolors="white",
                    linewidths=thin,
                    zorder=6,  # where paths begin can be seen although they come back
                )
            )
        for path in plot.paths:
            self._drawn += self._draw_path(path)

    def _draw_levels(self, plot: MapPlot, levels: Floats) -> None:
        hidden = ~np.isfinite(plot.values) | (plot.values <= 0 if plot.log else False)
        inside = np.clip(plot.values, levels[0], levels[-1])  # levels enclose but for rounding
        values = np.ma.masked_array(inside, hidden)
        self.axes.set_facecolor(NOTHING)
        norm = BoundaryNorm(levels, 256)
        filled = self.axes.contourf(
            plot.x, plot.y, values, levels, cmap=COLOURS["sequential"], norm=norm
        )
        self._drawn.append(filled)
        lowest, highest = values.min(), values.max()
        between = [level for level in levels if lowest < level < highest]
        if between:
            thin = 0.35 * self._look.stroke
            lines = self.axes.contour(
                plot.x, plot.y, values, between, colors="white", linewidths=thin, alpha=0.7
            )
            self._drawn.append(lines)

    def _draw_classes(self, plot: MapPlot) -> None:
        """Regions of a pale tone each, in bands of how sure it is."""
        index = np.floor(plot.values)
        sure = plot.values - index
        finite = np.isfinite(sure)
        floor = float(sure[finite].min()) if finite.any() else 0.0
        margin = (sure - floor) / (1.0 - floor) + 1e-9  # is 0 where two classes meet
        names = plot.classes
        for number in range(len(names)):
            inside = index == number
            if not inside.any():
                continue
            surface = np.where(inside, margin, -margin)
            if len(names) > 2 and finite.all():  # it jumps there if neither is half sure
                surface = gaussian_filter(surface, 0.8, mode="nearest")
            surface = np.ma.masked_invalid(surface)
            tones = [
                _tone(number, depth)
                for depth in np.linspace(_PALEST, _STRONGEST, len(_SURENESS) - 1)
            ]
            self._drawn.append(self.axes.contourf(plot.x, plot.y, surface, _SURENESS, colors=tones))
            if not inside.all():
                wide = 0.5 * self._look.stroke
                self._drawn.append(
                    self.axes.contour(plot.x, plot.y, surface, [0.0], colors=GREY, linewidths=wide)
                )

    def _draw_path(self, path: Line) -> list[Artist]:
        style = stroke_of(path, self._look)
        halo = [withStroke(linewidth=1.9 * style["linewidth"], foreground="white", alpha=0.8)]
        if path.dash != "solid":  # what lies below is seen between dashes
            halo = []
        drawn: list[Artist] = list(
            self.axes.plot(path.x, path.y, zorder=4, path_effects=halo, **style)
        )
        ends = np.flatnonzero(np.isfinite(path.x) & np.isfinite(path.y))
        if ends.size:
            last = ends[-1:]
            style |= {"linestyle": "", "zorder": 5, **self._end_mark}
            drawn += self.axes.plot(path.x[last], path.y[last], **style)
        return drawn

    @property
    def _end_mark(self) -> dict[str, Any]:
        return {
            "marker": "o",
            "markersize": 0.65 * self._look.points,
            "markeredgecolor": "white",
            "markeredgewidth": 0.5 * self._look.stroke,
        }

    def _dots(self, points: Points) -> Line2D:
        return Line2D(
            [],
            [],
            label=points.name,
            color=colour_of(points.colour),
            linestyle="",
            marker="o",
            markersize=0.6 * self._look.points,
            markeredgewidth=0,
        )


def _name_of(path: Line) -> str:
    """What the legend calls it: earlier ones, which all look the same, by one name."""
    numbered = _NUMBERED.fullmatch(path.name) if path.faint else None
    return f"earlier {numbered[1]}s" if numbered else path.name


def levels_of(frames: Sequence[MapPlot]) -> Floats:
    """About ten round numbers that enclose the values of all frames."""
    log = frames[-1].log
    values = np.concatenate([plot.values.ravel() for plot in frames])
    values = values[np.isfinite(values)]
    values = values[values > 0] if log else values
    low, high = (float(values.min()), float(values.max())) if values.size else (1.0, 10.0)
    if log and high > 3 * low:
        return _powers(low, high)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        low, high = low - (0.1 * abs(low) or 1.0), high + (0.1 * abs(high) or 1.0)
    ticks = MaxNLocator(_LEVELS, steps=STEPS).tick_values(low, high)
    return _enclosing(np.asarray(ticks, np.float64), low, high)


def _powers(low: float, high: float) -> Floats:
    decades = np.log10(high) - np.log10(low)
    if decades > 4:
        stride = int(np.ceil(decades / _LEVELS))
        exponents = np.arange(np.floor(np.log10(low)), np.log10(high) + 2 * stride, stride)
        return _enclosing(10.0**exponents, low, high)
    mantissas = [1.0, 2.0, 5.0]
    if decades < 1:
        mantissas = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0]
    elif decades < 2:
        mantissas = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0]
    exponents = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    return _enclosing(np.outer(10.0**exponents, mantissas).ravel(), low, high)


def _enclosing(levels: Floats, low: float, high: float) -> Floats:
    """From the last level that is not above the least value to the first not below the most."""
    first = max(int(np.searchsorted(levels, low, side="right")) - 1, 0)
    last = min(int(np.searchsorted(levels, high, side="left")), len(levels) - 1)
    return levels[first : max(last, first + 1) + 1]


def _tone(index: int, depth: float) -> str:
    """A class's colour, thinned with white."""
    red, green, blue = (1.0 - depth * (1.0 - part) for part in to_rgb(colour_of(index)))
    return to_hex((red, green, blue))


def _ends(several: Sequence[Floats]) -> tuple[float, float]:
    places = np.concatenate([np.zeros(0), *several])
    if not places.size:
        return 0.0, 1.0
    low, high = float(places.min()), float(places.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
