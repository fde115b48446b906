"""The command ``retrograde runs``: what a library of runs keeps."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.command_options import LibraryFile, Scheduler, Workers
from app.places import default_library
from app.terminal import say
from engine.errors import InputError

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun

runs = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="List, show, resume, export and delete recorded runs.",
)

_Run = Annotated[str, typer.Argument(metavar="RUN", help="Its name, or the beginning of its id.")]


@runs.command("list")
def _list(library: LibraryFile = None) -> None:
    """List recorded runs, the latest first."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("id", "name", "experiment", "data", "method", "strategy", box=None)
    for heading in ("validation loss", "seconds", "done"):
        table.add_column(heading, justify="right")
    table.add_column("state")
    with opened_library(library) as opened:
        if not len(opened):
            say(f"{library or default_library()} keeps no runs yet.")
            return
        for run in opened:
            loss = run.best_validation_loss
            texts = (run.id[:8], run.name, run.experiment_name, run.data, run.method, run.strategy)
            table.add_row(
                *map(escape, texts),
                "" if loss is None else f"{loss:.4g}",
                f"{run.seconds:.1f}",
                f"{run.done} of {run.planned}",
                run.state,
            )
    Console(width=None if Console().is_terminal else 200).print(table)


@runs.command("show")
def _show(run: _Run, library: LibraryFile = None) -> None:
    """Show what is known of a run, with its settings."""
    with opened_library(library) as opened:
        found = opened[run]
        loss = found.best_validation_loss
        told = {
            "Id": found.id,
            "Name": found.name,
            "Note": found.note,
            "Began": found.created,
            "State": f"{found.state}, {found.done} of {found.planned} meta-iterations",
            "Message": found.message,
            "Best validation loss": "" if loss is None else f"{loss:.6g}",
            "Final losses": _final_losses(found),
            "Seconds": f"{found.seconds:.1f}",
            "With": ", ".join(f"{name} {value}" for name, value in found.versions.items()),
            "On": ", ".join(f"{name} {value}" for name, value in found.machine.items()),
        }
        width = max(map(len, told))
        for name, value in told.items():
            if value:
                say(f"{name:<{width}}  {value}")
        for time, text in found.log:
            say(f"{time}  {text}")
        say(f"\n{found.experiment_toml.rstrip()}")


@runs.command("resume")
def _resume(
    run: _Run,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files (default: out/NAME).")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    library: LibraryFile = None,
) -> None:
    """Let a run go on that ended before its time, and write its numbers and figures."""
    from app.recorded_runs import going_on
    from app.unattended import run_unattended
    from engine.files import folder_name

    with opened_library(library) as opened:
        found = opened[run]
        recording = going_on(found, opened)
    assert recording.record is not None, "a run that goes on has a record"
    folder = out or Path("out") / folder_name(found.name)
    experiment = recording.record.started_from
    count = run_unattended(experiment, folder, workers, scheduler, recording)
    say(f"{count} files in {folder}")


@runs.command("export")
def _export(
    run: _Run,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files (default: out/NAME).")
    ] = None,
    library: LibraryFile = None,
) -> None:
    """Write a run's numbers and figures to a folder, as ``retrograde run`` does."""
    from engine.files import alone_in, folder_name
    from engine.output.files import unwritable, write_run

    with opened_library(library) as opened:
        found = opened[run]
        record = found.record
    folder = out or Path("out") / folder_name(found.name)
    try:
        with alone_in(folder):
            written = write_run(record, folder)
    except OSError as error:
        raise unwritable(folder, error) from None
    say(f"{len(written)} files in {folder}")


@runs.command("delete")
def _delete(run: _Run, library: LibraryFile = None) -> None:
    """Delete a run for good."""
    with opened_library(library) as opened:
        found = opened[run]
        found.delete()
    say(f"Deleted {found.name} ({found.id}).")


def _final_losses(run: "StoredRun") -> str:
    """After training with what was found in the end; empty before, or of a damaged run."""
    try:
        finished = run.record.finished
    except InputError:
        return ""
    measures = finished.measures if finished else None
    losses = {name: value for name, value in (measures or {}).items() if name.endswith("_loss")}
    return ", ".join(f"{name.removesuffix('_loss')} {one:.6g}" for name, one in losses.items())


def opened_library(path: Path | None) -> "Library":
    """The library in a file that is there.

    Raises:
        InputError: there is none.
    """
    from engine.library.library import open_library

    where = path or default_library()
    if not where.exists():
        raise InputError(str(where), "expected a run library, found nothing.")
    return open_library(where)
