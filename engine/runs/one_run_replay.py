"""Training again as a run in real time trained, to look at any iteration of it.

Its schedules, and what stands in its losses, are other ones after every update, and are taken from
the record. It trains in floating point as the run did, to the same bits, and only forwards: to go
back it starts from one of the states that it keeps on its way.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.dynamics.dynamics import State, spread
from engine.experiments.experiment import Experiment
from engine.hypergradients.training import move
from engine.hyperparameters.values import Hyperparameters
from engine.runs.layouts import make_layout
from engine.runs.replicates import Key, training_problem
from engine.tasks.task import Task

_KEPT: Final = 20
"""States that are kept of a whole training run."""


class OneRunReplay:
    """A training run whose hyperparameters move, held at some iteration of it.

    Args:
        task: what was trained.
        experiment: says how training moves.
        key: (seed, 0, replicate) of the run.
        used: what training used in the iterations before an update, by its number; asked for only
            as far as the run has come.

    Attributes:
        iteration: t, training steps taken.
    """

    def __init__(
        self,
        task: Task,
        experiment: Experiment,
        key: Key,
        used: Callable[[int], Hyperparameters],
    ) -> None:
        layout = make_layout(experiment, task)
        first = layout.values(layout.initial_vector())
        self._problem, _ = training_problem(task, experiment, key, first)
        self._used, self._stretch = used, experiment.stretch
        self._every = max(1, self._problem.iterations // _KEPT)
        self._state: State = self._problem.start
        self._kept: dict[int, State] = {0: self._state}
        self._oracle: Oracle = self._problem.oracle
        self._rows: dict[str, Floats] = {}
        self._unit = -1
        self.iteration = 0

    @property
    def w(self) -> Floats:
        """(P,) the elementary parameters here, a copy."""
        return self._state[0].copy()

    def seek(self, iteration: int) -> None:
        """Go to an iteration from 0 to where the run is.

        Raises:
            DivergedError: training leaves the range of its numbers on the way.
        """
        if iteration < self.iteration:
            self.iteration = max(t for t in self._kept if t <= iteration)
            self._state = self._kept[self.iteration]
        while self.iteration < iteration:
            self._step()

    def _step(self) -> None:
        t, problem = self.iteration, self._problem
        self._enter(t // self._stretch)
        _, gradient = self._oracle.gradient(self._state[0], t)
        row = t % self._stretch
        schedules = {kind: spread(rows[row], problem.groups) for kind, rows in self._rows.items()}
        self._state = move(problem, self._state, gradient, t, schedules)
        self.iteration = t + 1
        if self.iteration % self._every == 0:
            self._kept.setdefault(self.iteration, self._state)

    def _enter(self, unit: int) -> None:
        """Train with what was used before this update."""
        if unit == self._unit:
            return
        used, problem = self._used(unit), self._problem
        self._unit = unit
        self._rows = problem.dynamics.usable({kind: used[kind] for kind in problem.schedules})
        if problem.oracle.theta_size:
            self._oracle = problem.oracle.at(np.array(used.theta))
