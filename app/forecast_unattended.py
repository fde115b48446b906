"""A forecast of a learning curve in a file, without a window: some lines, and files."""

from pathlib import Path

import numpy as np

from app.terminal import say
from engine.data.readers.refusals import wrong
from engine.errors import InputError
from engine.forecasting.curve_files import CurveFile, read_curve
from engine.forecasting.families import FAMILIES
from engine.forecasting.forecast import Forecast, forecast
from engine.forecasting.scales import Quantity
from engine.output.forecasts import write_forecast
from engine.plots.forecast_plot import in_words
from engine.sentences import shown

_LOSSES = ("loss", "error", "entropy", "nll", "perplexity")


def forecast_unattended(
    file: Path,
    horizon: int,
    folder: Path,
    *,
    quantity: str = "",
    best: float | None = None,
    model: str,
    seed: int = 0,
) -> int:
    """Forecast the curve in a file, say what is predicted, and write numbers and figure.

    Args:
        file: CSV.
        horizon: the epoch to look to, as the file counts.
        folder: for the files.
        quantity: "accuracy", "loss", or empty: what the file looks like.
        best: a value to beat, or None.
        model: a name of the catalogue.
        seed: of the sampler.

    Raises:
        InputError: the file holds no curve, or it cannot be forecast.

    Returns:
        How many files were written.
    """
    found = read_curve(file)
    if best is not None and not np.isfinite(best):
        raise InputError("--best", f"expected a finite number, found {shown(best)}.")
    last = len(found.values) + found.first - 1
    if horizon < last:
        raise InputError(
            "--horizon",
            f"expected at least {last}, the last epoch in {file.name}, found {shown(horizon)}.",
        )
    meant = _named(quantity) if quantity else quantity_of(found, file.name)
    if meant == "accuracy":
        found.check_accuracies(file.name)
    ahead = horizon - found.first + 1
    try:
        made = forecast(found.values, ahead, seed=seed, model=model, quantity=meant)
    except InputError as error:
        if error.field != "curve":
            raise InputError(f"--{error.field}", error.sentence) from None
        raise error.inside(file.name) from None
    written = write_forecast(made, folder, found.first, best)
    for line in lines_about(made, found, best):
        say(line)
    return len(written)


def lines_about(made: Forecast, found: CurveFile, best: float | None) -> list[str]:
    """What is predicted, line by line."""
    epoch = made.horizon + found.first - 1
    measured = int(np.isfinite(made.curve).sum())
    name = found.name or made.quantity
    lines = [f"{name} at epoch {epoch:,}, from {measured:,} values: {in_words(made)}"]
    if best is not None:
        chance = made.probability_better(best)
        lines.append(
            f"{chance:.0%} likely to beat {best:.4g} by epoch {epoch:,}".replace("%", " %", 1)
        )
    told = sorted(made.families.items(), key=lambda one: -one[1])
    shares = [f"{FAMILIES[family].title} {100 * weight:.0f} %" for family, weight in told]
    lines.append(f"families: {', '.join(shares)}")
    if made.cut:
        lines.append(f"the first {made.cut} values were left out: the curve was flat")
    return lines + ([made.remark] if made.remark else [])


def quantity_of(found: CurveFile, file: str) -> Quantity:
    """What a file's values are, by their name or, where it says nothing, by where they lie.

    Args:
        found: the values.
        file: its name.

    Raises:
        InputError: they do not tell.
    """
    name = found.name.lower()
    if any(word in name for word in _LOSSES):
        return "loss"
    finite = found.values[np.isfinite(found.values)]
    if "acc" in name or not finite.size or (finite.min() >= 0 and finite.max() <= 1):
        return "accuracy"
    if finite[-1] < finite[0]:
        return "loss"
    if found.may_be_percent:
        raise wrong(
            file,
            "accuracies between 0 and 1, or --quantity loss",
            "what may be percentages, which are to be divided by 100",
        )
    raise InputError(
        "--quantity", "expected loss or accuracy, because values that rise above 1 may be either."
    )


def _named(quantity: str) -> Quantity:
    if quantity == "accuracy":
        return "accuracy"
    if quantity == "loss":
        return "loss"
    raise InputError("--quantity", f"expected accuracy or loss, found {shown(quantity)}.")
