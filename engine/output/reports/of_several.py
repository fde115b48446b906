"""What the report of several runs says: what came of each, and what differs between them."""

from collections.abc import Iterator, Sequence

from engine.library.stored_run import StoredRun
from engine.output.differences import Row, in_few_words, rows_of_results, what_differs
from engine.output.reports.content import (
    Block,
    FigureBlock,
    Report,
    Section,
    Table,
    Text,
    report_of,
)
from engine.output.reports.reproducing import Origin, command_of
from engine.plots.overlay import Overlaid, overlays
from engine.runs.records import RunRecord


def several_report(runs: Sequence[StoredRun]) -> Report:
    """The report of runs from a library, in this order; see `engine.plots.overlay`."""
    records = [run.record for run in runs]
    differing = what_differs([record.started_from for record in records])
    names = [run.name for run in runs]
    if len({*names}) < len(names):  # what they are called tells nothing
        short = in_few_words(differing, len(names))
        names = [one or name for one, name in zip(short, names, strict=True)]
    laid = [
        Overlaid(place, *each) for place, each in enumerate(zip(names, records, strict=True), 1)
    ]
    labels = [one.label for one in laid]
    plots = [plot for plot in overlays(laid) if not plot.is_empty]
    return report_of(
        f"{len(runs)} runs",
        ", ".join(labels),
        Section("runs", "Which runs", (_listed(runs, labels),)),
        Section("outcome", "What came out", _table(rows_of_results(records), labels)),
        Section("differences", "What differs", _table(differing, labels) or _nothing(labels)),
        Section("figures", "Figures", tuple(FigureBlock(plot) for plot in plots)),
        Section("reproduce", "How to reproduce them", tuple(_commands(runs, records, labels))),
    )


def _listed(runs: Sequence[StoredRun], labels: Sequence[str]) -> Table:
    rows = tuple(
        (
            label,
            run.experiment_name,
            run.data,
            run.method,
            run.strategy,
            f"{run.done:,} of {run.planned:,}",
            run.state,
            run.created[:16].replace("T", " "),
            run.id[:8],
        )
        for label, run in zip(labels, runs, strict=True)
    )
    headers = "Run", "Experiment", "Data", "Method", "Strategy", "Done", "State", "Began", "Id"
    return Table(headers, rows, words=(0, 1, 2, 3, 4, 6, 7, 8))


def _table(rows: Sequence[Row], labels: Sequence[str]) -> tuple[Block, ...]:
    told = tuple((row.title, *row.values) for row in rows)
    words = tuple(range(len(labels) + 1)) if any(map(_has_words, rows)) else (0,)
    return (Table(("", *labels), told, words=words),) if told else ()


def _has_words(row: Row) -> bool:
    return any(value[:1].isalpha() for value in row.values)


def _nothing(labels: Sequence[str]) -> tuple[Block, ...]:
    return (Text(f"The settings of {' and '.join(labels)} are the same."),)


def _commands(
    runs: Sequence[StoredRun], records: Sequence[RunRecord], labels: Sequence[str]
) -> Iterator[Block]:
    """The command of each, with its experiment where that does not ship as it is."""
    for label, run, record in zip(labels, runs, records, strict=True):
        origin = Origin.of(run)
        ran = ", ".join(f"{name} {one}" for name, one in (origin.versions | origin.machine).items())
        changed = (
            " Settings were changed while it ran: see its own report." if record.changed else ""
        )
        yield Text(f"{label}: with {ran}.{changed}")
        yield from command_of(record.started_from)
