"""A comparison without a window: a progress bar, a table, and files."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.comparison.subject import Subject
from app.comparison.subjects import METHODS
from app.pace import Pace
from app.places import executor_at
from app.stopping import STOPPING
from app.terminal import FailedRunError
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.files import alone_in
from engine.output.files import unwritable
from engine.output.reports.writing import write_report
from engine.plots.comparison_words import THE_REFERENCE
from engine.runs.comparison import STUDIES, Study
from engine.runs.own_runs import generate_safely
from engine.sentences import shown

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
    report: Path | None = None,
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
        report: the file of a report besides, which is not counted.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment, a method or the folder cannot be used; before any training.
        FailedRunError: no method gave anything, or a worker died; what was measured is kept.
    """
    begin = partial(generate_safely, "engine.runs.compare:compare", experiment, methods, studies)
    return take_down(METHODS, folder, begin, workers, scheduler, report)


def take_down(
    subject: Subject[Any],
    folder: Path,
    begin: Callable[..., Iterable[object]],
    workers: int | None,
    scheduler: str,
    report: Path | None = None,
) -> int:
    """Compare whatever it is, print the table, and write everything to a folder.

    Args:
        subject: what is compared.
        folder: for the files; no other run may be writing to it.
        begin: handed an ``executor``, gives the events.
        workers: processes that work; see `app.places`.
        scheduler: of a Dask cluster that works.
        report: the file of a report besides, which is not counted.

    Returns:
        How many files were written.

    Raises:
        InputError: what is compared, or the folder, cannot be used; before any training.
        FailedRunError: nothing came of any, or a worker died; what was done is kept.
    """
    comparison = _Comparison(subject, folder)
    with ExitStack() as stack:
        stack.enter_context(STOPPING.keeping(comparison.keep))
        executor = stack.enter_context(executor_at(workers, scheduler))
        comparison.follow(begin(executor=executor), stack)
        return comparison.finish(report)


class _Comparison:
    """A comparison, and how far it is."""

    def __init__(self, subject: Subject[Any], folder: Path) -> None:
        self._subject, self._folder = subject, folder
        self._record: Any = None
        self._pace = Pace()
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
        )
        self._bar = self._progress.add_task("", total=None)

    def follow(self, events: Iterable[object], stack: ExitStack) -> None:
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

    def finish(self, report: Path | None) -> int:
        """Print the table, write everything, and a report if one is wanted.

        Returns:
            The number of files besides the report.

        Raises:
            FailedRunError: nothing came of any of those compared.
        """
        record, subject = self._record, self._subject
        assert record is not None, "a comparison tells of its start"
        *columns, _ = subject.headers(record)
        rows = subject.rows(record)
        print_table(subject.title(record), columns, [row.cells[:-1] for row in rows])
        for _, (name, *_, note), remarks in rows if subject.prints_notes else ():
            for remark in (*(() if note in ("", THE_REFERENCE) else (note,)), *remarks):
                print(f"{name}: {remark}")
        if sentence := subject.headline(record):
            print(sentence)
        written = subject.files().write(record, self._folder)
        if report is not None:
            write_report(record, report)
        if subject.is_fruitless(record):
            raise FailedRunError(f"{subject.words.fruitless}; the table says why.")
        return len(written)

    def keep(self) -> str:
        """Write the numbers as they are; returns what they are, as the end of a sentence."""
        if self._progress.console.is_terminal:
            self._progress.stop()  # the terminal has its cursor again
        record, words = self._record, self._subject.words
        if record is None:
            return f" before anything was {words.begun}; nothing was written"
        self._subject.files().write_numbers(record, self._folder)
        when = "while the figures were drawn; " if record.is_over else ""
        done, total = self._subject.how_far(record)
        how_far = f"{done:,} of {total:,} {words.parts}"
        return f" {when}after {how_far}; their numbers are kept in {self._folder}"

    def _take(self, event: Any, stack: ExitStack) -> None:
        subject = self._subject
        if isinstance(event, subject.started):
            self._start(event, stack)
        record = self._record
        if record is None:
            return
        record.add(event)
        if isinstance(event, subject.elsewhere):
            self._progress.update(self._bar, completed=event.done)
        elif isinstance(event, subject.advances):
            done, _ = subject.how_far(record)
            part = subject.part(record, event.index)
            self._progress.update(self._bar, completed=done, description=part)
            if self._pace.is_due():
                self._write(record)

    def _start(self, event: object, stack: ExitStack) -> None:
        try:
            stack.enter_context(alone_in(self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from None
        record = self._subject.record(event)
        self._write(record)  # better to learn now that the folder is unusable
        self._record = record
        _, total = self._subject.how_far(record)
        self._progress.update(self._bar, total=total)

    def _write(self, record: Any) -> None:
        self._pace.do(lambda: self._subject.files().write_numbers(record, self._folder))


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


def studies_named(text: str) -> list[Study]:
    """Studies by name, with commas between them; or none.

    Raises:
        InputError: there is none of such a name.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["none"]:
        return []
    _, *others = STUDIES  # the first is the methods as they are
    for name in names:
        if name not in others:
            expected = f"expected some of {', '.join(others)}, or none alone"
            raise InputError("--studies", f"{expected}, found {shown(name)}.")
    return [study for study in others if study in names]
