"""The horizontal axes that a plot may be drawn over: the same quantity by other measures of effort.

A plot holds itself over each of its other axes; which of them is shown is chosen by its name, on
screen and in figures alike.
"""

from collections.abc import Container, Iterable
from typing import overload

from engine.plots.base import AnyPlot, Plot


def axes_of(plot: AnyPlot) -> tuple[str, ...]:
    """The names of the axes that there is a choice of, the usual one first; often none."""
    if not isinstance(plot, Plot) or not plot.others:
        return ()
    return (plot.across, *(other.across for other in plot.others))


@overload
def over(plot: Plot, across: str | None) -> Plot: ...


@overload
def over(plot: AnyPlot, across: str | None) -> AnyPlot: ...


def over(plot: AnyPlot, across: str | None) -> AnyPlot:
    """A plot over one of its axes.

    Args:
        plot: any.
        across: the name of the axis; None, or one that it does not have: as it is.
    """
    if not isinstance(plot, Plot) or across in (None, plot.across):
        return plot
    return next((other for other in plot.others if other.across == across), plot)


def each_over_its_axes(
    plots: Iterable[AnyPlot], wanted: Container[str] | None = None
) -> list[AnyPlot]:
    """Plots, and behind each the same over its other axes.

    Args:
        plots: any.
        wanted: the keys of those others that are wanted; None: all of them.
    """
    found: list[AnyPlot] = []
    for plot in plots:
        found.append(plot)
        others = plot.others if isinstance(plot, Plot) else ()
        found += [other for other in others if wanted is None or other.key in wanted]
    return found
