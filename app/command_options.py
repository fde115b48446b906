"""Options that several subcommands of ``retrograde`` have, for typer."""

from pathlib import Path
from typing import Annotated, Any

import typer

UsageError: Any = typer.BadParameter.__mro__[1]
"""What is raised where the words of a command are wrong; typer exports only one kind of it."""

Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE …", help="Change fields of the experiment."),
]
StandIn = Annotated[
    bool,
    typer.Option("--stand-in", help="Use the data that ship, even if the paper's are available."),
]

Workers = Annotated[
    int | None, typer.Option(min=1, help="Worker processes (default: none but this one).")
]
Scheduler = Annotated[
    str, typer.Option(metavar="tcp://HOST:PORT", help="Scheduler of a Dask cluster for the runs.")
]
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="Its name, or the beginning of its id.")
]
HyperparametersFile = Annotated[
    Path | None,
    typer.Option(
        "--hyperparameters", metavar="FILE.csv|FILE.npz", help="Start from those in a file."
    ),
]
LibraryFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Library of runs (default: the user's own).")
]
Record = Annotated[
    bool,
    typer.Option(
        "--record/--no-record",
        help="Record the run in the library, or not; a FILE.retrograde may follow --record.",
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Go on with the latest run of this that was interrupted, if there is one."
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE.html|FILE.pdf", help="Write a report of it all, one file, too."
    ),
]
Problem = Annotated[
    Path | None,
    typer.Option(metavar="FILE.py", help="Run a Python file with losses of your own instead."),
]
Trust = Annotated[
    bool, typer.Option("--trust", help="Let that file run with your rights, without a question.")
]
