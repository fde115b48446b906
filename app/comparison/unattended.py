"""A comparison of methods without a window: a progress bar, a table, and files."""

from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.places import executor_at
from app.terminal import FailedRunError
from engine.experiments.experiment import Experiment
from engine.files import alone_in
from engine.output.comparisons import write_comparison
from engine.output.files import unwritable
from engine.plots.comparison_words import cells_of, headers
from engine.runs.compare import compare
from engine.runs.comparison import (
    ComparisonRecord,
    ComparisonStarted,
    PointMeasured,
    PointsProgress,
    Study,
)

_WIDTH: Final = 120
"""Of the table where there is no terminal to ask."""


def compare_unattended(
    experiment: Experiment,
    folder: Path,
    methods: Sequence[str] | None,
    studies: Sequence[Study],
    workers: int | None = None,
    scheduler: str = "",
) -> int:
    """Compare methods on an experiment, print the table, and write everything to a folder.

    Args:
        experiment: what to compare on.
        folder: for the files.
        methods: names with options; None: the usual ones.
        studies: what to look at besides the methods as they are.
        workers: processes that measure; see `app.places`.
        scheduler: of a Dask cluster that measures.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment, a method or the folder cannot be used.
        FailedRunError: no method gave anything.
    """
    record = None
    with executor_at(workers, scheduler) as executor, _bar() as progress:
        bar = progress.add_task("", total=None)
        try:
            for event in compare(experiment, methods, studies, executor=executor):
                if isinstance(event, ComparisonStarted):
                    record = ComparisonRecord(event)
                    progress.update(bar, total=len(record.points))
                elif record:
                    record.add(event)
                if isinstance(event, PointsProgress):
                    progress.update(bar, completed=event.done)
                elif isinstance(event, PointMeasured) and record:
                    name = record.points[event.index].contender.name
                    progress.update(bar, completed=len(record.measured), description=name)
        except BrokenExecutor:
            raise FailedRunError("A worker process died. Fewer --workers may help.") from None
    assert record is not None, "a comparison tells of its start"
    _print(record)
    try:
        with alone_in(folder):
            written = write_comparison(record, folder)
    except OSError as error:
        raise unwritable(folder, error) from None
    if all(found.failure for found in record.measured.values()):
        raise FailedRunError("No method gave a hypergradient; the table says why.")
    return len(written)


def _bar() -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
    )


def _print(record: ComparisonRecord) -> None:
    *columns, _ = headers()
    table = Table(title=record.experiment.title or record.experiment.name, box=SIMPLE_HEAD)
    for name in columns:
        is_first = name == columns[0]
        table.add_column(name, justify="left" if is_first else "right", no_wrap=is_first)
    notes = []
    for contender in record.contenders:
        *cells, note = cells_of(record, contender)
        table.add_row(*cells)
        found = record.of(contender)
        remarks = [note] if note and contender != record.reference else []
        remarks += found.remarks if found else ()
        notes += [f"{contender.name}: {remark}" for remark in remarks]
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(table)
    for line in notes:
        print(line)
