"""Training again, forwards and backwards, to look at any of its iterations.

Nothing is stored: going back is exact reversal, so both ways meet the same bits, and the
information buffer fills and drains as it did in the run. Training that cannot be undone starts over
instead.
"""

from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.dynamics.dynamics import ExactForm, State
from engine.experiments.experiment import Experiment
from engine.hypergradients.problem import Problem
from engine.hypergradients.training import check_range, schedules_at
from engine.hyperparameters.values import Hyperparameters
from engine.runs.replicates import Key, training_problem
from engine.tasks.task import Task


class Replay:
    """One training run of a meta-iteration, held at some iteration of it.

    Args:
        task: what was trained.
        experiment: says how training moves.
        key: (seed, meta-iteration, replicate) of the run.
        hyperparameters: what it was trained with.

    Attributes:
        iteration: t, training steps taken and not undone.

    Raises:
        DivergedError: the initial parameters are out of range.
    """

    def __init__(
        self, task: Task, experiment: Experiment, key: Key, hyperparameters: Hyperparameters
    ) -> None:
        self._problem, _ = training_problem(task, experiment, key, hyperparameters)
        self._training = self._begin()
        self.iteration = 0

    @property
    def w(self) -> Floats:
        """(P,) the elementary parameters here, a copy."""
        return self._training.w.copy()

    @property
    def buffer_bytes(self) -> int:
        """The information buffer here, packed."""
        return self._training.buffer_bytes

    def seek(self, iteration: int) -> None:
        """Go to an iteration from 0 to T, by training or by exact reversal.

        Raises:
            DivergedError: training leaves the range of its numbers on the way. The replay is then
                of no use.
        """
        if iteration < self.iteration and isinstance(self._training, _Floating):
            self._training, self.iteration = self._begin(), 0
        while self.iteration < iteration:
            self._training.step(self._problem.oracle, self.iteration)
            self.iteration += 1
        while self.iteration > iteration and not isinstance(self._training, _Floating):
            self._training.undo(self._problem.oracle, self.iteration - 1)
            self.iteration -= 1

    def _begin(self) -> "ExactForm | _Floating":
        problem = self._problem
        if not problem.can_be_undone:
            return _Floating(problem)
        return problem.dynamics.exact(
            problem.start, problem.groups, problem.schedules, 1, problem.buffer_memory
        )


class _Floating:
    """A training run in floating point, which only goes forwards."""

    buffer_bytes = 0

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._state: State = problem.start

    @property
    def w(self) -> Floats:
        return self._state[0]

    def step(self, oracle: Oracle, t: int) -> None:
        _, gradient = oracle.gradient(self.w, t)
        dynamics = self._problem.dynamics
        self._state = dynamics.step(self._state, gradient, schedules_at(self._problem, t))
        check_range(self._problem, self._state, gradient, t)


def replay_key(experiment: Experiment, meta_iteration: int) -> Key:
    """The key of a meta-iteration's first training run."""
    meta = experiment.meta
    return (meta.seed, meta.updates * meta_iteration if meta.new_seed else 0, 0)
