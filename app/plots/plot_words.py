"""A plot in a sentence, for screen readers."""

import numpy as np

from engine.arrays import Floats
from engine.plots import (
    LEVEL,
    AnyPlot,
    Line,
    MapPlot,
    PicturePlot,
    Plot,
    apart,
    bytes_in_words,
    number_in_words,
)

_MOST_LINES = 8


def describe(plot: AnyPlot) -> str:
    """What a plot shows, over which range, and its latest values."""
    if isinstance(plot, PicturePlot):
        return _describe_pictures(plot)
    if isinstance(plot, MapPlot):
        return _describe_map(plot)
    lines = [line for line in plot.lines if not line.faint]
    told = [
        _describe_line(line, plot) if line.predicted is None else _describe_prediction(line, plot)
        for line in lines[:_MOST_LINES]
    ]
    if len(lines) > _MOST_LINES:
        told.append(f"and {len(lines) - _MOST_LINES} more lines")
    told += [f"marked: {mark.name}" for mark in plot.marks]
    return f"{plot.y_title} over {plot.x_label}: {'; '.join(told) or 'no data yet'}."


def _describe_line(line: Line, plot: Plot) -> str:
    """As "validation falls from 0.409 to 0.188, meta-iteration 0 to 25"."""
    finite = np.isfinite(line.y)
    x, y = line.x[finite], line.y[finite]
    if not y.size:
        return f"{line.name} has no value yet"

    write = bytes_in_words if plot.bytes_y else number_in_words
    if plot.x_names:
        told = apart(y.tolist(), 3, write)
        places = (f"{text} for {plot.x_in_words(at)}" for at, text in zip(x, told, strict=True))
        return f"{line.name} is {', '.join(places)}"
    ends = [float(value) for value in (y[0], y[-1], y.min(), y.max())]
    first, last, low, high = apart(ends, 3, write)
    if y.size == 1:
        return f"{line.name} is {first} at {x[0]:g}"
    if first == last:
        moved = f"starts and ends at {first}"
    else:
        moved = f"{'falls' if y[-1] < y[0] else 'rises'} from {first} to {last}"
    turns = (
        f", between {low} and {high}"
        if min(y[0], y[-1]) > y.min() or max(y[0], y[-1]) < y.max()
        else ""
    )
    doubt = ""
    if line.band is not None:
        error = (line.band[1] - line.band[0])[finite] / 2
        doubt = f", plus or minus {write(float(error[-1]), 3)} at the end"
    over = " to ".join(apart([float(x[0]), float(x[-1])], 6))
    return f"{line.name} {moved}{turns}{doubt}, {plot.x_label} {over}"


def _describe_prediction(line: Line, plot: Plot) -> str:
    """As "predicted, not measured: 0.15 at meta-iteration 50, 90 % band 0.12 to 0.2"."""
    ends = [line.y, *(line.band or ())]
    end, *band = (number_in_words(float(values[-1]), 3) for values in ends)
    within = f", {100 * LEVEL:.0f} % band {' to '.join(band)}" if band else ""
    at = f"{plot.x_label} {line.x[-1]:g}"
    return f"{line.name}, not measured: {end} at {at}{within}; {line.predicted}"


def _describe_pictures(plot: PicturePlot) -> str:
    if not plot.pictures:
        return "No picture yet."
    rows, columns = plot.pictures[0].values.shape
    values = np.concatenate([picture.values.ravel() for picture in plot.pictures])
    count = len(plot.pictures)
    pictures = f"{count} picture{'' if count == 1 else 's'} of {rows} by {columns}"
    of_what = f", of {', '.join(plot.entries)}" if plot.entries else ""
    return f"{pictures}{of_what}; {plot.unit} {_range(values)}."


def _describe_map(plot: MapPlot) -> str:
    parts = [f"{plot.x_label} {_range(plot.x)}, {plot.y_label} {_range(plot.y)}"]
    if plot.meaning == "classes":
        parts.append(f"class regions: {', '.join(plot.classes)}")
    else:
        parts.append(f"{plot.unit} {_range(plot.values)}")
    parts += [f"{len(points.x)} points: {points.name}" for points in plot.points]
    for path in plot.paths:
        ends = np.flatnonzero(np.isfinite(path.x) & np.isfinite(path.y))
        if ends.size:
            at = ends[-1]
            parts.append(f"{path.name} has reached {path.x[at]:.3g}, {path.y[at]:.3g}")
    return f"{'; '.join(parts)}."


def _range(values: Floats) -> str:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "has no value yet"
    return f"from {' to '.join(apart([float(finite.min()), float(finite.max())], 3))}"
