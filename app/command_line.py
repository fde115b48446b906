"""The command ``retrograde``: the window, and the same experiments without one."""

import gc
import multiprocessing
import os
import re
import signal
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.display import why_no_window
from app.pace import Pace
from engine.errors import DivergedError, InputError

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from engine.runs.records import RunRecord

BAD_INPUT, FAILED = 2, 1
_UsageError: Any = typer.BadParameter.__mro__[1]  # typer exports only this one of its usage errors

_StandIn = Annotated[
    bool,
    typer.Option("--stand-in", help="Use the data that ship, even if the paper's are available."),
]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Explore hypergradients by running training backwards, bit for bit.",
)


class FailedRunError(Exception):
    """A run that could not be completed; the message is shown as it stands."""


@app.callback(invoke_without_command=True)
def _window(
    context: typer.Context,
    experiment: Annotated[str, typer.Option(help="Experiment to open.")] = "",
    start: Annotated[bool, typer.Option("--start", help="Start the run immediately.")] = False,
) -> None:
    """Open the window."""
    if context.invoked_subcommand:
        return
    if reason := why_no_window():
        raise FailedRunError(f"{reason}; `retrograde run NAME` runs an experiment without one.")
    from app.application import open_window

    raise typer.Exit(open_window(experiment or None, start=start))


@app.command("list")
def _list() -> None:
    """List the experiments that ship with Retrograde, one per line."""
    from engine.experiments.files import list_experiments

    experiments = list_experiments(stand_in=True)
    width = max(len(name) for name in experiments)
    for name, experiment in experiments.items():
        print(f"{name:<{width}}  {experiment.title}")


@app.command("run")
def _run(
    experiment: Annotated[str, typer.Argument(metavar="NAME|FILE.toml")],
    meta_iterations: Annotated[int | None, typer.Option(help="Number of meta-iterations.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of weights and minibatches.")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE …", help="Change fields of the experiment."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results and figures (default: out/NAME).")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes for the seeds (default: none).")
    ] = None,
    stand_in: _StandIn = False,
) -> None:
    """Run an experiment without a window, and write its numbers and figures to a folder."""
    from engine.experiments.files import load_experiment, override
    from engine.output.files import write_run

    settings = _settings(changes or [])
    if meta_iterations is not None:
        settings["meta.iterations"] = str(meta_iterations)
    if seed is not None:
        settings["meta.seed"] = str(seed)
    chosen = override(load_experiment(experiment, stand_in=stand_in), settings)
    folder = out or Path("out") / re.sub(r"[^\w.-]+", "-", chosen.name).lstrip(".")
    with ExitStack() as stack:
        executor = None
        if workers:
            executor = stack.enter_context(_worker_processes(workers))
        record, cut_short = _follow(chosen, folder, executor)
    if record is None:
        raise FailedRunError("Interrupted before training began; nothing was written.")
    written = write_run(record, folder)
    print(f"{len(written)} files in {folder}")
    if cut_short:
        done = len(record.meta_iterations)
        raise FailedRunError(f"{cut_short} after {done} meta-iterations; their results are kept.")
    if record.diverged and record.finished:
        raise FailedRunError(record.finished.message)


def _worker_processes(count: int) -> ProcessPoolExecutor:
    """A pool whose processes end silently when Ctrl+C is pressed."""
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        count, fresh, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL)
    )


def _follow(
    experiment: "Experiment", folder: Path, executor: Executor | None
) -> "tuple[RunRecord | None, str]":
    """Run an experiment under a progress bar, writing its numbers as they arrive.

    Returns:
        The record of the run, if it began; and what interrupted it, if anything did.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from app.data.listing import print_notes
    from engine.output.files import write_numbers
    from engine.runs.events import MetaIterationDone, RunStarted
    from engine.runs.records import RunRecord
    from engine.runs.run import optimize

    progress = Progress(
        TextColumn("{task.fields[name]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("meta-iterations"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
    )
    bar = progress.add_task("", total=experiment.meta.iterations, name=experiment.name)
    record: RunRecord | None = None
    pace = Pace()
    usual = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for event in optimize(experiment, threads=os.cpu_count(), executor=executor):
            if isinstance(event, RunStarted):
                print_notes(event.data.notes)
                record = RunRecord(event)
                # Better to learn now that the folder is unusable.
                pace.do(partial(write_numbers, record, folder))
                gc.freeze()  # a full collection would delay the run
                progress.start()
            elif record:
                record.add(event)
            if record and isinstance(event, MetaIterationDone):
                judged = event.measures[f"{experiment.meta.objective}_loss"]
                text = f"{experiment.meta.objective} loss {judged:.4g}"
                progress.update(bar, advance=1, description=text)
                if pace.is_due():
                    pace.do(partial(write_numbers, record, folder))
    except KeyboardInterrupt:
        return record, "Interrupted"
    except BrokenExecutor:
        return record, "A worker process died (fewer --workers may help if memory ran out)"
    finally:
        signal.signal(signal.SIGTERM, usual)
        gc.unfreeze()
        if progress.live.is_started:
            progress.stop()
    return record, ""


@app.command("check")
def _check(
    experiment: Annotated[str, typer.Argument(metavar="NAME|FILE.toml")],
    stand_in: _StandIn = False,
) -> None:
    """Compare an experiment's hypergradient with finite differences and with other methods."""
    from rich.console import Console
    from rich.table import Table

    from app.data.listing import print_notes
    from engine.experiments.files import load_experiment
    from engine.runs.checks import check
    from engine.tasks.fitting import notes_on_data

    table, checked = Table(), ""
    console = Console()
    failed = 0
    chosen = load_experiment(experiment, stand_in=stand_in)
    print_notes(notes_on_data(chosen.data))
    for result in check(chosen):
        if result.what != checked:
            if checked:
                console.print(table)
            checked = result.what
            table = Table("hyperparameters", "found", "expected", "difference", "", title=checked)
        failed += not result.passed
        table.add_row(
            result.kind,
            f"{result.found:.8e}",
            f"{result.expected:.8e}",
            f"{result.difference:.1e}",
            "ok" if result.passed else "DIFFERS",
        )
    console.print(table)
    if failed:
        raise FailedRunError(f"Comparisons that differ by more than their tolerance: {failed}.")


@app.command("data")
def _data() -> None:
    """List the data sets that can be downloaded, and where those available are stored."""
    from app.data.listing import print_sets

    print_sets()


@app.command("fetch")
def _fetch(names: Annotated[list[str], typer.Argument(metavar="NAME…")]) -> None:
    """Download data sets into the user's cache; run again to resume an interrupted download."""
    from app.data.listing import fetch_in_view
    from engine.data.fetching import FetchError

    try:
        fetch_in_view(names)
    except FetchError as error:
        raise FailedRunError(str(error)) from None
    except KeyboardInterrupt:
        raise FailedRunError("Interrupted; run the command again to resume the download.") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0, 1 for a failed run, 2 for bad input."""
    words = _repeat_set(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(words, standalone_mode=False)
    except InputError as error:
        print(f"retrograde: {error}", file=sys.stderr)
        return BAD_INPUT
    except _UsageError as error:
        message = " ".join(error.format_message().split()).rstrip(".")
        print(f"retrograde: {message}. See `retrograde --help`.", file=sys.stderr)
        return BAD_INPUT
    except (DivergedError, FailedRunError) as error:
        print(f"retrograde: {error}", file=sys.stderr)
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        print("retrograde: interrupted.", file=sys.stderr)
        return FAILED
    except Exception as error:  # unexpected: one line that says what and where, to report
        print(f"retrograde: {_unforeseen(error)}", file=sys.stderr)
        return FAILED
    return int(status or 0)


def _unforeseen(error: Exception) -> str:
    """One line about an error that is not the user's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()).rstrip(".")
    named = type(error).__name__ + (f": {text}" if text else "")
    return f"Internal error: {named} ({Path(last.filename).name}, line {last.lineno})."


def _settings(changes: Sequence[str]) -> dict[str, str]:
    settings = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not (key and equals):
            raise InputError(f"--set {change}", "expected key=value, as in training.iterations=60.")
        settings[key.strip()] = value.strip()
    return settings


def _repeat_set(words: Sequence[str]) -> list[str]:
    """Let one ``--set`` take several key=value, as in ``--set a=1 b=2``."""
    repeated: list[str] = []
    in_set = False
    for word in words:
        if in_set and "=" in word and not word.startswith("-") and repeated[-1] != "--set":
            repeated.append("--set")
        in_set = word == "--set" or (in_set and not word.startswith("-"))
        repeated.append(word)
    return repeated


if __name__ == "__main__":
    sys.exit(main())
