"""The numbers behind a plot, as a table and as CSV."""

import csv
import io

import numpy as np

from engine.plots.base import AnyPlot, MapPlot, PicturePlot


def table(plot: AnyPlot) -> tuple[list[str], list[list[float]]]:
    """A plot's numbers as a table.

    Of lines a column of x, then one a line, NaN where a line has none; of pictures a row for each
    of their points; of a map a row for each of its places.

    Returns:
        The header, and the rows.
    """
    if isinstance(plot, PicturePlot):
        header = ["picture", "row", "column", plot.unit]
        blocks = []
        for number, picture in enumerate(plot.pictures):
            places = np.indices(picture.values.shape).reshape(2, -1)
            same = np.full(picture.values.size, float(number))
            blocks.append(np.stack([same, *places, picture.values.ravel()], axis=1))
        return header, np.concatenate([np.zeros((0, 4)), *blocks]).tolist()
    if isinstance(plot, MapPlot):
        x, y = np.meshgrid(plot.x, plot.y)
        columns = [x.ravel(), y.ravel(), plot.values.ravel()]
        return [plot.x_label, plot.y_label, plot.unit], np.stack(columns, axis=1).tolist()
    every_x = np.unique(np.concatenate([np.zeros(0), *(line.x for line in plot.lines)]))
    columns = [every_x]
    for line in plot.lines:
        column = np.full(len(every_x), np.nan)
        column[np.searchsorted(every_x, line.x)] = line.y
        columns.append(column)
    header = [plot.x_label, *(line.name for line in plot.lines)]
    return header, np.stack(columns, axis=1).tolist()


def to_csv(plot: AnyPlot) -> str:
    """A plot's numbers as CSV, with every digit; empty cells where a line has no value."""
    header, rows = table(plot)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if np.isnan(value) else repr(value) for value in row] for row in rows)
    return text.getvalue()
