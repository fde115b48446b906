"""A comparison of strategies without a window: a progress bar, a table, and files."""

from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.comparison.unattended import print_table
from app.pace import Pace
from app.places import executor_at
from app.stopping import STOPPING
from app.terminal import FailedRunError
from engine.experiments.experiment import Experiment
from engine.files import alone_in
from engine.output.files import unwritable
from engine.output.strategies import write_searches, write_strategies
from engine.plots.strategy_words import cells_of, headers
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import (
    SearchAdvanced,
    SearchDone,
    SearchesProgress,
    StrategiesEvent,
    StrategiesRecord,
    StrategiesStarted,
)


def compare_strategies_unattended(
    experiment: Experiment,
    folder: Path,
    strategies: Sequence[str] | None,
    seeds: int,
    budget: float | None,
    seconds: float | None,
    workers: int | None = None,
    scheduler: str = "",
) -> int:
    """Compare strategies on an experiment, print the table, and write everything to a folder.

    Numbers are written as they arrive, figures at the end.

    Args:
        experiment: what to compare on.
        folder: for the files; no other run may be writing to it.
        strategies: names with settings; None: the usual ones.
        seeds: searches of each strategy.
        budget: training runs that a search may take; None: see
            `engine.runs.compare_strategies.compare_strategies`.
        seconds: that a search may take; None: any.
        workers: processes that search; see `app.places`.
        scheduler: of a Dask cluster that searches.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment, a strategy or the folder cannot be used; before any training.
        FailedRunError: no strategy found anything, or a worker died; what was found is kept.
    """
    comparison = _Comparison(folder)
    with ExitStack() as stack:
        stack.enter_context(STOPPING.keeping(comparison.keep))
        executor = stack.enter_context(executor_at(workers, scheduler))
        limits = seeds, budget, seconds
        events = compare_strategies(experiment, strategies, *limits, executor=executor)
        comparison.search(events, stack)
        return comparison.finish()


class _Comparison:
    """A comparison, and how far it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record: StrategiesRecord | None = None
        self._pace = Pace()
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
        )
        self._bar = self._progress.add_task("", total=None)

    def search(self, events: Iterable[StrategiesEvent], stack: ExitStack) -> None:
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
            FailedRunError: no strategy found anything.
        """
        record = self._record
        assert record is not None, "a comparison tells of its start"
        *columns, _ = headers(record)
        rows = [cells_of(record, rival) for rival in record.rivals]
        title = record.experiment.title or record.experiment.name
        print_table(title, columns, [cells[:-1] for cells in rows])
        for rival, cells in zip(record.rivals, rows, strict=True):
            if cells[-1]:
                print(f"{rival.name}: {cells[-1]}")
        written = write_strategies(record, self._folder)
        if not any(record.of(rival) for rival in record.rivals):
            raise FailedRunError("No strategy found anything; the table says why.")
        return len(written)

    def keep(self) -> str:
        """Write the numbers as they are; returns what they are, as the end of a sentence."""
        if self._progress.console.is_terminal:
            self._progress.stop()  # the terminal has its cursor again
        record = self._record
        if record is None:
            return " before anything was tried; nothing was written"
        write_searches(record, self._folder)
        when = "while the figures were drawn; " if record.is_over else ""
        done = f"{len(record.done):,} of {len(record.searches):,} searches"
        return f" {when}after {done}; their numbers are kept in {self._folder}"

    def _take(self, event: StrategiesEvent, stack: ExitStack) -> None:
        if isinstance(event, StrategiesStarted):
            self._start(event, stack)
        record = self._record
        if record is None:
            return
        record.add(event)
        if isinstance(event, SearchesProgress):
            self._progress.update(self._bar, completed=event.done)
        elif isinstance(event, SearchAdvanced | SearchDone):
            search = record.searches[event.index]
            name = f"{search.rival.name}, seed {search.seed}"
            self._progress.update(self._bar, completed=len(record.done), description=name)
            if self._pace.is_due():
                self._write(record)

    def _start(self, event: StrategiesStarted, stack: ExitStack) -> None:
        try:
            stack.enter_context(alone_in(self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from None
        record = StrategiesRecord(event)
        self._write(record)  # better to learn now that the folder is unusable
        self._record = record
        self._progress.update(self._bar, total=len(record.searches))

    def _write(self, record: StrategiesRecord) -> None:
        self._pace.do(lambda: write_searches(record, self._folder))
