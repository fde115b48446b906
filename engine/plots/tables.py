"""The numbers behind a plot, as a table and as CSV."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from engine.arrays import Floats, Integers
from engine.plots.base import AnyPlot, Line, MapPlot, PicturePlot, Plot

Cell: TypeAlias = float | str

_CLASSES: Final = ["class", "certainty (0 to 1)"]
_PART: Final = "part of the axis"


def table(plot: AnyPlot) -> tuple[list[str], list[list[Cell]]]:
    """A plot's numbers as a table.

    Of lines a column of x, then one a line and, where it has a band, two for the ends of that; NaN
    where a line has no value. An x that a line has several times has as many rows. Of points around
    names a row for each, with the name, and x from there. Of pictures a row for each of their
    points, by name where rows and columns have names, else with the picture's name at the end, and
    what is measured of it. Of a map a row for each of its places, with the name of the likeliest
    class and how sure that is, from 0 to 1, where it shows classes.

    Returns:
        The header, and the rows.
    """
    if isinstance(plot, PicturePlot):
        more = [] if plot.entries else ["name"]
        more += [plot.measure] if plot.measure else []
        header = ["picture", "row", "column", plot.unit or "value", *more]
        return header, _rows_of_pictures(plot)
    if isinstance(plot, MapPlot):
        named = _CLASSES if plot.meaning == "classes" else [plot.unit or "value"]
        return [plot.x_label, plot.y_label, *named], _rows_of_map(plot)
    return _table_around_names(plot) if plot.is_around_names else _table_of_lines(plot)


def _table_around_names(plot: Plot) -> tuple[list[str], list[list[Cell]]]:
    header = [_PART, plot.x_title, *(line.label for line in plot.lines)]
    rows: list[list[Cell]] = []
    for number, line in enumerate(plot.lines):
        for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
            place: list[Cell] = [plot.x_in_words(x), plot.from_its_name(x)]
            row = place + [math.nan] * len(plot.lines)
            row[2 + number] = y
            rows.append(row)
    return header, rows


def _table_of_lines(plot: Plot) -> tuple[list[str], list[list[Cell]]]:
    lines = [_once_a_name(plot, line) for line in plot.lines] if plot.is_named else plot.lines
    every_x = _places(lines)
    header, columns = [plot.x_title], [every_x]
    for line in lines:
        numbers: list[tuple[str, Floats]] = [(line.label, line.y)]
        if line.band is not None:
            numbers += zip((f"{line.name}, low", f"{line.name}, high"), line.band, strict=True)
        for name, values in numbers:
            column = np.full(len(every_x), np.nan)
            column[np.searchsorted(every_x, line.x) + _repeats(line.x)] = values
            header.append(name)
            columns.append(column)
    rows: list[list[Cell]] = np.stack(columns, axis=1).tolist()
    if plot.x_names or plot.dates_x:
        rows = [[plot.x_in_words(x), *row[1:]] for x, row in zip(every_x, rows, strict=True)]
    return header, rows


def _places(lines: Sequence[Line]) -> Floats:
    """Every x in ascending order, as many times as a line has it at most."""
    most: dict[float, int] = {}
    for line in lines:
        for x, count in zip(*np.unique(line.x, return_counts=True), strict=True):
            most[float(x)] = max(most.get(float(x), 0), int(count))
    places = sorted(most)
    return np.repeat(np.array(places, np.float64), [most[x] for x in places])


def _repeats(x: Floats) -> Integers:
    """(n,) how many times each x came before."""
    order = np.argsort(x, kind="stable")
    ordered = x[order]
    begins = np.searchsorted(ordered, ordered)
    found = np.empty(len(x), np.int64)
    found[order] = np.arange(len(x)) - begins
    return found


def _once_a_name(plot: Plot, line: Line) -> Line:
    """A level line drawn across the room of a name, as bars are, as the one number that it is."""
    places = np.array([x - plot.from_its_name(x) for x in line.x.tolist()])
    names, first, back = np.unique(places, return_index=True, return_inverse=True)
    numbers = [line.y, *(() if line.band is None else line.band)]
    if not all(np.array_equal(each[first][back], each, equal_nan=True) for each in numbers):
        return line
    low, high = (None if end is None else end[first] for end in (line.low, line.high))
    return replace(line, x=names, y=line.y[first], low=low, high=high)


def _rows_of_pictures(plot: PicturePlot) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for number, picture in enumerate(plot.pictures):
        places = np.indices(picture.values.shape).reshape(2, -1)
        same = np.full(picture.values.size, float(number))
        block: list[list[Cell]] = np.stack([same, *places, picture.values.ravel()], axis=1).tolist()
        if not plot.entries:
            block = [[*cells, picture.name] for cells in block]
        else:
            named = zip(*places, block, strict=True)
            block = [
                [picture.name, plot.entries[row], plot.entries[column], cells[-1]]
                for row, column, cells in named
            ]
        if plot.measure:
            block = [[*cells, picture.measured] for cells in block]
        rows += block
    return rows


def _rows_of_map(plot: MapPlot) -> list[list[Cell]]:
    x, y = np.meshgrid(plot.x, plot.y)
    rows: list[list[Cell]]
    rows = np.stack([x.ravel(), y.ravel(), plot.values.ravel()], axis=1).tolist()
    if plot.meaning == "levels":
        return rows
    names = plot.classes
    index = np.floor(np.nan_to_num(plot.values)).astype(int).ravel()
    sure = (plot.values - np.floor(plot.values)).ravel().tolist()
    return [
        [across, up, "" if math.isnan(share) else names[number], share]
        for (across, up, _), number, share in zip(rows, index, sure, strict=True)
    ]


def table_of_paths(plot: AnyPlot) -> tuple[list[str], list[list[Cell]]]:
    """What lies on a map: a row for each place of its points and paths, numbered along each.

    Returns:
        The header, and the rows; none of a plot that is no map, and of a map without any.
    """
    if not isinstance(plot, MapPlot):
        return [], []
    several = [(one.name, one.x, one.y) for one in plot.points]
    several += [(one.name, one.x, one.y) for one in plot.paths]
    rows: list[list[Cell]] = [
        [name, float(place), x, y]
        for name, across, up in several
        for place, (x, y) in enumerate(zip(across.tolist(), up.tolist(), strict=True))
    ]
    return ["points or path", "place", plot.x_label, plot.y_label], rows


def to_csv(plot: AnyPlot) -> str:
    """A plot's numbers as CSV, with every digit; empty cells where a line has no value."""
    return _written(*table(plot))


def paths_to_csv(plot: AnyPlot) -> str:
    """What lies on a map as CSV; empty if nothing does."""
    header, rows = table_of_paths(plot)
    return _written(header, rows) if rows else ""


def _written(header: list[str], rows: list[list[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell_in_words(cell) for cell in row] for row in rows)
    return text.getvalue()


def cell_in_words(cell: Cell) -> str:
    """A name, or a number with every digit; nothing where there is none."""
    if isinstance(cell, str):
        return cell
    return "" if math.isnan(cell) else repr(cell)
