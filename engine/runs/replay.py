"""Training again, forwards and backwards, to look at any of its iterations.

Nothing is stored: going back is exact reversal, so the way there and the way back meet the same
bits, and the information buffer fills and drains as it did in the run.
"""

import numpy as np

from engine.arithmetic.fixed_point import decay_numerators
from engine.arrays import Floats
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.experiments.experiment import Experiment
from engine.hyperparameters.values import Hyperparameters
from engine.runs.replicates import Key, training_problem
from engine.tasks.task import Task


class Replay:
    """One training run of a meta-iteration, held at some iteration of it.

    Args:
        task: what was trained.
        key: (seed, meta-iteration, replicate) of the run.
        hyperparameters: what it was trained with.

    Attributes:
        iteration: t, training steps taken and not undone.

    Raises:
        DivergedError: the initial parameters are out of range.
    """

    def __init__(self, task: Task, key: Key, hyperparameters: Hyperparameters) -> None:
        self._problem, _ = training_problem(task, key, hyperparameters)
        self._numerators = decay_numerators(self._problem.decays)
        problem = self._problem
        self._state = MomentumSGD(
            problem.w0, problem.v0, problem.groups, buffer_memory=problem.buffer_memory
        )
        self._unused = np.zeros((3, problem.w0.size))
        self.iteration = 0

    @property
    def w(self) -> Floats:
        """(P,) the elementary parameters here, a copy."""
        return self._state.w.copy()

    @property
    def buffer_bytes(self) -> int:
        """The information buffer here, packed."""
        return self._state.buffer_bytes

    def seek(self, iteration: int) -> None:
        """Go to an iteration from 0 to T, by training or by exact reversal.

        Raises:
            DivergedError: training leaves the range of the fixed point on the way. The replay is
                then of no use.
        """
        while self.iteration < iteration:
            self._step()
        while self.iteration > iteration:
            self._undo()

    def _step(self) -> None:
        t, problem = self.iteration, self._problem
        _, gradient = problem.oracle.gradient(self._state.w, t)
        self._state.step(gradient, problem.learning_rates[t], self._numerators[t], t)
        self.iteration += 1

    def _undo(self) -> None:
        t, problem = self.iteration - 1, self._problem
        dw, dv, direction = self._unused  # zeros, and so are the adjoints made from them
        numerators = self._numerators[t]
        self._state.undo_position(problem.learning_rates[t], numerators, dw, dv, direction)
        _, gradient = problem.oracle.gradient(self._state.w, t)
        self._state.undo_velocity(gradient, numerators, direction, dw, dv)
        self.iteration -= 1


def replay_key(experiment: Experiment, meta_iteration: int) -> Key:
    """The key of a meta-iteration's first training run."""
    meta = experiment.meta
    return (meta.seed, meta_iteration if meta.new_seed else 0, 0)
