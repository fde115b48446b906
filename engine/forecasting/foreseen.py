"""What a forecast says of the value at the horizon alone, small enough to keep many of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Floats
from engine.forecasting.predictive import Ending
from engine.forecasting.scales import Scale


@dataclass(frozen=True, eq=False)
class Foreseen:
    """The value at the horizon, in the curve's own units.

    Attributes:
        points: n, how many values of the curve it was made from.
        mean, std: (1,) of the curve without noise.
        bands: by level, between which two values an observation lies.
    """

    points: int
    mean: Floats
    std: Floats
    bands: Mapping[float, tuple[float, float]]
    _ending: Ending = field(repr=False)
    _scale: Scale = field(repr=False)
    _asked: dict[float, float] = field(default_factory=dict, repr=False)

    def probability_better(self, best: float) -> float:
        """See `engine.forecasting.forecast.Forecast`; an answer is remembered."""
        if best not in self._asked:
            y = float(self._scale.to_scale(np.array(best)))
            self._asked[best] = self._ending.probability_above(y)
        return self._asked[best]
