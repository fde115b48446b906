"""What a figure says to those who cannot see it."""

from typing import Final

import numpy as np

from engine.plots import AnyPlot, Line, MapPlot, PicturePlot, Plot

_MOST: Final = 6  # lines that are told one by one


def alternative_text(plot: AnyPlot) -> str:
    """What kind of figure it is, and where its lines begin and end, in a few sentences."""
    if isinstance(plot, Plot):
        return _of_lines(plot)
    if isinstance(plot, PicturePlot):
        count = len(plot.pictures)
        named = ", ".join(picture.name for picture in plot.pictures[:_MOST] if picture.name)
        names = f": {named}{', …' if count > _MOST else ''}" if named else ""
        many = "One picture" if count == 1 else f"{count} pictures"
        return f"{plot.title}. {many}{names}. Colours stand for {plot.unit}."
    assert isinstance(plot, MapPlot)
    return f"{plot.title}. A map of {plot.y_label} over {plot.x_label}."


def _of_lines(plot: Plot) -> str:
    if plot.is_empty:
        return f"{plot.title}. Nothing is drawn yet."
    lines = [line for line in plot.lines if not line.faint and np.isfinite(line.y).any()]
    told = [_of_line(line) for line in lines[:_MOST]]
    more = [f"and {len(lines) - _MOST} more lines"] if len(lines) > _MOST else []
    log = ", on a logarithmic axis" if plot.log_y else ""
    return f"{plot.title}. {plot.y_title} over {plot.x_title}{log}: {'; '.join([*told, *more])}."


def _of_line(line: Line) -> str:
    known = line.y[np.isfinite(line.y)]
    predicted = ", predicted" if line.predicted is not None else ""
    if len(known) == 1:
        return f"{line.label} {known[0]:.3g}{predicted}"
    verb = "from" if line.is_joined else f"{len(known)} points from"
    return f"{line.label} {verb} {known[0]:.3g} to {known[-1]:.3g}{predicted}"
