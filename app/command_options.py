"""Options that several subcommands of ``retrograde`` have, for typer."""

from pathlib import Path
from typing import Annotated

import typer

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
LibraryFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Library of runs (default: the user's own).")
]
HyperparametersFile = Annotated[
    Path | None,
    typer.Option(
        "--hyperparameters", metavar="FILE.csv|FILE.npz", help="Start from those in a file."
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE.html|FILE.pdf", help="Write a report of it all, one file, too."
    ),
]
