"""Decisions replayed without a window: a progress bar, a table, a sentence, and files."""

from functools import partial
from pathlib import Path

from app.comparison.subjects import DECISIONS
from app.comparison.unattended import take_down
from app.terminal import say
from engine.errors import InputError
from engine.forecasting.curve_sets import SHIPPED, CurveSet, shipped_curves
from engine.forecasting.curve_tables import read_curves
from engine.forecasting.scales import Quantity
from engine.forecasting.stopping import Rule
from engine.runs.decisions import Replayed, checked
from engine.runs.replay_decisions import replay_decisions
from engine.sentences import shown


def replay_unattended(
    curves: CurveSet,
    folder: Path,
    rule: Rule,
    every: int | None,
    model: str,
    seed: int = 0,
    workers: int | None = None,
    scheduler: str = "",
) -> int:
    """Replay decisions on curves, print what came of them, and write everything to a folder.

    Args:
        curves: which.
        folder: for the files; no other run may be writing to it.
        rule: decides.
        every: points between two looks; None: a tenth of a curve.
        model: of the forecasts.
        seed: of the forecasts.
        workers: processes that forecast; see `app.places`.
        scheduler: of a Dask cluster that forecasts.

    Returns:
        How many files were written.

    Raises:
        InputError: a setting or the folder cannot be used; before any forecast.
        FailedRunError: nothing could be forecast, or a worker died.
    """
    often = max(1, curves.points // 10) if every is None else every
    try:
        asked = checked(Replayed(curves, rule, often, model, seed))
    except InputError as error:
        raise InputError(f"--{error.field}", error.sentence) from None
    if curves.remark:
        say(curves.remark)
    return take_down(DECISIONS, folder, partial(replay_decisions, asked), workers, scheduler)


def curves_named(name: str, quantity: str = "") -> CurveSet:
    """A set that ships, or that of a file.

    Args:
        name: of a set, or a path.
        quantity: "accuracy", "loss", or "": accuracies of a set, and what a file looks like.

    Raises:
        InputError: there is none.
    """
    meant: dict[str, Quantity | None] = {"accuracy": "accuracy", "loss": "loss", "": None}
    if quantity not in meant:
        raise InputError("--quantity", f"expected accuracy or loss, found {shown(quantity)}.")
    if name in SHIPPED and not Path(name).exists():
        return shipped_curves(name, meant[quantity] or "accuracy")
    return read_curves(Path(name), meant[quantity])
