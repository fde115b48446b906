"""The command ``retrograde forecast``: where learning curves end."""

from pathlib import Path
from typing import Annotated

import typer

from app.command_options import Scheduler, UsageError, Workers
from app.terminal import say
from engine.errors import InputError
from engine.files import folder_name


def forecast(
    file: Annotated[Path | None, typer.Argument(metavar="FILE.csv|SET")] = None,
    horizon: Annotated[
        int | None, typer.Option(help="Epoch to look to (of a replay: the last one).")
    ] = None,
    quantity: Annotated[
        str,
        typer.Option(
            metavar="loss|accuracy", help="What the values are (default: what the file looks like)."
        ),
    ] = "",
    best: Annotated[float | None, typer.Option(help="Value to beat.")] = None,
    model: Annotated[
        str, typer.Option(help="three-families, or domhan-eleven: slower, as in the paper.")
    ] = "three-families",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sampler.")] = 0,
    replay: Annotated[
        bool,
        typer.Option("--replay", help="Replay decisions to stop, on a file of finished curves."),
    ] = False,
    library: Annotated[
        bool,
        typer.Option("--library", help="How well recorded runs are forecast (FILE: of a library)."),
    ] = False,
    threshold: Annotated[float, typer.Option(help="Replay: stopped below this chance.")] = 0.05,
    patience: Annotated[int, typer.Option(help="Replay: forecasts in a row that say so.")] = 2,
    least: Annotated[int, typer.Option(help="Replay: points before which none is stopped.")] = 10,
    every: Annotated[
        int | None, typer.Option(help="Replay: points between looks (default: a tenth).")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for results (default: out/FILE-forecast, or -decisions)."),
    ] = None,
) -> None:
    """Forecast a learning curve: its value at an epoch to come, with a 90 % band.

    The file has one column of values by epoch, or two: epochs and values.

    With --replay, each column is a finished curve, or SET is one of digits, breast-cancer and
    mnist: which would have been stopped, when, whether rightly, and what would it have saved?

    With --library, the curves of recorded runs are forecast from their first 10, 20 and 30 %, and
    compared with their ends.
    """
    if library:
        from app.accuracy_unattended import accuracy_unattended

        for name, wrong in (("--horizon", horizon is not None), ("--replay", replay)):
            if wrong:
                raise InputError(name, "expected none with --library.")
        folder = out or Path("out") / "library-forecasts"
        count = accuracy_unattended(file, folder, model, seed)
        say(f"{count} files in {folder}")
        return
    if file is None:
        raise UsageError("Missing argument 'FILE.csv|SET'")
    if replay:
        from app.comparison.decisions_unattended import curves_named, replay_unattended
        from engine.forecasting.stopping import Rule

        for name, given in (("--horizon", horizon), ("--best", best)):
            if given is not None:
                raise InputError(name, "expected none with --replay: finished curves have both.")
        curves = curves_named(str(file), quantity)
        folder = out or Path("out") / f"{folder_name(curves.name)}-decisions"
        rule = Rule(threshold, patience, least)
        count = replay_unattended(curves, folder, rule, every, model, seed, workers, scheduler)
        say(f"{count} files in {folder}")
        return
    from app.forecast_unattended import forecast_unattended

    if horizon is None:
        raise UsageError("Missing option '--horizon'.")
    folder = out or Path("out") / f"{folder_name(file.stem)}-forecast"
    count = forecast_unattended(
        file, horizon, folder, quantity=quantity, best=best, model=model, seed=seed
    )
    say(f"{count} files in {folder}")
