"""Whether a meta-optimization still improves: its objective over meta-iterations, forecast."""

from collections.abc import Generator

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES
from engine.runs.asking import Asking
from engine.runs.curve_watch import CurveWatch
from engine.runs.events import Event, MetaIterationDone
from engine.runs.predictions import NOTABLE, Prediction, quantity_of

_LATELY, _FEWEST = 5, 3
"""One in so many meta-iterations, but so many at least, are the last ones that tell the pace."""


class Improving:
    """Follows a run that moves step by step, and says when it is to end.

    Args:
        experiment: as the run starts.

    Attributes:
        prediction: where the curve was going, once the run is to end; None before.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        stopping, meta = experiment.stopping, experiment.meta
        self._curve = CurveWatch(stopping, meta.iterations + 1, meta.seed, recent=True)
        self._asking = Asking(0)
        self.prediction: Prediction | None = None

    def set(self, experiment: Experiment) -> None:
        """Go on with other settings."""
        self._experiment = experiment
        self._curve.set(experiment.stopping)
        self._curve.look_to(experiment.meta.iterations + 1)

    def ends_before(self, index: int) -> bool:
        """Whether the run ends before a meta-iteration, by its rule or because a person said so."""
        if index in self._experiment.stopping.places and self.prediction is None:
            best = self._to_beat()
            if self._curve.verdict is None and best is not None:
                self._curve.judge(best)
            self.prediction = self._predicted(index, best)
        return self.prediction is not None

    def follow(self, done: MetaIterationDone) -> Generator[Event, None, None]:
        """Take note of a meta-iteration, and tell what follows from it."""
        if not self._experiment.stopping.is_on:
            return
        self._curve.add(self._value(done), self._to_beat(self._value(done)))
        prediction = self._predicted(done.index + 1, self._to_beat())
        stops = self._curve.stops and not self._gets_there()
        if self._experiment.stopping.when == "automatic":
            self.prediction = prediction if stops else None
            return
        self._asking.meta_iteration = done.index
        self._asking.follow(prediction, stops=stops)
        yield from self._asking.news()

    def follow_again(
        self, done: MetaIterationDone, experiment: Experiment
    ) -> Generator[Event, None, None]:
        """Take note of a meta-iteration of a run that goes on, as it was set then."""
        if experiment is not self._experiment:
            self.set(experiment)
        yield from self.follow(done)

    def sentence(self) -> str:
        """Why the run ended."""
        found, strategy = self.prediction, STRATEGIES[self._experiment.meta.optimizer]
        assert found is not None, "only what ended has a reason"
        by_hand = found.iteration in self._experiment.stopping.places
        how = "Stopped by hand" if by_hand else "Stopped"
        amount = strategy.amount(found.iteration, self._experiment.meta.iterations)
        if np.isnan(found.probability):
            return f"{how} after {amount}."
        return f"{how} after {amount}: {found.chance}."

    def _predicted(self, done: int, best: float | None) -> Prediction:
        verdict, nan = self._curve.verdict, float("nan")
        value, std, probability = nan, nan, nan
        if verdict is not None:
            value, std, probability = verdict.predicted, verdict.std, verdict.probability
        horizon, quantity = self._experiment.meta.iterations, quantity_of(self._experiment)
        return Prediction(
            value,
            std,
            probability,
            done,
            horizon,
            quantity,
            nan if best is None else best,
            self._curve.ends if verdict is not None else (nan, nan),
            self._best(self._known()),
        )

    def _gets_there(self) -> bool:
        """Whether a notable improvement would follow if the run kept its pace.

        That is the pace of its last fifth. Families of learning curves level off, and are sure that
        all curves do; one that falls in a straight line is not to be stopped for that.
        """
        goal, sign = self._to_beat(), 1 if self._experiment.stopping.judged_by == "loss" else -1
        known = sign * np.array(self._curve.values)
        lately = max(_FEWEST, len(known) // _LATELY)
        if goal is None or len(known) <= lately:
            return True
        best, before = np.nanmin(known), np.nanmin(known[:-lately])
        left = self._experiment.meta.iterations + 1 - len(known)
        return bool(best - left * (before - best) / lately < sign * goal)

    def _value(self, done: MetaIterationDone) -> float:
        if self._experiment.stopping.judged_by == "loss":
            return done.objective
        known = done.measures.get("validation_accuracy")
        return float("nan") if known is None else known

    def _to_beat(self, newest: float = float("nan")) -> float | None:
        """A notable improvement of the best so far."""
        known = self._known(newest)
        best = self._best(known)
        return None if best is None else best + NOTABLE * (best - known[0])

    def _known(self, newest: float = float("nan")) -> list[float]:
        return [one for one in (*self._curve.values, newest) if np.isfinite(one)]

    def _best(self, known: list[float]) -> float | None:
        choose = min if self._experiment.stopping.judged_by == "loss" else max
        return choose(known, default=None)
