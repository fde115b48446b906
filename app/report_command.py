"""The command ``retrograde report``, and the option of others that writes a report besides."""

from pathlib import Path
from typing import Annotated

import typer

from app.command_options import LibraryFile
from app.terminal import say


def report(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN…", help="Names, or the beginnings of ids.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html|FILE.pdf", help="The report (default: out/NAME.html)."),
    ] = None,
    library: LibraryFile = None,
) -> None:
    """Write a report of a recorded run as one file: an HTML page that needs nothing else, or a PDF.

    What was asked and what came out, every figure, tables, settings, and how to reproduce it. Of
    several runs, every plot shows all of them, and a table tells what differs.
    """
    from app.runs_command import opened_library
    from engine.files import folder_name
    from engine.output.reports.writing import write_report

    checked(out, "--out")
    with opened_library(library) as opened:
        found = [opened[run] for run in runs]
        path = out or Path("out") / f"{folder_name('-'.join(run.name for run in found))}.html"
        say(f"Report in {write_report(found[0] if len(found) == 1 else found, path)}")


def checked(path: Path | None, option: str = "--report") -> None:
    """Refuse the name of a report that does not say which kind it is, before anything is done.

    Raises:
        InputError: it does not.
    """
    if path is not None:
        from engine.files import with_ending
        from engine.output.reports.endings import ENDINGS

        with_ending(path, ENDINGS, option)


def besides(path: Path | None) -> str:
    """The report, as the end of a sentence that names files; "" if there is none."""
    return f", and a report in {path}" if path is not None else ""
