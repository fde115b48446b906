"""Comparisons of strategies, for pages and pictures."""

from engine.experiments.experiment import Experiment
from engine.plots import AnyPlot, each_over_its_axes
from engine.plots.strategy_plots import strategy_plots
from engine.plots.strategy_words import cells_of, headers
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import StrategiesRecord, StrategiesStarted

SEEDS = 3


def searched(experiment: Experiment) -> StrategiesRecord:
    """The comparison that an experiment's card makes, to its end."""
    record: StrategiesRecord | None = None
    for event in compare_strategies(experiment, experiment.compares, seeds=SEEDS):
        if isinstance(event, StrategiesStarted):
            record = StrategiesRecord(event)
        elif record:
            record.add(event)
    assert record is not None, "a comparison begins before it ends"
    return record


def plots_of(record: StrategiesRecord) -> dict[str, AnyPlot]:
    """All plots of a comparison, by their keys."""
    return {plot.key: plot for plot in each_over_its_axes(strategy_plots(record))}


def searches_table(record: StrategiesRecord, command: str) -> str:
    """The table of strategies as Markdown, with the command that made it."""
    rows = [headers(record), ["---"] * len(headers(record))]
    rows += [cells_of(record, one) for one in record.rivals]
    lines = [f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |" for row in rows]
    return "\n".join([f"`{command}`, medians of {SEEDS} searches each", "", *lines, ""])
