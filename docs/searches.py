"""Comparisons of strategies, for pages and pictures."""

from collections.abc import Iterable, Iterator

from engine.experiments.experiment import Experiment
from engine.experiments.rival import Rival
from engine.plots import AnyPlot, each_over_its_axes
from engine.plots.strategy_plots import strategy_plots
from engine.plots.strategy_words import cells_of, headers
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import StrategiesRecord, StrategiesStarted

SEEDS = 3
MORE_SEEDS = {"race": 5}
"""Searches of each strategy, and of experiments with more of them."""


def searched(experiment: Experiment, seeds: int | None = None) -> StrategiesRecord:
    """The comparison that an experiment's card makes, to its end.

    Args:
        experiment: whose.
        seeds: searches of each strategy; None: as many as its page has.
    """
    record: StrategiesRecord | None = None
    seeds = seeds or MORE_SEEDS.get(experiment.name, SEEDS)
    for event in compare_strategies(experiment, experiment.compares, seeds=seeds):
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
    seeds = len({one.seed for one in record.searches})
    lines = [f"`{command}`, medians of {seeds} searches each", "", *_as_lines(rows), ""]
    for one in record.rivals:
        without = Rival(one.strategy, tuple(pair for pair in one.settings if pair[0] != "stopping"))
        if one != without and without in record.rivals:
            lines += [*_as_lines(_rows_of_stopping(record, one, without)), ""]
    return "\n".join(lines)


def _rows_of_stopping(
    record: StrategiesRecord, stopped: Rival, without: Rival
) -> Iterator[list[str]]:
    """What stopping early saves, and what it costs, search by search."""
    yield [
        "Search",
        "Best validation accuracy",
        "stopped early",
        "Training iterations",
        "stopped early",
        "Ratio",
    ]
    yield ["---"] * 6
    iterations = record.experiment.training.iterations
    ratios, pairs = list[float](), zip(record.of(without), record.of(stopped), strict=True)
    for number, (whole, saved) in enumerate(pairs, start=1):
        spent = [iterations * float(one.runs[-1]) for one in (whole, saved)]
        ratios.append(spent[1] / spent[0])
        best = [f"{float(one.validation[-1]):.2%}" for one in (whole, saved)]
        yield [f"{number}", *best, *(f"{one:,.0f}" for one in spent), f"{ratios[-1]:.0%}"]
    yield ["mean", "", "", "", "", f"{sum(ratios) / len(ratios):.0%}"]


def _as_lines(rows: Iterable[list[str]]) -> list[str]:
    return [f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |" for row in rows]
