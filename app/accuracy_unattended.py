"""How well forecasts do on a library's runs, without a window: a progress bar, a table, files."""

from collections.abc import Generator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.runs_command import opened_library
from app.terminal import say
from engine.files import write_together
from engine.library.accuracy import Accuracy, library_accuracy
from engine.output.accuracy import accuracy_files, headers, rows, sentence
from engine.output.files import unwritable


def accuracy_unattended(library: Path | None, folder: Path, model: str, seed: int = 0) -> int:
    """Forecast the curves of recorded runs, print how well that went, and write it to a folder.

    Args:
        library: its file; None: the user's own.
        folder: for the files.
        model: of the forecasts.
        seed: of the forecasts.

    Returns:
        How many files were written.

    Raises:
        InputError: there is no such library or model.
    """
    from app.comparison.unattended import print_table

    with opened_library(library) as opened:
        found = _followed(library_accuracy(opened, model, seed))
    if found.scores:
        print_table("Forecasts of recorded runs", headers(), rows(found))
    say(sentence(found))
    files = accuracy_files(found)
    try:
        write_together(folder, files)
    except OSError as error:
        raise unwritable(folder, error) from None
    return len(files)


def _followed(steps: Generator[tuple[int, int], None, Accuracy]) -> Accuracy:
    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs forecast"),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("", total=None)
        while True:
            try:
                done, total = next(steps)
            except StopIteration as stop:
                found: Accuracy = stop.value
                return found
            bar.update(task, completed=done, total=total)
