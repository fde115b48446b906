"""What the report of a comparison says: of methods, of strategies, or of decisions to stop."""

import shlex
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from engine.experiments.contender import Contender
from engine.experiments.help_texts import read_texts
from engine.output.reports.content import (
    Block,
    FigureBlock,
    Report,
    Section,
    Table,
    Text,
    report_of,
)
from engine.output.reports.of_runs import asked, outside
from engine.output.reports.reproducing import Origin, how_to_compare
from engine.output.reports.settings import settings_in_words
from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, Showing
from engine.plots.comparison_words import cells_of as cells_of_method
from engine.plots.comparison_words import headers as headers_of_methods
from engine.plots.decision_plots import decision_plots
from engine.plots.decision_words import HEADERS, headline
from engine.plots.decision_words import cells_of as cells_of_decision
from engine.plots.method_plots import method_plots
from engine.plots.strategy_plots import strategy_plots
from engine.plots.strategy_words import cells_of as cells_of_strategy
from engine.plots.strategy_words import headers as headers_of_strategies
from engine.runs.comparison import STUDIES, ComparisonRecord
from engine.runs.decisions import DecisionsRecord
from engine.runs.strategies_compared import StrategiesRecord
from engine.sentences import listed

AnyComparison: TypeAlias = ComparisonRecord | StrategiesRecord | DecisionsRecord


def comparison_report(
    record: AnyComparison,
    plots: Iterable[AnyPlot] | None = None,
    showings: Mapping[str, Showing] = MappingProxyType({}),
) -> Report:
    """The report of a comparison as far as it is.

    Args:
        record: of the comparison.
        plots: its figures, in order; None: all.
        showings: how plots are shown, by key; the others as they say themselves.
    """
    if isinstance(record, ComparisonRecord):
        return _of_methods(record, method_plots(record) if plots is None else plots, showings)
    if isinstance(record, StrategiesRecord):
        return _of_strategies(record, strategy_plots(record) if plots is None else plots, showings)
    return _of_decisions(record, decision_plots(record) if plots is None else plots, showings)


def _of_methods(
    record: ComparisonRecord, plots: Iterable[AnyPlot], showings: Mapping[str, Showing]
) -> Report:
    experiment, contenders = record.experiment, record.contenders
    rows = [cells_of_method(record, one) for one in contenders]
    notes = [
        f"{one.name}: {remark}"
        for one in contenders
        if (found := record.of(one)) is not None
        for remark in found.remarks
    ]
    unfinished = _unfinished(len(record.measured), len(record.points), "measurements")
    names = listed([one.name for one in contenders])
    text = (
        f"The same hypergradient by {len(contenders)} methods: {names}. Cosine and error are "
        f"against {record.reference.name}; {record.parameters:,} elementary parameters, "
        f"{experiment.training.iterations:,} training iterations."
    )
    studies = {point.study for point in record.points}
    others = [study for study in STUDIES[1:] if study in studies]
    command = f"--methods {shlex.quote(','.join(_told(one) for one in contenders))}"
    command += f" --studies {','.join(others) or 'none'}"
    return report_of(
        experiment.title or experiment.name,
        f"comparison of methods, experiment {experiment.name}",
        Section("asked", "What was asked", (Text(text), *asked(experiment))),
        Section("outcome", "What came out", (*unfinished, *_table(headers_of_methods(), rows))),
        Section("remarks", "What to know", tuple(Text(note, "note") for note in notes)),
        Section("figures", "Figures", _figures(plots, showings)),
        Section("settings", "Settings", settings_in_words(experiment)),
        Section("reproduce", "How to reproduce it", how_to_compare(command, experiment, Origin())),
    )


def _told(contender: Contender) -> str:
    """As the command line has it: "truncated:last=10"."""
    return ":".join([contender.method, *(f"{key}={one}" for key, one in contender.told.items())])


def _of_strategies(
    record: StrategiesRecord, plots: Iterable[AnyPlot], showings: Mapping[str, Showing]
) -> Report:
    experiment, rivals = record.experiment, record.rivals
    rows = [cells_of_strategy(record, one) for one in rivals]
    count = len({search.seed for search in record.searches})
    unfinished = _unfinished(len(record.done), len(record.searches), "searches")
    table = _table(headers_of_strategies(record), rows)
    names = listed([one.name for one in rivals])
    text = f"The same experiment searched by {len(rivals)} strategies: {names}; {count} seeds each."
    if record.budget is not None:
        text += f" Each may take {record.budget:,.4g} training runs."
    if record.seconds is not None:
        text += f" Each may take {record.seconds:,.4g} seconds."
    command = f"--strategies {shlex.quote(','.join(one.text for one in rivals))} --seeds {count}"
    command += "" if record.budget is None else f" --budget {record.budget!r}"
    command += "" if record.seconds is None else f" --seconds {record.seconds!r}"
    return report_of(
        experiment.title or experiment.name,
        f"comparison of strategies, experiment {experiment.name}",
        Section("asked", "What was asked", (Text(text), *asked(experiment))),
        Section("outcome", "What came out", (*unfinished, *table)),
        Section("figures", "Figures", _figures(plots, showings)),
        Section("settings", "Settings", settings_in_words(experiment)),
        Section("reproduce", "How to reproduce it", how_to_compare(command, experiment, Origin())),
    )


def _of_decisions(
    record: DecisionsRecord, plots: Iterable[AnyPlot], showings: Mapping[str, Showing]
) -> Report:
    curves, told = record.curves, record.asked
    rows = [cells_of_decision(record, place) for place in range(record.done)]
    text = (
        f"Which of {curves.count:,} finished curves a forecast would have stopped: looked at every "
        f"{told.every:,} points by {told.model}; stopped below a chance of "
        f"{told.rule.threshold:g}, {told.rule.patience} times in a row, after {told.rule.least} "
        f"points at the earliest; seed {told.seed}."
    )
    unfinished = _unfinished(record.done, curves.count, "curves")
    lead = (
        *(Text(one, "lead") for one in (headline(record),) if one),
        Text(
            "Predicted values were not measured: they are what the forecast expected of a curve "
            "that would have been stopped.",
            "muted",
        ),
    )
    return report_of(
        curves.title,
        "replayed decisions to stop",
        Section("asked", "What was asked", tuple(map(Text, filter(None, (text, curves.remark))))),
        Section("outcome", "What came out", (*unfinished, *lead, *_table(HEADERS, rows))),
        Section("figures", "Figures", _figures(plots, showings)),
    )


def _unfinished(done: int, total: int, parts: str) -> tuple[Block, ...]:
    if done >= total:
        return ()
    return (Text(f"The comparison has not come to its end: {done:,} of {total:,} {parts}."),)


def _table(headers: list[str], rows: list[list[str]]) -> tuple[Block, ...]:
    words = (0, len(headers) - 1)
    return (Table(tuple(headers), tuple(map(tuple, rows)), words=words),) if rows else ()


def _figures(plots: Iterable[AnyPlot], showings: Mapping[str, Showing]) -> tuple[FigureBlock, ...]:
    whats = {key: text["text"] for key, text in read_texts("comparisons.toml").items()}
    longest = sorted(whats, key=len, reverse=True)
    return tuple(
        FigureBlock(
            plot,
            showings.get(plot.key, AS_THE_PLOT_SAYS),
            outside(whats.get(next((key for key in longest if plot.key.startswith(key)), ""), "")),
        )
        for plot in plots
    )
