"""A run without a window, under a progress bar, that keeps what was done however it ends."""

import gc
import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import ExitStack, closing
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from app.data.listing import print_notes
from app.pace import Pace
from app.places import executor_at
from app.recording import Recording
from app.stopping import STOPPING
from app.terminal import FailedRunError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.strategies import STRATEGIES
from engine.files import alone_in
from engine.output.files import unwritable, write_numbers, write_run
from engine.output.reports.writing import write_report
from engine.runs.events import (
    Event,
    MetaIterationDone,
    NotRecorded,
    Preparing,
    RunFinished,
    RunStarted,
    SeedsProgress,
)
from engine.runs.records import RunRecord
from engine.runs.remarks import remarks

_NOT_RECORDED = Recording()
_NOBODY_TO_ASK = (
    "Without a window nobody is asked: what will hardly win goes on. "
    "--set stopping.when=automatic stops it."
)


def run_unattended(
    experiment: Experiment,
    folder: Path,
    workers: int | None = None,
    scheduler: str = "",
    recording: Recording = _NOT_RECORDED,
    report: Path | None = None,
) -> int:
    """Run an experiment, and write its numbers as they arrive and its figures at the end.

    Args:
        experiment: what to run.
        folder: for the files; no other run may be writing to it.
        workers: processes for the seeds; see `app.places`.
        scheduler: of a Dask cluster for the seeds.
        recording: where the run is recorded, and what it goes on with; by default it is not.
        report: the file of a report besides, which is not counted.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment's data or the folder cannot be used.
        FailedRunError: the run ended before its time; what was done is kept.
    """
    run = _Run(experiment, folder, recording)
    with ExitStack() as stack:
        stack.enter_context(STOPPING.keeping(run.keep))
        executor = stack.enter_context(executor_at(workers, scheduler))
        run.train(executor, stack)
        return run.finish(report)


class _Run:
    """A run, and how far it is."""

    def __init__(self, experiment: Experiment, folder: Path, recording: Recording) -> None:
        self._experiment = experiment
        self._folder = folder
        self._recording = recording
        self._record: RunRecord | None = None
        self._told: tuple[str, ...] = ()
        self._pace = Pace()
        self._is_trained = False
        self._progress = Progress(
            TextColumn("{task.fields[name]}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(f"{STRATEGIES[experiment.meta.optimizer].unit}s"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
        )
        total = experiment.units
        self._bar = self._progress.add_task("", total=total, name=experiment.name)

    def train(self, executor: Executor | None, stack: ExitStack) -> None:
        """Run to the end; the stack keeps the folder for this run alone."""
        try:
            for event in self._events(executor, stack):
                with STOPPING.delayed():
                    self._take(event, stack)
        except BrokenExecutor:
            with STOPPING.delayed():
                raise FailedRunError(
                    f"A worker process died{self.keep()}. "
                    "Fewer --workers may help if memory ran out."
                ) from None
        finally:
            gc.unfreeze()
            if self._progress.live.is_started:
                self._progress.stop()
        self._is_trained = True

    def _events(self, executor: Executor | None, stack: ExitStack) -> Iterator[Event]:
        """The run's events, recorded on their way."""
        experiment, recording = self._experiment, self._recording
        changes = recording.changes(experiment)
        events = recording.events(experiment, os.cpu_count() or 1, executor, changes)
        return stack.enter_context(closing(events))

    def finish(self, report: Path | None) -> int:
        """Write everything, and a report if one is wanted; returns the number of other files.

        Raises:
            FailedRunError: training had diverged.
        """
        if self._record is None:
            raise FailedRunError("The run ended before training began; nothing was written.")
        written = write_run(self._record, self._folder)
        if report is not None:
            write_report(self._record, report)
        print_notes([one for one in remarks(self._record) if one not in self._told])
        if self._record.diverged and self._record.finished:
            raise FailedRunError(self._record.finished.message)
        return len(written)

    def keep(self) -> str:
        """Write the numbers once more; returns what they are, as the end of a sentence."""
        if self._progress.live.is_started and self._progress.console.is_terminal:
            self._progress.stop()  # the terminal has its cursor again
        if self._record is None:
            return " before training began; nothing was written"
        write_numbers(self._record, self._folder)
        done = len(self._record.meta_iterations)
        when = "while the figures were drawn; " if self._is_trained else ""
        amount = STRATEGIES[self._experiment.meta.optimizer].amount(done)
        return f" {when}after {amount}; their numbers are kept in {self._folder}"

    def _take(self, event: Event, stack: ExitStack) -> None:
        if isinstance(event, NotRecorded):
            print_notes([event.sentence])
        elif isinstance(event, Preparing):
            self._prepare(event)
        elif isinstance(event, RunStarted):
            self._start(event, stack)
        elif self._record:
            self._record.add(event)
        if self._record and self._record.is_one_run and isinstance(event, SeedsProgress):
            told = f"comparing: {event.done:,} of {event.total:,} training runs"
            self._progress.update(self._bar, description=told)
        if self._record and isinstance(event, MetaIterationDone):
            self._show(event.measures, advance=1)
            if self._pace.is_due():
                self._write()
        if isinstance(event, RunFinished) and event.measures is not None:
            self._show(event.measures, advance=0)

    def _prepare(self, event: Preparing) -> None:
        if self._progress.console.is_terminal:
            self._progress.start()
            self._progress.update(self._bar, description=event.what)

    def _start(self, event: RunStarted, stack: ExitStack) -> None:
        try:
            stack.enter_context(alone_in(self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from None
        print_notes(event.data.notes)
        if event.experiment.stopping.when == "ask":
            print_notes((_NOBODY_TO_ASK,))
        self._record = RunRecord(event)
        self._write()  # better to learn now that the folder is unusable
        self._told = (*remarks(self._record),)
        print_notes(self._told)
        gc.freeze()  # a full collection would delay the run
        self._progress.update(self._bar, description="", total=self._record.planned)
        self._progress.start()

    def _write(self) -> None:
        record = self._record
        assert record is not None
        self._pace.do(lambda: write_numbers(record, self._folder))

    def _show(self, measures: Measures, advance: int) -> None:
        objective = self._experiment.meta.objective
        judged = measures.get(f"{objective}_loss")
        told = None if judged is None else f"{objective} loss {judged:.4g}"
        self._progress.update(self._bar, advance=advance, description=told)
