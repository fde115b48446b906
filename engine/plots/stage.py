"""What a training run looks like from inside, at any moment of it.

A record keeps no parameters, which may be many; a stage replays the training run instead, forwards
or in exact reversal, to the moment that is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import make_method
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.result import drain
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import AnyPlot
from engine.plots.strategies import name_of
from engine.runs.blow_ups import as_divergence
from engine.runs.moments import Moment
from engine.runs.one_run_replay import OneRunReplay
from engine.runs.records import RunRecord
from engine.runs.replay import Replay, replay_key
from engine.runs.replicates import training_problem
from engine.tasks.catalogue import make_task

_MINIMA: Final = 8
"""Of as many meta-iterations the parameters at the minimum are kept."""


class Stage:
    """Replays the training runs of one run; for one thread at a time.

    Args:
        experiment: of the run, as it started.

    Attributes:
        experiment: the same.
        task: what is trained.

    Raises:
        InputError: its data cannot be used any more.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.task = make_task(experiment)
        self._replays: dict[int, Replay | OneRunReplay] = {}
        self._paths: dict[int, Floats] = {}
        self._minima: dict[int, Floats] = {}
        self._made: dict[str, AnyPlot] = {}

    def parameters(self, record: RunRecord, index: int, iteration: int) -> Floats:
        """(P,) after so many iterations of the training in a finished meta-iteration.

        Where the method finds the minimum without training, it is there, whatever the iteration.

        Raises:
            DivergedError: it cannot be replayed.
        """
        if record.is_one_run:
            return self._in_one_run(record, iteration)
        if not record.trains:
            return self._at_the_minimum(record, index)
        if index not in self._replays:  # one at a time is kept: its buffer may be large
            used = used_in(record, index)
            key = replay_key(self.experiment, index)
            self._replays = {index: Replay(self.task, self.experiment, key, used)}
        replay = self._replays[index]
        replay.seek(iteration)
        return replay.w

    def path(self, record: RunRecord, index: int) -> Floats:
        """(T + 1, P) where training went in a finished meta-iteration, which is kept.

        If all meta-iterations are parts of one training run, it is that, as far as it has come.
        """
        if record.is_one_run:
            done = min(record.stretch * len(record.meta_iterations), record.iterations)
            every = range(done + 1)
            return np.array([self.parameters(record, index, t) for t in every])
        if index not in self._paths:
            every = range(record.iterations + 1)
            self._paths[index] = np.array([self.parameters(record, index, t) for t in every])
        return self._paths[index]

    def _at_the_minimum(self, record: RunRecord, index: int) -> Floats:
        if index not in self._minima:
            key, used = replay_key(self.experiment, index), used_in(record, index)
            problem, _ = training_problem(self.task, self.experiment, key, used)
            options = self.experiment.hypergradient
            method = make_method(self.experiment.method, options, self.task.epoch)
            kept = [*self._minima.items()][-_MINIMA + 1 :]
            self._minima = {**dict(kept), index: drain(as_divergence(method.run(problem))).w_final}
        return self._minima[index]

    def _in_one_run(self, record: RunRecord, iteration: int) -> Floats:
        if not self._replays:
            key = replay_key(self.experiment, 0)
            used = partial(used_in, record)
            self._replays = {0: OneRunReplay(self.task, self.experiment, key, used)}
        self._replays[0].seek(iteration)
        return self._replays[0].w

    def once(self, key: str, make: Callable[[], AnyPlot]) -> AnyPlot:
        """What is the same at every moment of the run, made when it is first asked for."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment of a run, and the means to see it from inside.

    Attributes:
        stage: of the run.
        record: of the run; the moment's meta-iteration is done.
        moment: which it is.
        standing: what there is to know of its meta-iteration; often nothing.
        is_latest: whether it is shown for being the last one, and not because it was chosen.
    """

    stage: Stage
    record: RunRecord
    moment: Moment
    standing: str = ""
    is_latest: bool = False

    @property
    def iteration(self) -> int:
        """How many training iterations are done, and not undone again."""
        return self.record.iteration_at(self.moment)

    @property
    def name(self) -> str:
        """As in "meta-iteration 3 after 150 iterations", with what there is to know of it."""
        name = name_of(self.record, self.moment.meta_iteration)
        if not self.record.trains:
            return f"{name}, {self.standing}" if self.standing else name
        standing = f", {self.standing}," if self.standing else ""
        return f"{name}{standing} after {self.iteration:,} iterations"

    @property
    def hyperparameters(self) -> Hyperparameters:
        """What training used at the moment; where the run has arrived, if that was not chosen."""
        index = self.moment.meta_iteration
        done = self.record.meta_iterations[index]
        return done.next_hyperparameters if self.is_latest else done.hyperparameters

    @property
    def place(self) -> str:
        """Which those are, as in "meta-iteration 3"; or of what does not move, "seed 4"."""
        moves = STRATEGIES[self.record.experiment.meta.optimizer].shows in ("descent", "updates")
        return name_of(self.record, self.moment.meta_iteration + (moves and self.is_latest))

    def parameters(self) -> Floats:
        """(P,) elementary parameters.

        Raises:
            DivergedError: training cannot be replayed.
        """
        return self.stage.parameters(self.record, self.moment.meta_iteration, self.iteration)


def used_in(record: RunRecord, index: int) -> Hyperparameters:
    """What training used in a finished meta-iteration."""
    return record.meta_iterations[index].hyperparameters
