"""What a trial is held against while it trains, and how far it gets."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats, Integers
from engine.errors import DivergedError
from engine.experiments.experiment import Experiment
from engine.experiments.stopping import Stopping
from engine.hypergradients.problem import Problem
from engine.hyperparameters.values import Hyperparameters
from engine.runs.curve_watch import CurveWatch
from engine.runs.predictions import Prediction, quantity_of
from engine.runs.replicates import Key
from engine.tasks.task import Classifies, Task

Heard: TypeAlias = Callable[[int, Prediction, bool], bool]
"""(training iterations, where the curve is going, whether the rule would stop it) → whether
somebody says that it is to be stopped."""

_FORWARD: Final = 1 / 3
"""What it takes to measure a loss, as a part of what its gradient takes."""


class HeldAgainst(NamedTuple):
    """What a trial has to beat; it travels between processes.

    Attributes:
        best: what the best trial before has come to; None: there is none yet.
        penalty: what is added to the trial's loss.
        stops_at: the iteration of its last seed at which a person stopped it; None: nobody did.
    """

    best: float | None
    penalty: float = 0.0
    stops_at: int | None = None


class TrialWatch:
    """Measures a training run of a trial along its way, and says when to end it.

    Args:
        experiment: whose trial it is.
        task: what is trained.
        problem: the training run.
        key: of it.
        hyperparameters: of the trial.
        held: what the trial has to beat.
        before: what the seeds before it have come to, in the same quantity.
        heard: asks somebody; None: nobody is asked.

    Attributes:
        measured: how many times.
        prediction: of what was stopped; None: it was not.
    """

    def __init__(
        self,
        experiment: Experiment,
        task: Task,
        problem: Problem,
        key: Key,
        hyperparameters: Hyperparameters,
        held: HeldAgainst,
        before: Sequence[float],
        heard: Heard | None,
    ) -> None:
        stopping, iterations = experiment.stopping, experiment.training.iterations
        self._stopping, self._task, self._problem = stopping, task, problem
        self._key, self._hyperparameters, self._held, self._heard = (
            key,
            hyperparameters,
            held,
            heard,
        )
        self._before = before
        self.places = places(stopping, iterations)
        self._due = frozenset(self.places.tolist())
        self._iterations = iterations
        self._curve = CurveWatch(stopping, len(self.places), experiment.meta.seed)
        self._quantity = quantity_of(experiment)
        self.prediction: Prediction | None = None

    @property
    def values(self) -> list[float]:
        """The curve so far, at `places`."""
        return self._curve.values

    @property
    def gradients(self) -> float:
        """What measuring took so far, in gradients of a minibatch; see `look_in_gradients`."""
        return len(self._curve.values) * look_in_gradients(self._task)

    def look(self, iteration: int, parameters: Callable[[], Floats]) -> None:
        """See `engine.hypergradients.training.Look`."""
        if iteration not in self._due:
            return
        best = self._to_beat()
        self._curve.add(self._measure(parameters()), best)
        if iteration == self._iterations or best is None:
            return
        by_hand = self._held.stops_at == iteration
        if self._heard is not None and not by_hand:
            now = self._predicted(iteration, best)
            by_hand = self._heard(iteration, now, self._curve.stops)
        if by_hand and self._curve.verdict is None:
            self._curve.judge(best)
        if by_hand or (self._curve.stops and self._stopping.when == "automatic"):
            self.prediction = self._predicted(iteration, best)

    def _predicted(self, iteration: int, best: float) -> Prediction:
        """Of the mean of the seeds so far."""
        verdict, count = self._curve.verdict, len(self._before) + 1
        value = std = probability = low = high = float("nan")
        if verdict is not None:
            told = (verdict.predicted, *self._curve.ends)
            value, low, high = (
                (sum(self._before) + one) / count + self._held.penalty for one in told
            )
            std, probability = verdict.std / count, verdict.probability
        held = self._held.best
        assert held is not None, "nothing is stopped without a best"
        return Prediction(
            value,
            std,
            probability,
            iteration,
            self._iterations,
            self._quantity,
            held,
            (low, high),
        )

    def _to_beat(self) -> float | None:
        """What this seed has to come to for the mean of the seeds so far to be the best."""
        if self._held.best is None:
            return None
        goal = self._held.best - self._held.penalty
        return (len(self._before) + 1) * goal - sum(self._before)

    def _measure(self, w: Floats) -> float:
        try:
            if self._stopping.judged_by == "loss":
                return float(self._problem.oracle.objective_value(w))
            assert isinstance(self._task, Classifies), "validated with the experiment"
            return self._task.validation_accuracy(w, self._hyperparameters, self._key)
        except DivergedError:
            return float("nan")


def places(stopping: Stopping, iterations: int) -> Integers:
    """(n,) the training iterations at which a trial's curve is measured; the last one among them.

    Args:
        stopping: says how many there are, at most.
        iterations: T.
    """
    count = min(stopping.points, iterations)
    return np.ceil(np.arange(1, count + 1) * iterations / count - 1e-9).astype(np.int64)


def look_in_gradients(task: Task) -> float:
    """What it takes to measure a curve once, in gradients of a minibatch.

    A loss takes a third of what its gradient does, on as many examples as it is measured on.
    """
    split = getattr(task, "split", None)
    if split is None:
        return _FORWARD
    part = split.train if getattr(task, "objective", "") == "training" else split.validation
    size = getattr(task, "batch_size", 0) or len(split.train.targets)
    return _FORWARD * len(part.targets) / max(size, 1)
