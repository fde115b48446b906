"""The meta-optimization: a generator of events.

Whoever iterates is in charge: not asking for the next event pauses the run, closing the generator
stops it, and an event comes at least every 50 ms (between two training iterations at the latest).
"""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from engine.derivatives import NetworkOracle
from engine.errors import DivergedError
from engine.events import (
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    Preparing,
    ReversalProgress,
    RunFinished,
    RunStarted,
    TrainingProgress,
)
from engine.exact import Floats
from engine.experiments import Experiment
from engine.hypergradients import METHODS, Memory, Problem, Progress, Result, drain
from engine.hypergradients.exact_reversal import train
from engine.hypergradients.problem import make_problem
from engine.hyperparameters import KINDS, Hyperparameters, Layout
from engine.tasks.models import Network
from engine.tasks.splits import Part
from engine.tasks.task import PRECISIONS, Losses, Task, make_task

_SECONDS_BETWEEN_EVENTS = 1 / 60
_LARGEST_HYPERGRADIENT = 1e150  # its square is still a number


def optimize(experiment: Experiment, threads: int | None = None) -> Generator[Event, None, None]:
    """Run a meta-optimization.

    Args:
        experiment: what to run.
        threads: to share the work of a training run; what comes out does not depend on it. All
            cores but one by default: one stays for the window.

    Yields:
        RunStarted, then for each meta-iteration MetaIterationStarted, TrainingProgress and
        ReversalProgress, and MetaIterationDone; RunFinished at the end.

    Raises:
        InputError: the experiment does not fit its data; before any training.
    """
    with threadpool_limits(1, user_api="blas"):  # the kernels share their work out themselves
        yield Preparing("Loading the data")
        task = make_task(experiment)
        layout = make_layout(experiment, task)
        yield Preparing("Compiling (half a minute, the first time only)")
        compile_kernels(PRECISIONS[experiment.training.precision])
        team = threads or max(1, (os.cpu_count() or 1) - 1)
        yield from _Run(experiment, task, layout, team).events()


def make_layout(experiment: Experiment, task: Task) -> Layout:
    """The layout of an experiment's hyperparameters for the model of its task."""
    return Layout(
        {
            "learning_rates": experiment.hyperparameters.learning_rates,
            "decays": experiment.hyperparameters.decays,
            "initial_scales": experiment.hyperparameters.initial_scales,
            "l2_penalties": experiment.hyperparameters.l2_penalties,
        },
        experiment.training.iterations,
        task.network.groups,
    )


def training_problem(
    task: Task, key: tuple[int, ...], hyperparameters: Hyperparameters, team: int = 1
) -> tuple[Problem, Floats]:
    """One training run of a task.

    Args:
        task: what to train.
        key: (seed, meta-iteration, replicate): what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.

    Returns:
        The problem, and the (P,) noise whose groups the initial scales multiplied.
    """
    noise = task.initial_noise(key)
    sizes = [group.size for group in task.network.groups]
    problem = make_problem(
        task.oracle(key, hyperparameters.l2_penalties, team),
        noise * np.repeat(hyperparameters.initial_scales, sizes),
        learning_rates=hyperparameters.learning_rates,
        decays=hyperparameters.decays,
        groups=task.network.groups,
        team=team,
    )
    return problem, noise


def by_hyperparameters(problem: Problem, result: Result, noise: Floats) -> Hyperparameters:
    """Gather a training run's gradient into one by hyperparameters (scales through w₀)."""
    gradient = result.gradient
    return Hyperparameters(
        learning_rates=gradient.learning_rates,
        decays=gradient.decays,
        initial_scales=np.array(
            [gradient.w0[group.span] @ noise[group.span] for group in problem.groups]
        ),
        l2_penalties=gradient.theta,
    )


def compile_kernels(precision: type[np.floating[Any]] = np.float64) -> None:
    """Run every compiled kernel once on a tiny problem, so that no later step has to wait.

    Args:
        precision: of the network's arithmetic.
    """
    network = Network((1, 1, 2))
    part = Part(np.ones((1, 1), precision), np.zeros(1, np.int64))
    oracle = NetworkOracle(
        network, part, lambda t: slice(0, 1), part, np.zeros(1), precision=precision
    )
    problem = make_problem(
        oracle, np.ones(network.size), learning_rates=np.full(2, 0.1), decays=np.full(2, 0.5)
    )
    drain(METHODS["exact-reversal"](problem))


class _Run:
    """One meta-optimization on its way."""

    def __init__(self, experiment: Experiment, task: Task, layout: Layout, team: int) -> None:
        self._experiment = experiment
        self._team = team
        self._task = task
        self._layout = layout
        self._last_event = time.monotonic()

    def events(self) -> Iterator[Event]:
        meta, layout = self._experiment.meta, self._layout
        optimizer = meta.make_optimizer()
        vector = layout.initial_vector()
        values = layout.values(vector)
        network = self._task.network
        yield RunStarted(self._experiment, network.groups, network.size, values)
        try:
            for index in range(meta.iterations):
                started = time.monotonic()
                runs = yield from self._all_seeds(index, values)
                hypergradient = mean_hyperparameters([run.hypergradient for run in runs])
                pulled = layout.pull_back(vector, hypergradient)
                if not np.all(np.abs(pulled) < _LARGEST_HYPERGRADIENT):
                    message = (
                        f"The hypergradient of meta-iteration {index} is not finite, or beyond "
                        f"{_LARGEST_HYPERGRADIENT:g}: training is chaotic. A smaller learning rate "
                        "or fewer iterations usually help."
                    )
                    yield RunFinished("diverged", message, values, None)
                    return
                vector = layout.project(vector + optimizer.change(pulled))
                used, values = values, layout.values(vector)
                yield MetaIterationDone(
                    index=index,
                    losses=mean_losses([run.losses for run in runs]),
                    hypergradient=hypergradient,
                    hypergradient_norm=float(np.linalg.norm(pulled)),
                    seconds=time.monotonic() - started,
                    reversed_exactly=all(run.result.reversed_exactly for run in runs),
                    memory=max((run.result.memory for run in runs), key=_held),
                    hyperparameters=used,
                    next_hyperparameters=values,
                    learning_curve=_frozen(
                        np.mean([run.result.learning_curve for run in runs], axis=0)
                    ),
                    buffer_curve=_frozen(runs[-1].buffer_curve),
                    entropy_bytes=_entropy_bytes(runs[-1].problem),
                )
            losses = yield from self._train_once_more(meta.iterations, values)
        except DivergedError as error:
            yield RunFinished("diverged", str(error), values, None)
            return
        yield RunFinished(
            "completed", f"Completed {meta.iterations} meta-iterations.", values, losses
        )

    def _keys(self, index: int) -> list[tuple[int, ...]]:
        meta = self._experiment.meta
        return [(meta.seed, index if meta.new_seed else 0, r) for r in range(meta.seeds)]

    def _all_seeds(
        self, index: int, values: Hyperparameters
    ) -> Generator[Event, None, list["_TrainingRun"]]:
        runs = []
        for replicate, key in enumerate(self._keys(index)):
            problem, noise = training_problem(self._task, key, values, self._team)
            if replicate == 0:
                yield MetaIterationStarted(index, values, _entropy_bytes(problem))
            result, buffer_curve = yield from self._watch(problem, index, replicate)
            runs.append(
                _TrainingRun(
                    problem,
                    result,
                    buffer_curve,
                    by_hyperparameters(problem, result, noise),
                    self._task.losses(result.w_final),
                )
            )
        return runs

    def _train_once_more(
        self, index: int, values: Hyperparameters
    ) -> Generator[Event, None, Losses]:
        """Train with the final hyperparameters, only to judge them."""
        judged = []
        for replicate, key in enumerate(self._keys(index)):
            problem, _ = training_problem(self._task, key, values, self._team)
            steps = train(problem)
            while True:
                try:
                    progress = next(steps)
                except StopIteration as stop:
                    judged.append(self._task.losses(stop.value[0].w))
                    break
                if self._is_time_for_an_event():
                    yield JudgingProgress(replicate, progress.iteration)
        return mean_losses(judged)

    def _is_time_for_an_event(self) -> bool:
        now = time.monotonic()
        due = now - self._last_event >= _SECONDS_BETWEEN_EVENTS
        if due:
            self._last_event = now
        return due

    def _watch(
        self, problem: Problem, index: int, replicate: int
    ) -> Generator[Event, None, tuple[Result, list[int]]]:
        """Run a method, passing its progress on in handfuls; also collects the buffer's bytes."""
        steps = METHODS[self._experiment.method](problem)
        buffer_curve = [0]
        untold: list[Progress] = []
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value, buffer_curve
            except DivergedError:
                if untold:
                    yield _progress_event(index, replicate, untold)
                raise
            buffer_curve.append(progress.buffer_bytes)
            untold.append(progress)
            last = problem.iterations if progress.phase == "training" else 0
            if self._is_time_for_an_event() or progress.iteration == last:
                yield _progress_event(index, replicate, untold)
                untold = []


class _TrainingRun(NamedTuple):
    problem: Problem
    result: Result
    buffer_curve: list[int]
    hypergradient: Hyperparameters
    losses: Losses


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


def _progress_event(index: int, replicate: int, untold: Sequence[Progress]) -> Event:
    """One event for several steps of the same phase."""
    buffer_bytes = _frozen([progress.buffer_bytes for progress in untold])
    iteration = untold[-1].iteration
    if untold[-1].phase == "reversing":
        return ReversalProgress(index, replicate, iteration, buffer_bytes)
    losses = _frozen([progress.loss for progress in untold])
    return TrainingProgress(index, replicate, iteration, losses, buffer_bytes)


def _held(memory: Memory) -> int:
    return memory.buffer_bytes + memory.working_bytes


def _entropy_bytes(problem: Problem) -> Floats:
    return _frozen(problem.entropy_curve() / 8)


def _frozen(values: ArrayLike) -> NDArray[Any]:
    array = np.array(values)
    array.setflags(write=False)
    return array
