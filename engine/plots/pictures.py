"""Matrices in the shape of images: what belongs to each pixel, shown where the pixel is."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Picture, PicturePlot
from engine.plots.kind import PlotKind

MOST_PICTURES: Final = 16


def pictures(
    what: PlotKind,
    matrix: Floats,
    shape: tuple[int, int],
    names: Sequence[str],
    unit: str,
    caption: str,
    scale: Literal["sequential", "diverging"] = "diverging",
    together: int = 0,
) -> PicturePlot:
    """The columns of a matrix as pictures; the caption says so if only the first are shown.

    Args:
        what: the catalogue's entry.
        matrix: (pixels, columns).
        shape: of a picture.
        names: of the columns.
        unit: of the entries.
        caption: of the plot.
        scale: "diverging" around zero, or "sequential".
        together: how many belong together; see `PicturePlot`.
    """
    shown = tuple(
        Picture(str(name), column.reshape(shape))
        for name, column in zip(names[:MOST_PICTURES], matrix.T[:MOST_PICTURES], strict=True)
    )
    if len(shown) < matrix.shape[1]:
        caption += f"; {len(shown)} of {matrix.shape[1]:,} shown"
    values = np.array([picture.values for picture in shown])
    if scale == "sequential":
        low, high = float(values.min()), float(values.max())
        limits = _apart(low, high)
    else:
        largest = float(np.abs(values).max())
        limits = _apart(-largest, largest)
    return PicturePlot(what.key, what.title, shown, unit, scale, limits, caption, together=together)


def units(count: int) -> list[str]:
    """What hidden units are called."""
    return [f"unit {number + 1}" for number in range(count)]


def _apart(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low - 0.5, high + 0.5)
