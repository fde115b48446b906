"""How a curve may go on: draws of whole curves, and of what would be observed of them."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.forecasting.predictive import Ending, reflected

_COPIES: Final = 2  # futures drawn of each curve of the posterior
_TINY: Final = 1e-12


def how_far(x: Floats, measured: float) -> Floats:
    """(m,) ln (x/n) beyond the last epoch that was measured, and 0 before."""
    return np.log(np.maximum(x / measured, 1))


def futures(
    drawn: Floats, far: Floats, ending: Ending, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Curves of the posterior as they may go on.

    Each drifts away from what its families say, the further the longer it goes on, and the more
    room there is above it; some surprise, and go anywhere on their stretches.

    Args:
        drawn: (S, m) curves of the posterior.
        far: (m,) how far each place is beyond what was measured.
        ending: what the value at the horizon may be.
        random: decides.

    Returns:
        (draws, m) curves, and as many observations of them.
    """
    count = _COPIES * len(drawn)
    several = np.tile(drawn, (_COPIES, 1))
    share = far / max(float(far[-1]), _TINY)
    away = np.tile(ending.drifts, _COPIES) * random.standard_normal(count)
    order, taken = random.permutation(count), 0
    for each in ending.surprises:
        surprising = order[taken : taken + round(each.share * count)]
        taken += len(surprising)
        away[surprising] = each.places(random.random(len(surprising))) - several[surprising, -1]
    several += away[:, None] * share
    noisy = several + (np.tile(ending.sigma, _COPIES) * random.standard_normal(count))[:, None]
    return reflected(several, *ending.bounds), reflected(noisy, *ending.bounds)
