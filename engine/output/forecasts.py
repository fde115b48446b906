"""What a forecast of a learning curve leaves: its numbers as JSON, and its figure."""

import json
from pathlib import Path
from typing import Any

from engine.figures.figure import FORMATS
from engine.files import write_together
from engine.forecasting.forecast import Forecast
from engine.output.files import unwritable, without_nan, write_figures
from engine.plots.forecast_plot import LEVEL, forecast_plot


def write_forecast(
    forecast: Forecast, folder: Path | str, first: int = 1, best: float | None = None
) -> list[Path]:
    """Write the numbers and the figure of a forecast.

    Args:
        forecast: what to write.
        folder: where to.
        first: what the first epoch is called.
        best: a value to beat, or None.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    folder = Path(folder)
    try:
        write_together(folder, {"forecast.json": to_json(forecast, first, best).encode()})
        figures = write_figures([forecast_plot(forecast, first, best)], folder, FORMATS)
    except OSError as error:
        raise unwritable(folder, error) from None
    return [folder / "forecast.json", *figures]


def to_json(forecast: Forecast, first: int = 1, best: float | None = None) -> str:
    """The numbers; lists are by epoch, null where the model says nothing."""
    low, high = forecast.band(LEVEL)
    result: dict[str, Any] = {
        "quantity": forecast.quantity,
        "model": forecast.model,
        "first_epoch": first,
        "measured_epochs": len(forecast.curve),
        "horizon": forecast.horizon + first - 1,
        "predicted": {
            "mean": float(forecast.mean[-1]),
            "std": float(forecast.std[-1]),
            "total_std": float(forecast.total_std[-1]),
            "level": LEVEL,
            "low": float(low[-1]),
            "high": float(high[-1]),
        },
        "best": best,
        "probability_better": None if best is None else forecast.probability_better(best),
        "families": dict(forecast.families),
        "cut": forecast.cut,
        "remark": forecast.remark,
        "values": forecast.curve.tolist(),
        "mean": forecast.mean.tolist(),
        "std": forecast.std.tolist(),
        "total_std": forecast.total_std.tolist(),
        "low": low.tolist(),
        "high": high.tolist(),
    }
    return json.dumps(without_nan(result), indent=2, allow_nan=False) + "\n"
