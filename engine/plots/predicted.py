"""How a curve that goes on is likely to end, drawn beside what is measured of it.

After Domhan, Springenberg and Hutter, "Speeding up automatic hyperparameter optimization of deep
neural networks by extrapolation of learning curves" (IJCAI 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.plots.base import Line, Plot
from engine.plots.going_on import Curve
from engine.plots.words import number_in_words
from engine.runs.predictions import chance_in_words

if TYPE_CHECKING:
    from engine.forecasting.forecast import Forecast

PREDICTED: Final = "predicted"
"""What legends call what is not measured."""
LEVEL: Final = 0.9
"""How likely the next measurement is to lie within the band."""
ABOUT: Final = "not measured; 90 % band"
"""What there is to say of it wherever it is shown."""


@dataclass(frozen=True, eq=False)
class CurvePrediction:
    """How a curve is likely to go on.

    Attributes:
        curve: which, as far as it was.
        model: the name of the forecaster.
        mean, low, high: (horizon,) at each place of the curve, and the ends of the 90 % band.
        better: gives the chance that the last value will be better than another, from 0 to 1.
        families: how much weight each family of curves has; they sum to 1.
        family_curves: (horizon,) what each of them would have the curve be.
        remark: one sentence, where the curve says little of its end; or empty.
    """

    curve: Curve
    model: str
    mean: Floats
    low: Floats
    high: Floats
    better: Callable[[float], float]
    families: Mapping[str, float]
    family_curves: Mapping[str, Floats]
    remark: str = ""

    def told(self, best: float) -> str:
        """As in "88 % likely to beat 0.177 by meta-iteration 50".

        Args:
            best: the best that was measured by now.
        """
        chance = chance_in_words(self.better(best))
        return f"{chance} likely to beat {number_in_words(best, 3)} by {self.curve.end}"

    def is_of(self, curve: Curve) -> bool:
        """Whether this is the curve that was predicted, which may have gone on meanwhile."""
        return self.curve.is_earlier(curve)


def predict(
    curve: Curve, model: str, *, seed: int = 0, is_wanted: Callable[[], bool] = lambda: True
) -> CurvePrediction | None:
    """Predict a curve to its end; None where nothing can be said of it, or nobody wants it.

    Args:
        curve: as far as it is.
        model: a name of `engine.forecasting.models.FORECASTERS`.
        seed: of what is random.
        is_wanted: asked every now and then while it is computed.
    """
    # with all that it computes with: not before a run
    from engine.forecasting.forecast import forecasting

    values = curve.measured()
    steps = forecasting(values, curve.horizon, seed=seed, model=model, quantity=curve.quantity)
    try:
        while is_wanted():
            next(steps)
        return None
    except StopIteration as stop:
        made: Forecast = stop.value
    except InputError:  # as too few values that are finite
        return None
    finally:
        steps.close()
    low, high = made.band(LEVEL)
    return CurvePrediction(
        curve,
        model,
        made.mean,
        low,
        high,
        made.probability_better,
        made.families,
        made.family_curves,
        made.remark,
    )


def with_prediction(plot: Plot, curve: Curve, prediction: CurvePrediction) -> Plot:
    """A plot with the rest of one of its curves as predicted, from where it is measured on.

    Args:
        plot: of the curve.
        curve: as far as it is by now; no less far than when it was predicted.
        prediction: of it.
    """
    line = next((line for line in plot.lines if line.name == curve.line), None)
    ahead = (curve.places > curve.reached) & (np.arange(curve.horizon) >= prediction.curve.count)
    if line is None or not np.any(ahead):
        return plot
    places = curve.places[ahead]
    rest = Line(
        PREDICTED,
        places,
        prediction.mean[ahead],
        line.colour,
        "dashed",
        low=prediction.low[ahead],
        high=prediction.high[ahead],
        predicted=prediction.told(curve.best),
    )
    gone = (places - curve.reached) / (places[-1] - curve.reached)
    others = tuple(_further(other, curve.line, rest, gone) for other in plot.others)
    return replace(plot, lines=(*plot.lines, rest), others=others)


def _further(other: Plot, name: str, rest: Line, gone: Floats) -> Plot:
    """The same over another axis, whose end is where the curve will be if it goes on as fast.

    Args:
        other: the plot over that axis.
        name: of the line that goes on.
        rest: what is predicted of it.
        gone: (n,) how much of the way that is left lies behind each of its points.
    """
    line = next((line for line in other.lines if line.name == name), None)
    if line is None or not len(line.x):
        return other
    reached = float(line.x[-1])
    x = reached + (other.x_range[1] - reached) * gone
    return replace(other, lines=(*other.lines, replace(rest, x=x)))
