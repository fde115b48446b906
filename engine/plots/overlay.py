"""Several runs in one plot: a colour and a number for each run, a stroke for each line within."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.plots.base import PALETTE, Colour, Dash, Factors, Line, MapPlot, PicturePlot, Plot
from engine.plots.catalogue import MEANT, PLOTS
from engine.plots.kind import PlotKind
from engine.runs.records import RunRecord

MOST_COLOURS: Final = len(PALETTE)
"""Runs beyond are grey."""
_STROKES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")
_ROOM_FOR_NUMBERS: Final = 0.05
"""Of the x axis, behind the end of lines."""
_OF_PICTURES: Final = "pictures of several runs would cover each other: open a run to see its own"
_OF_MAPS: Final = "maps of several runs would cover each other: open a run to see its own"


@dataclass(frozen=True)
class Overlaid:
    """A run that is laid over others.

    Attributes:
        number: what tells it from the others, from 1; its colour follows from it.
        name: what it is called beside its number.
        record: of the run, as it stands or stood.
    """

    number: int
    name: str
    record: RunRecord

    @property
    def colour(self) -> Colour:
        """Its place in the palette; the runs beyond it are neutral."""
        return self.number - 1 if self.number <= MOST_COLOURS else "reference"

    @property
    def label(self) -> str:
        """Its number with its name."""
        return f"{self.number} {self.name}".strip()


def overlays(runs: Sequence[Overlaid]) -> list[Plot]:
    """Every plot that means something for one of the runs, in the order of the catalogue.

    A plot that cannot show several runs has no lines; its caption says why not.

    Args:
        runs: in the order in which they are drawn; at least one.
    """
    named = {MEANT.get(key, key) for run in runs for key in run.record.experiment.highlights}
    found = []
    for kind in PLOTS.values():
        if kind.why_alone:
            if kind.key in named:
                found.append(_alone(kind.key, kind.title, kind.why_alone))
            continue
        plot = _overlay(kind, runs)
        if plot is not None:
            found.append(plot)
    return found


def _overlay(kind: PlotKind, runs: Sequence[Overlaid]) -> Plot | None:
    made = [(run, plot) for run in runs if (plot := kind.plot(run.record)) is not None]
    if not made:
        return None
    if any(isinstance(plot, PicturePlot) for _, plot in made):
        return _alone(kind.key, kind.title, _OF_PICTURES)
    if any(isinstance(plot, MapPlot) for _, plot in made):
        return _alone(kind.key, kind.title, _OF_MAPS)
    return together([(run, plot) for run, plot in made if isinstance(plot, Plot)])


def together(made: Sequence[tuple[Overlaid, Plot]]) -> Plot:
    """The same plot of several runs as one, over the axes that all of them have.

    Runs in which it has other axes than in the first, or other units, are left out, and the caption
    says so.

    Args:
        made: the runs with their plots; at least one.
    """
    _, first = made[0]
    fitting = [(run, plot) for run, plot in made if _axes(plot) == _axes(first)]
    others = [run for run, plot in made if _axes(plot) != _axes(first)]
    folds, lines = False, list[Line]()
    for run, plot in fitting:
        own = _measured(plot)
        kept = _folded(own)
        folds |= len(kept) < len(own)
        lines += _of_run(run, kept)
    start = min(plot.x_range[0] for _, plot in fitting)
    end = max(plot.x_range[1] for _, plot in fitting)
    lacking = [run for run, plot in fitting if plot.is_empty]
    told = (
        f"medians, and the range of all {_what(first)}" if folds else "",
        f"without {_numbers(others)}: other axes" if others else "",
        f"nothing yet of {_numbers(lacking)}" if lacking and len(lacking) < len(fitting) else "",
    )
    waits = first.caption if len(lacking) == len(fitting) else ""
    return replace(
        first,
        lines=tuple(lines),
        x_range=(start, end + _ROOM_FOR_NUMBERS * (end - start)),
        log_y=any(plot.log_y for _, plot in fitting),
        caption="; ".join(filter(None, told)) or waits,
        marks=(),
        y_covers=None,
        others=tuple(
            together([(run, over) for run, plot in fitting for over in _over(plot, other.across)])
            for other in first.others
        ),
    )


def _alone(key: str, title: str, why: str) -> Plot:
    """A plot that shows nothing but why it does not."""
    return Plot(key, title, "", "", (), (0.0, 1.0), caption=why)


def _axes(plot: Plot) -> tuple[object, ...]:
    """What two plots must have in common to be drawn as one."""
    return plot.x_title, plot.y_title, plot.x_names, plot.x_places, plot.years_x, plot.dates_x


def _over(plot: Plot, across: str) -> Iterable[Plot]:
    return (other for other in plot.others if other.across == across)


def _measured(plot: Plot) -> list[Line]:
    """The lines of a run itself: no past ones, no baselines, nothing predicted."""
    return [
        line
        for line in plot.lines
        if not line.faint and line.predicted is None and line.colour not in ("reference", "wrong")
    ]


def _folded(lines: Sequence[Line]) -> list[Line]:
    """Few enough lines for strokes to tell them apart: many become their median and range.

    Lines that differ in two things, such as layers and weights or biases, are folded by the
    second, which their strokes stand for.
    """
    if len(lines) <= len(_STROKES):
        return list(lines)
    by_stroke: dict[str, list[Line]] = {}
    for line in lines:
        by_stroke.setdefault(line.factors.stroke if line.factors else "", []).append(line)
    if len(by_stroke) > len(_STROKES):
        by_stroke = {"": list(lines)}
    same = all(
        one.is_joined and one.x.shape == several[0].x.shape and np.array_equal(one.x, several[0].x)
        for several in by_stroke.values()
        for one in several
    )
    if not same:
        return list(lines)
    return [_median(name or "median", several) for name, several in by_stroke.items()]


def _median(name: str, lines: Sequence[Line]) -> Line:
    """The median of lines over the same places, within their range."""
    if len(lines) == 1:
        return replace(lines[0], name=name)
    columns = np.array([line.y for line in lines])
    known = np.isfinite(columns).any(axis=0)
    middle, low, high = (np.full(columns.shape[1], np.nan) for _ in range(3))
    middle[known] = np.nanmedian(columns[:, known], axis=0)
    low[known] = np.nanmin(columns[:, known], axis=0)
    high[known] = np.nanmax(columns[:, known], axis=0)
    return Line(name, lines[0].x, middle, lines[0].colour, lines[0].dash, low=low, high=high)


def _of_run(run: Overlaid, lines: Sequence[Line]) -> list[Line]:
    """The lines in the run's colour, told apart by strokes; the first has the run's number."""
    joined = sorted((one for one in lines if one.is_joined), key=_rank)
    dashes = [line.dash for line in joined]
    if len({*dashes}) < len(dashes):  # by their colours until now
        dashes = [_STROKES[place % len(_STROKES)] for place in range(len(joined))]
    strokes = {line.name: dash for line, dash in zip(joined, dashes, strict=True)}
    leading = next((line.name for line in joined if strokes[line.name] == "solid"), None)
    leading = leading or next((line.name for line in lines), None)
    is_single = len(lines) == 1
    return [
        replace(
            line,
            name=run.label if is_single else f"{run.number} {line.name}",
            colour=run.colour,
            dash=strokes.get(line.name, line.dash),
            towards=None,
            came_from=None,
            before=None,
            factors=Factors("run", run.label, line.name),
            tag=str(run.number) if line.name == leading else "",
        )
        for line in lines
    ]


def _rank(line: Line) -> int:
    return line.colour if isinstance(line.colour, int) else MOST_COLOURS


def _what(plot: Plot) -> str:
    """What many lines of a plot are, as far as they say so."""
    whole = {line.factors.colours for line in plot.lines if line.factors}
    return f"{whole.pop()}s" if len(whole) == 1 else "groups"


def _numbers(runs: Sequence[Overlaid]) -> str:
    numbers = [str(run.number) for run in runs]
    return " and ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))


def number_places(lines: Sequence[Line], *, log: bool) -> list[tuple[Line, float, float]]:
    """Where the numbers of runs stand: at the ends of their lines.

    Returns:
        The lines that have one, each with the x and y of its last point that has a place.
    """
    found = []
    for line in lines:
        has_place = np.isfinite(line.y) & np.isfinite(line.x)
        if log:
            has_place &= line.y > 0
        places = np.flatnonzero(has_place)
        if line.tag and len(places):
            last = int(places[-1])
            found.append((line, float(line.x[last]), float(line.y[last])))
    return found
