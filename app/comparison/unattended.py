"""A comparison of methods without a window: a progress bar, a table, and files."""

from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.pace import Pace
from app.places import executor_at
from app.stopping import STOPPING
from app.terminal import FailedRunError
from engine.experiments.experiment import Experiment
from engine.files import alone_in
from engine.output.comparisons import write_comparison, write_measurements
from engine.output.files import unwritable
from engine.plots.comparison_words import THE_REFERENCE, cells_of, headers
from engine.runs.compare import compare
from engine.runs.comparison import (
    ComparisonEvent,
    ComparisonRecord,
    ComparisonStarted,
    PointMeasured,
    PointsProgress,
    Study,
)

_NAME: Final = 22
"""Letters of a name that stand in a row."""
_BETWEEN: Final = 3
"""Blanks between two columns, and around all of them."""
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

    Numbers are written as they arrive, figures at the end.

    Args:
        experiment: what to compare on.
        folder: for the files; no other run may be writing to it.
        methods: names with options; None: the usual ones.
        studies: what to look at besides the methods as they are.
        workers: processes that measure; see `app.places`.
        scheduler: of a Dask cluster that measures.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment, a method or the folder cannot be used; before any training.
        FailedRunError: no method gave anything, or a worker died; what was measured is kept.
    """
    comparison = _Comparison(folder)
    with ExitStack() as stack:
        stack.enter_context(STOPPING.keeping(comparison.keep))
        executor = stack.enter_context(executor_at(workers, scheduler))
        comparison.measure(compare(experiment, methods, studies, executor=executor), stack)
        return comparison.finish()


class _Comparison:
    """A comparison, and how far it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record: ComparisonRecord | None = None
        self._pace = Pace()
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
        )
        self._bar = self._progress.add_task("", total=None)

    def measure(self, events: Iterable[ComparisonEvent], stack: ExitStack) -> None:
        """Take in all events; the stack keeps the folder for this comparison alone."""
        self._progress.start()
        try:
            for event in events:
                with STOPPING.delayed():
                    self._take(event, stack)
        except BrokenExecutor:
            with STOPPING.delayed():
                raise FailedRunError(
                    f"A worker process died{self.keep()}. "
                    "Fewer --workers may help if memory ran out."
                ) from None
        finally:
            self._progress.stop()

    def finish(self) -> int:
        """Print the table, and write everything; returns the number of files.

        Raises:
            FailedRunError: no method gave anything.
        """
        record = self._record
        assert record is not None, "a comparison tells of its start"
        _print(record)
        written = write_comparison(record, self._folder)
        if all(found.failure for found in record.measured.values()):
            raise FailedRunError("No method gave a hypergradient; the table says why.")
        return len(written)

    def keep(self) -> str:
        """Write the numbers as they are; returns what they are, as the end of a sentence."""
        if self._progress.console.is_terminal:
            self._progress.stop()  # the terminal has its cursor again
        record = self._record
        if record is None:
            return " before anything was measured; nothing was written"
        write_measurements(record, self._folder)
        when = "while the figures were drawn; " if record.is_over else ""
        done = f"{len(record.measured):,} of {len(record.points):,} measurements"
        return f" {when}after {done}; their numbers are kept in {self._folder}"

    def _take(self, event: ComparisonEvent, stack: ExitStack) -> None:
        if isinstance(event, ComparisonStarted):
            self._start(event, stack)
        record = self._record
        if record is None:
            return
        record.add(event)
        if isinstance(event, PointsProgress):
            self._progress.update(self._bar, completed=event.done)
        elif isinstance(event, PointMeasured):
            name = record.points[event.index].contender.name
            self._progress.update(self._bar, completed=len(record.measured), description=name)
            if self._pace.is_due():
                self._write(record)

    def _start(self, event: ComparisonStarted, stack: ExitStack) -> None:
        try:
            stack.enter_context(alone_in(self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from None
        record = ComparisonRecord(event)
        self._write(record)  # better to learn now that the folder is unusable
        self._record = record
        self._progress.update(self._bar, total=len(record.points))

    def _write(self, record: ComparisonRecord) -> None:
        self._pace.do(lambda: write_measurements(record, self._folder))


def _print(record: ComparisonRecord) -> None:
    *columns, _ = headers()
    rows, notes = [], []
    for contender in record.contenders:
        *cells, note = cells_of(record, contender)
        rows.append(cells)
        found = record.of(contender)
        remarks = [note] if note not in ("", THE_REFERENCE) else []
        remarks += found.remarks if found else ()
        notes += [f"{contender.name}: {remark}" for remark in remarks]
    print_table(record.experiment.title or record.experiment.name, columns, rows)
    for line in notes:
        print(line)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of numbers, whose first column has names."""
    table, least = Table(title=title, box=SIMPLE_HEAD), 0
    for place, (name, *below) in enumerate(zip(columns, *rows, strict=True)):
        widest = max(map(cell_len, (name, *below)))
        if place == 0:
            least += min(widest, _NAME)
            table.add_column(name, overflow="fold", min_width=min(widest, _NAME))
        else:  # numbers are never cut; the names give way
            least += widest
            table.add_column(name, justify="right", no_wrap=True, min_width=widest)
    for cells in rows:
        table.add_row(*map(Text, cells))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    narrowest = least + _BETWEEN * (len(columns) + 1)
    if console.width < narrowest:
        console = Console(width=narrowest)
    console.print(table)
