"""Data sets on the command line: the list, downloads under a progress bar, notes on a file."""

import sys
from collections.abc import Sequence

from app.data.words import state_of
from engine.data.published import LIBRARY, megabytes, received
from engine.errors import InputError


def print_sets() -> None:
    """Print every set that can be downloaded: name, size, licence, and whether it is available."""
    rows = [
        (name, megabytes(entry.size), entry.licence, state_of(name))
        for name, entry in LIBRARY.items()
    ]
    names, sizes, licences, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    for name, size, licence, state in rows:
        print(f"{name:<{names}}  {size:>{sizes}}  {licence:<{licences}}  {state}")


def print_notes(notes: Sequence[str]) -> None:
    """Print what had to be decided about a file of data, a line each, to standard error."""
    for note in notes:
        print(f"retrograde: {note}", file=sys.stderr)


def fetch_in_view(names: Sequence[str]) -> None:
    """Fetch sets one after another, each under a bar on standard error.

    Raises:
        InputError: there is no such set.
        FetchError: a file could not be fetched.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from engine.data.fetching import fetch

    if unknown := [name for name in names if name not in LIBRARY]:
        raise InputError(unknown[0], f"expected one of {', '.join(LIBRARY)}.")
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        for name in dict.fromkeys(names):
            came = received(name)
            bar = progress.add_task(name, total=LIBRARY[name].size, completed=came)
            for step in fetch(name):
                progress.update(bar, completed=step.received)
    for name in dict.fromkeys(names):
        print(f"{name}: {state_of(name)}")
