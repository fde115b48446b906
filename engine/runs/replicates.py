"""The training runs that a meta-iteration averages over: one a seed, each a job of its own.

A job is a generator of `Progress` that returns something which can travel between processes.
"""

from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

from engine.arrays import Floats, Integers
from engine.experiments.experiment import Experiment
from engine.hypergradients import METHODS, Memory, Problem, Progress, Result
from engine.hypergradients.exact_reversal import train
from engine.hypergradients.problem import make_problem
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.tasks.catalogue import make_task
from engine.tasks.task import Losses, Task

Key: TypeAlias = tuple[int, ...]
Outcome = TypeVar("Outcome")
Job: TypeAlias = Callable[
    [Task, str, Key, Hyperparameters, int], Generator[Progress, None, Outcome]
]
"""(task, method, key, hyperparameters, team) → what is to be done."""


class Replicate(NamedTuple):
    """What one training run, and its way back, contribute to a meta-iteration.

    Attributes:
        hypergradient: by every hyperparameter's value.
        losses: after training.
        memory: what the reverse pass held.
        reversed_exactly: whether training came back to its initial state, bit for bit.
        learning_curve: (T,) training loss at each iteration's start.
        buffer_curve: (2T + 1,) bytes in the information buffer through training and reversal.
        lyapunov_exponent: see `engine.hypergradients.Result`.
    """

    hypergradient: Hyperparameters
    losses: Losses
    memory: Memory
    reversed_exactly: bool
    learning_curve: Floats
    buffer_curve: Integers
    lyapunov_exponent: float


def differentiate(
    task: Task, method: str, key: Key, hyperparameters: Hyperparameters, team: int = 1
) -> Generator[Progress, None, Replicate]:
    """Find the hypergradient of one training run.

    Args:
        task: what to train.
        method: a name in `METHODS`.
        key: (seed, meta-iteration, replicate): what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.

    Raises:
        DivergedError: training diverges.
    """
    problem, noise = training_problem(task, key, hyperparameters, team)
    buffer_curve = [0]
    steps = METHODS[method](problem)
    while True:
        try:
            progress = next(steps)
        except StopIteration as stop:
            result: Result = stop.value
            break
        buffer_curve.append(progress.buffer_bytes)
        yield progress
    return Replicate(
        by_hyperparameters(problem, result, noise, hyperparameters),
        task.losses(result.w_final, hyperparameters, key),
        result.memory,
        result.reversed_exactly,
        result.learning_curve,
        np.array(buffer_curve),
        result.lyapunov_exponent,
    )


def judge(
    task: Task, method: str, key: Key, hyperparameters: Hyperparameters, team: int = 1
) -> Generator[Progress, None, Losses]:
    """Train forwards only, whatever the method, for the losses after it; see `differentiate`."""
    problem, _ = training_problem(task, key, hyperparameters, team, final=True)
    state, _ = yield from train(problem)
    return task.losses(state.w, hyperparameters, key, final=True)


def elsewhere(
    job: Job[Outcome], experiment: Experiment, key: Key, hyperparameters: Hyperparameters
) -> Outcome:
    """Do a job from its beginning to its end, perhaps in another process."""
    with one_blas_thread():
        steps = job(_task_of(experiment), experiment.method, key, hyperparameters, 1)
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _task_of(experiment: Experiment) -> Task:
    """The task of the last experiment that this process was asked about."""
    return make_task(experiment)


def training_problem(
    task: Task, key: Key, hyperparameters: Hyperparameters, team: int = 1, *, final: bool = False
) -> tuple[Problem, Floats]:
    """One training run of a task.

    Args:
        task: what to train.
        key: (seed, meta-iteration, replicate): what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.
        final: whether it is only trained to be judged; see `Task.oracle`.

    Returns:
        The problem, and the (P,) noise whose groups the initial scales multiplied.
    """
    noise = task.initial_noise(key)
    sizes = [group.size for group in task.groups]
    problem = make_problem(
        task.oracle(key, hyperparameters, team, final=final),
        noise * np.repeat(hyperparameters.initial_scales, sizes),
        learning_rates=hyperparameters.learning_rates,
        decays=hyperparameters.decays,
        groups=task.groups,
        team=team,
        buffer_memory=task.buffer_memory,
    )
    return problem, noise


def by_hyperparameters(
    problem: Problem, result: Result, noise: Floats, used: Hyperparameters
) -> Hyperparameters:
    """Gather a training run's gradient into one by hyperparameters (scales through w₀).

    Args:
        problem: the training run.
        result: its hypergradient.
        noise: (P,) what the initial scales multiplied.
        used: what it was trained with.
    """
    gradient = result.gradient
    inside = (used.l2_penalties, used.training_inputs, used.sharing)
    stops = np.cumsum([part.size for part in inside])
    by_theta = np.split(gradient.theta, stops[:-1])
    penalties, inputs, sharing = (
        derivatives.reshape(part.shape) for derivatives, part in zip(by_theta, inside, strict=True)
    )
    return Hyperparameters(
        learning_rates=gradient.learning_rates,
        decays=gradient.decays,
        initial_scales=np.array(
            [gradient.w0[group.span] @ noise[group.span] for group in problem.groups]
        ),
        l2_penalties=penalties,
        training_inputs=inputs,
        sharing=sharing,
    )


def mean_hyperparameters(several: Sequence[Hyperparameters]) -> Hyperparameters:
    """Average values or gradients kind by kind."""
    return Hyperparameters(
        **{kind: np.mean([one.arrays()[kind] for one in several], axis=0) for kind in KINDS}
    )


def mean_losses(several: Sequence[Losses]) -> Losses:
    """Average losses over training runs; None stays None."""

    def mean(values: tuple[float | None, ...]) -> float | None:
        present = [value for value in values if value is not None]
        return float(np.mean(present)) if present else None

    training, *others = (mean(column) for column in zip(*several, strict=True))
    assert training is not None, "training examples are never missing"
    return Losses(training, *others)
