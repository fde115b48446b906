"""Ticks of a figure's axis that are dates of the calendar."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, Locator

from engine.plots.dates import date_ticks

_WIDE = 0.55
"""A letter's width, in sizes of the type."""


class _DatePlaces(Locator):
    """Where ticks stand on an axis of years, as many as have room."""

    def __init__(self, points: float) -> None:
        self._points = points

    def __call__(self) -> Any:
        low, high = _shown(self.axis)
        return self.tick_values(low, high)

    def tick_values(self, vmin: float, vmax: float) -> Any:
        return [place for place, _ in _ticks(self.axis, vmin, vmax, self._points)]


class _DateNames(Formatter):
    """What is written at them."""

    def __init__(self, points: float) -> None:
        self._points = points

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        low, high = _shown(self.axis)
        texts = dict(_ticks(self.axis, low, high, self._points))
        return [texts.get(value, "") for value in values]


def write_dates(axis: Axis, points: float) -> None:
    """Have dates stand at an axis of years, in type of this size."""
    axis.set_major_locator(_DatePlaces(points))
    axis.set_major_formatter(_DateNames(points))


def _shown(axis: Any) -> tuple[float, float]:
    low, high = axis.get_view_interval()
    return float(low), float(high)


def _ticks(axis: Any, low: float, high: float, points: float) -> list[tuple[float, str]]:
    axes = axis.axes
    wide = axes.bbox.width / axes.get_figure(root=True).dpi * 72
    return date_ticks(low, high, wide / (_WIDE * points))
