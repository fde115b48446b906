"""The training runs that a meta-iteration averages over: one a seed, each a job of its own.

A job is a generator of `Progress` that returns something which can travel between processes.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

from engine.arrays import Floats, Integers
from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.dynamics import Dynamics
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.method_options import make_method
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.counting import find
from engine.hypergradients.forward import Forward
from engine.hypergradients.method import Method, trains
from engine.hypergradients.minimiser import minimise
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import Cost, Memory, Progress, Result, Solution
from engine.hypergradients.training import train
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.initial_scales import by_scales, scaled
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.blow_ups import as_divergence
from engine.tasks.catalogue import make_task
from engine.tasks.task import JudgesByItself, Task

Key: TypeAlias = tuple[int, ...]
Outcome = TypeVar("Outcome")
Job: TypeAlias = Callable[
    [Task, Experiment, Key, Hyperparameters, int], Generator[Progress, None, Outcome]
]
"""(task, experiment, key, hyperparameters, team) → what is to be done."""


class Reached(NamedTuple):
    """Where an implicit method arrived, and from where the next meta-iteration's goes on.

    Attributes:
        w: (P,) the minimum of the training loss.
        q: (P,) the solution there; None of a method that has none.
    """

    w: Floats
    q: Floats | None = None


class Replicate(NamedTuple):
    """What one training run and its reverse pass contribute to a meta-iteration.

    Attributes:
        hypergradient: by every hyperparameter's value.
        measures: of the trained parameters.
        memory: what the reverse pass held.
        reversed_exactly: whether training came back to its initial state, bit for bit; None where
            the method does not reverse.
        learning_curve: (T,) training loss at each iteration's start.
        buffer_curve: bytes that the method keeps through training and reversal: in its information
            buffer, or as states, snapshots or tangents; (2T + 1,), or (T + 1,) of a method that
            does not go back.
        lyapunov_exponent: see `engine.hypergradients.result.Result`.
        cost: what the method evaluated.
        remarks: what to know before the hypergradient is trusted.
        objective: the loss whose hypergradient it is.
        solution: of an implicit method.
        growing: see `engine.runs.events.TrainingProgress`; (T,) each.
        end: where a minimiser arrived; None if the experiment's own training went there.
        own_error: how far off a method that estimates its error may be, relative to the length of
            what it found.
    """

    hypergradient: Hyperparameters
    measures: Measures
    memory: Memory
    reversed_exactly: bool | None
    learning_curve: Floats
    buffer_curve: Integers
    lyapunov_exponent: float
    cost: Cost = Cost()
    remarks: tuple[str, ...] = ()
    objective: float = float("nan")
    solution: Solution | None = None
    own_error: float | None = None
    growing: Mapping[str, Floats] = MappingProxyType({})
    end: Reached | None = None


def differentiate(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    watched: bool = False,
    measured: bool = True,
    ends: Sequence[Reached] = (),
    tolerance: float | None = None,
) -> Generator[Progress, None, Replicate]:
    """Find the hypergradient of one training run.

    Args:
        task: what to train.
        experiment: says by which method, and how training moves.
        key: (seed, meta-iteration, replicate): what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.
        watched: whether somebody wants to see the hypergradient grow, with a method that can tell;
            that takes time, and changes nothing else.
        measured: whether what was trained is judged.
        ends: where a minimiser arrived in the meta-iteration before, seed by seed.
        tolerance: to which the strategy wants the minimum found, and the linear system solved; None
            if it leaves that to the experiment.

    Raises:
        DivergedError: training diverges.
    """
    problem, noise = training_problem(task, experiment, key, hyperparameters, team)
    problem = _warmed(problem, key, ends)
    kept = np.zeros(steps_of(experiment) + 1, np.int64)
    done = 0
    method = _method_of(experiment, task, tolerance)
    if watched and isinstance(method, Forward):
        method = replace(method, growing=True)
    growing: dict[str, list[float]] = {}
    steps = as_divergence(find(method, problem))
    while True:
        try:
            progress = next(steps)
        except StopIteration as stop:
            result: Result = stop.value
            break
        if progress.phase in ("training", "reversing"):
            kept[done + 1 : done + 1 + progress.iterations] = progress.kept_bytes
            done += progress.iterations
        if progress.gradient is not None:
            for name, length in progress.gradient.lengths.items():
                growing.setdefault(name, []).append(length)
        yield progress
    return Replicate(
        by_hyperparameters(problem, result, noise, hyperparameters),
        task.measure(result.w_final, hyperparameters, key) if measured else Measures({}),
        result.memory,
        result.reversed_exactly,
        result.learning_curve,
        kept,
        result.lyapunov_exponent,
        result.cost,
        result.remarks,
        result.validation_loss,
        result.solution,
        _relative_error(result),
        {name: np.array(lengths) for name, lengths in growing.items()},
        None if trains(method) else Reached(result.w_final, result.q),
    )


def _method_of(experiment: Experiment, task: Task, tolerance: float | None) -> Method:
    options = experiment.hypergradient
    if tolerance is not None:
        options = options.model_copy(update={"minimise_to": tolerance, "tolerance": tolerance})
    return make_method(experiment.method, options, task.epoch)


def _warmed(problem: Problem, key: Key, ends: Sequence[Reached]) -> Problem:
    replicate = key[-1]
    if replicate >= len(ends):
        return problem
    return replace(problem, warm=ends[replicate].w, warm_solution=ends[replicate].q)


def _relative_error(result: Result) -> float | None:
    if result.error is None:
        return None
    off, found = (np.linalg.norm(gradient.flat) for gradient in (result.error, result.gradient))
    return float(off / found) if found else None


def steps_of(experiment: Experiment) -> int:
    """The steps of a training run: T of training, and as many back if the method goes back."""
    goes_back = "reversing" in METHODS[experiment.method].phases
    return experiment.training.iterations * (2 if goes_back else 1)


def judge(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    at_last: bool = False,
    ends: Sequence[Reached] = (),
    tolerance: float | None = None,
) -> Generator[Progress, None, Measures]:
    """Train forwards only, in the method's arithmetic, and judge it; see `differentiate`.

    Where ``at_last`` the result of meta-optimization is judged, a task that judges by itself does
    that instead.
    """
    if at_last and isinstance(task, JudgesByItself):
        judging = task.judged(hyperparameters, key)
        while True:
            try:
                step = next(judging)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            yield Progress("training", step.done, float("nan"), 0)
    problem, _ = training_problem(task, experiment, key, hyperparameters, team, final=True)
    method = _method_of(experiment, task, tolerance)
    if trains(method):
        w = yield from as_divergence(train(problem, exactly="reversible" in method.needs))
    elif (exactly := getattr(method, "minimise_to", None)) is not None:
        warm = _warmed(problem, key, ends)
        w = (yield from as_divergence(minimise(warm, task.epoch, exactly))).w
    else:  # it finds the end without training
        w = (yield from as_divergence(method.run(_warmed(problem, key, ends)))).w_final
    return task.measure(w, hyperparameters, key, final=True)


def elsewhere(
    job: Job[Outcome], experiment: Experiment, key: Key, hyperparameters: Hyperparameters
) -> Outcome:
    """Do a job from its beginning to its end, perhaps in another process."""
    with one_blas_thread():
        steps = job(task_at_hand(experiment), experiment, key, hyperparameters, 1)
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def task_at_hand(experiment: Experiment) -> Task:
    """The task of the last experiment that this process was asked about."""
    return make_task(experiment)


def training_problem(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    final: bool = False,
) -> tuple[Problem, Floats]:
    """One training run of a task.

    Args:
        task: what to train.
        experiment: says how training moves.
        key: (seed, meta-iteration, replicate): what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.
        final: whether it is only trained to be judged; see `Task.oracle`.

    Returns:
        The problem, and the (P,) noise whose groups the initial scales multiplied.
    """
    noise = task.initial_noise(key)
    dynamics = DYNAMICS[experiment.training.dynamics]
    megabytes = experiment.training.buffer_megabytes
    schedules = {kind: hyperparameters[kind] for kind in dynamics.schedules}
    length = experiment.training.final_iterations
    if final and length is not None:
        schedules = {kind: _as_long_as(length, values) for kind, values in schedules.items()}
    problem = make_problem(
        task.oracle(key, hyperparameters, team, final=final),
        scaled(noise, hyperparameters["initial_scales"], task.groups),
        schedules=schedules,
        groups=task.groups,
        dynamics=dynamics,
        team=team,
        buffer_memory=None if megabytes is None else megabytes * 1_000_000,
        own_shapes=None if final else _own_shapes(experiment, task, dynamics),
        wanted=_wanted(experiment),
    )
    return problem, noise


def _as_long_as(iterations: int, schedule: Floats) -> Floats:
    """(iterations, G) a schedule (T, G) cut off, or going on as it ends."""
    return schedule[np.minimum(np.arange(iterations), len(schedule) - 1)]


def _own_shapes(
    experiment: Experiment, task: Task, dynamics: Dynamics
) -> dict[str, tuple[int, int]]:
    """How finely each schedule is set."""
    sizes = Sizes(experiment.training.iterations, task.groups)
    shapes = {}
    for kind in dynamics.schedules:
        granularity = experiment.hyperparameters[kind].granularity
        rows, columns = KINDS[kind].extent.shape(granularity, sizes)
        shapes[kind] = rows, columns
    return shapes


def _wanted(experiment: Experiment) -> frozenset[str]:
    """What derivatives are wanted by: what is free."""
    names = {"start": "start", "loss": "theta"}
    return frozenset(names.get(KINDS[kind].enters, kind) for kind in experiment.free)


def by_hyperparameters(
    problem: Problem, result: Result, noise: Floats, used: Hyperparameters
) -> Hyperparameters:
    """Gather a training run's gradient into one by hyperparameters (scales through w₀).

    Args:
        problem: the training run.
        result: its hypergradient; what its method does not give is left out.
        noise: (P,) what the initial scales multiplied.
        used: what it was trained with.
    """
    gradient = result.gradient
    found = dict(gradient.schedules or {})
    if gradient.w0 is not None:
        found["initial_scales"] = by_scales(gradient.w0, noise, problem.groups)
    if gradient.theta is not None:
        found |= used.split_theta(gradient.theta)
    return Hyperparameters(found)


def mean_measures(several: Sequence[Measures]) -> Measures:
    """Average measures over training runs; None stays None."""

    def mean(name: str) -> float | None:
        present = [value for one in several if (value := one[name]) is not None]
        return float(np.mean(present)) if present else None

    return Measures({name: mean(name) for name in several[0]})
