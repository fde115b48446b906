"""Finished curves whose forecasts are known, without forecasting."""

from collections.abc import Iterable

import numpy as np
from scipy.stats import norm

from engine.forecasting.curve_sets import CurveSet, whole_curves
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.predictive import Ending
from engine.forecasting.replayed import LEVELS
from engine.forecasting.scales import Scale

LOOKS = (3, 4, 5)
SIGMA = 0.02


def foreseen(n: int, mean: float, sigma: float = SIGMA) -> Foreseen:
    """A forecast that is normal around a mean."""
    ending = Ending(np.full(2, mean), np.full(2, sigma), (-np.inf, np.inf))
    bands = {one: (mean - norm.ppf((1 + one) / 2) * sigma,) * 2 for one in LEVELS}
    bands = {one: (low, 2 * mean - low) for one, (low, _) in bands.items()}
    scale = Scale(0.0, 1.0, (-np.inf, np.inf))
    return Foreseen(n, np.array([mean]), np.array([sigma]), bands, ending, scale)


def curves_to(*ends: float) -> CurveSet:
    """Straight from 0 to their ends."""
    lines = [(f"to {end}", np.linspace(0, end, 6)) for end in ends]
    return whole_curves("straight", "Straight", "accuracy", lines)


def all_at(curves: CurveSet, means: Iterable[float]) -> dict[tuple[int, int], Foreseen | None]:
    return {(place, n): foreseen(n, float(mean)) for place, mean in enumerate(means) for n in LOOKS}
