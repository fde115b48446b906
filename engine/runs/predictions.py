"""What was stopped before its end would have come to, as far as a forecast tells."""

from typing import Final, NamedTuple

from engine.experiments.experiment import Experiment

NOTABLE: Final = 0.01
"""By which part of what was gained so far a meta-optimization has to beat its best: a curve that
has come to rest is always likely to fall by nothing worth the time."""


class Prediction(NamedTuple):
    """A value that nobody measured: where a learning curve was going when it was stopped.

    Attributes:
        value: of the curve at the horizon.
        std: its standard deviation.
        probability: that it would have been better than the best.
        iteration: after which it was stopped: of a trial its training iterations, of a
            meta-optimization its meta-iterations.
        horizon: that it is predicted for, in the same.
        quantity: what is predicted, "validation loss".
        best: what it was held against.
        ends: between which the next measurement would be at the horizon, with a chance of 90 %.
        own: of a meta-optimization its best so far, which it has to beat by `NOTABLE` of its gain
            to come to `best`.
    """

    value: float
    std: float
    probability: float
    iteration: int
    horizon: int
    quantity: str
    best: float
    ends: tuple[float, float]
    own: float | None = None

    @property
    def table(self) -> dict[str, float | int]:
        """As files have it."""
        return {
            "value": self.value,
            "std": self.std,
            "probability": self.probability,
            "iteration": self.iteration,
        }

    @property
    def chance(self) -> str:
        """As in "3 % likely to beat 0.1771", or "… 0.1793 by 1 % of the gain so far"."""
        if self.own is not None:
            much = f"{100 * NOTABLE:.0f} % of the gain so far"
            return f"{chance_in_words(self.probability)} likely to beat {self.own:.4g} by {much}"
        return f"{chance_in_words(self.probability)} likely to beat {self.best:.4g}"


def chance_in_words(probability: float) -> str:
    """As in "88 %"; but never "0 %" or "100 %" of what is not certain."""
    if probability < 0.005:
        return "under 1 %"
    return "over 99 %" if probability > 0.995 else f"{100 * probability:.0f} %"


def quantity_of(experiment: Experiment) -> str:
    """What a trial's curve is of, as in "validation loss"."""
    if experiment.stopping.judged_by == "accuracy":
        return "validation accuracy"
    return f"{experiment.meta.objective} loss"
