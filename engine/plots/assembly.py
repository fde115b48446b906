"""The plots of a run, put together from the catalogue; all that shows a run gets them here."""

from collections.abc import Iterable

from engine.plots.base import AnyPlot
from engine.plots.catalogue import PLOTS
from engine.runs.records import RunRecord


def plots(record: RunRecord) -> list[AnyPlot]:
    """The plots that mean something for a run, in order; but for those of moments."""
    made = (kind.plot(record) for kind in PLOTS.values() if kind.changes != "moment")
    return [plot for plot in made if plot is not None]


def in_order(several: Iterable[AnyPlot]) -> list[AnyPlot]:
    """Plots in the order of the catalogue."""
    places = {key: place for place, key in enumerate(PLOTS)}
    return sorted(several, key=lambda plot: places[plot.key])
