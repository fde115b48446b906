"""The command ``retrograde runs hyperparameters``, and the option that starts a run from a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.command_options import LibraryFile, RunName
from app.terminal import say
from engine.errors import InputError
from engine.sentences import shown

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment

_NAMED = ("best", "final", "initial")


def hyperparameters(
    run: RunName,
    at: Annotated[
        str, typer.Option(metavar="best|final|initial|N", help="Those of which meta-iteration.")
    ] = "best",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv|FILE.npz",
            help="The file (default: out/NAME-hyperparameters.csv).",
        ),
    ] = None,
    library: LibraryFile = None,
) -> None:
    """Write the hyperparameters of a run as CSV or NPZ, for another run to start from."""
    from app.runs_command import opened_library
    from engine.files import folder_name, with_ending
    from engine.output.hyperparameters import ENDINGS, write_hyperparameters

    if at not in _NAMED and not (at.isascii() and at.isdigit()):
        expected = "expected best, final, initial or the number of a meta-iteration"
        raise InputError("--at", f"{expected}, found {shown(at)}.")
    if out is not None:
        with_ending(out, ENDINGS, "--out")
    with opened_library(library) as opened:
        found = opened[run]
        path = out or Path("out") / f"{folder_name(found.name)}-hyperparameters.csv"
        which = int(at) if at not in _NAMED else at
        say(f"Hyperparameters in {write_hyperparameters(found, path, which)}")  # type: ignore[arg-type]


def starting_from(experiment: "Experiment", path: Path | None) -> "Experiment":
    """The experiment that starts from hyperparameters in a file; the same if there is none.

    What is set more finely then is said.

    Raises:
        InputError: the file cannot be read, or does not fit.
    """
    if path is None:
        return experiment
    from app.data.listing import print_notes
    from engine.output.imported import read_hyperparameters

    read = read_hyperparameters(experiment, path)
    print_notes(read.notes)
    return read.experiment
