"""What can be forecast, and what a curve says little about; each in one sentence."""

from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.models import FORECASTERS, Forecaster
from engine.forecasting.observations import lost_lately
from engine.sentences import listed, shown

LEAST: Final = 3
"""Values that a forecast needs."""

FARTHEST: Final = 1_000_000
"""Epochs that can be looked ahead to."""

_SHORT: Final = 5
_QUANTITIES: Final = ("accuracy", "loss")


def checked(curve: Any, horizon: Any, model: str, quantity: str) -> tuple[Floats, int, Forecaster]:
    """A curve, its horizon and a model, as they can be worked with.

    Raises:
        InputError: they cannot be.
    """
    if model not in FORECASTERS:
        expected = listed([*FORECASTERS])
        raise InputError("model", f"expected one of {expected}, found {shown(model)}.")
    if quantity not in _QUANTITIES:
        raise InputError(
            "quantity", f"expected {' or '.join(_QUANTITIES)}, found {shown(quantity)}."
        )
    try:
        values = np.array(curve, dtype=float)
    except (TypeError, ValueError):
        raise InputError("curve", "expected numbers, found something else.") from None
    if values.ndim != 1:
        raise InputError("curve", f"expected one row of numbers, found shape {values.shape}.")
    values[~np.isfinite(values)] = np.nan
    finite = values[np.isfinite(values)]
    if values.size == 0:
        raise InputError("curve", "expected numbers, found none.")
    if finite.size == 0:
        raise InputError("curve", "expected numbers, found none that is finite.")
    if finite.size < LEAST:
        count = "one" if finite.size == 1 else "two"
        raise InputError(
            "curve", f"expected at least {LEAST} values to forecast from, found {count}."
        )
    if quantity == "accuracy" and not (finite.min() >= 0 and finite.max() <= 1):
        wrong = float(finite.min() if finite.min() < 0 else finite.max())
        raise InputError("curve", f"expected accuracies between 0 and 1, found {shown(wrong)}.")
    return values, _checked_horizon(horizon, len(values)), FORECASTERS[model]


def _checked_horizon(horizon: Any, n: int) -> int:
    whole = isinstance(horizon, int | np.integer) and not isinstance(horizon, bool)
    if not whole or not n <= horizon <= FARTHEST:
        raise InputError(
            "horizon",
            f"expected a whole number from {n} (the curve's length) to {FARTHEST:,}, "
            f"found {shown(horizon)}.",
        )
    return int(horizon)


def remark_on(y: Floats) -> str:
    """Where a curve says little, why, in one sentence; or nothing.

    Args:
        y: (n,) rising, NaN where it was not measured.
    """
    finite = y[np.isfinite(y)]
    if finite.min() == finite.max():
        return "All values are equal, so that only chance could tell where the curve goes."
    if finite.size < _SHORT:
        return f"{finite.size} values say little: expect the forecast to change."
    if lost_lately(finite):
        return "The curve gets worse, which none of the families does: expect it to end worse."
    return ""
