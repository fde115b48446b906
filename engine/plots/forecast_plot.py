"""A learning curve from anywhere with its forecast: what was measured, and what is predicted."""

from typing import Final

import numpy as np

from engine.forecasting.forecast import Forecast
from engine.forecasting.models import FORECASTERS
from engine.plots.base import Line, Mark, Plot

LEVEL: Final = 0.9
"""Of the band that is drawn."""

_ROOM: Final = 0.08  # above and below what the axis has room for, of it


def forecast_plot(forecast: Forecast, first: int = 1, best: float | None = None) -> Plot:
    """The plot of a forecast.

    Args:
        forecast: what to draw.
        first: what the first epoch is called.
        best: a value to beat, drawn as a level line; or None.
    """
    n, shift = len(forecast.curve), first - 1
    epochs = np.arange(1.0, forecast.horizon + 1) + shift
    low, high = forecast.band(LEVEL)
    ahead = epochs >= n + shift
    lines = [
        Line("measured", epochs[:n], forecast.curve, 0),
        Line(
            f"predicted, with {100 * LEVEL:.0f} % band",
            epochs[ahead],
            forecast.mean[ahead],
            1,
            "dashed",
            low=low[ahead],
            high=high[ahead],
        ),
    ]
    if best is not None:
        ends = np.array([epochs[0], epochs[-1]])
        lines.append(Line(f"to beat: {best:.4g}", ends, np.full(2, best), "reference", "dotted"))
    return Plot(
        "forecast",
        "Predicted learning curve",
        "epoch",
        forecast.quantity,
        tuple(lines),
        (float(epochs[0]), float(epochs[-1])),
        caption=f"{FORECASTERS[forecast.model].title}: {in_words(forecast)}",
        marks=(Mark(float(n + shift), "predicted from here", is_part=True),),
    )


def in_words(forecast: Forecast) -> str:
    """The value at the horizon: about where, and its band."""
    low, high = forecast.band(LEVEL)
    band = f"{100 * LEVEL:.0f} % band {low[-1]:.3g} to {high[-1]:.3g}"
    return f"{forecast.mean[-1]:.3g} predicted, {band}"
