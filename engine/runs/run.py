"""The meta-optimization: a generator of events.

The caller that iterates is in charge: not asking for the next event pauses the run, closing the
generator stops it, and an event comes at least every 50 ms (between two training iterations at the
latest).
"""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import DivergedError, InputError, UnsolvedError
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.problems import kinds_of, least_of
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.result import Memory, Progress, total_cost
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters, mean_hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.changes import Changes
from engine.runs.events import (
    Divergence,
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    MethodProgress,
    Preparing,
    ReversalProgress,
    RunFinished,
    RunStarted,
    SeedsProgress,
    TrainingProgress,
)
from engine.runs.replicates import (
    Job,
    Key,
    Outcome,
    Replicate,
    differentiate,
    elsewhere,
    judge,
    mean_measures,
    steps_of,
)
from engine.runs.side_by_side import by_executor, in_threads
from engine.runs.warm_up import warm_up
from engine.search.by_kind import ByKind
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

_SECONDS_BETWEEN_EVENTS = 1 / 60
_LARGEST_HYPERGRADIENT = 1e150  # its square is still a number
_WORTH_A_THREAD = 200_000  # multiplications of a minibatch; below, threads wait for the interpreter

Watch: TypeAlias = Callable[
    [int, Generator[Progress, None, Outcome]], Generator[Event, None, Outcome]
]
"""(replicate, its steps) → goes through the steps, telling of them."""


def optimize(
    experiment: Experiment,
    threads: int | None = None,
    executor: Executor | None = None,
    changes: Changes | Iterable[Change] = (),
) -> Generator[Event, None, None]:
    """Run a meta-optimization.

    Args:
        experiment: what to run.
        threads: to share the work of a training run, or to do several seeds' at the same time; what
            comes out does not depend on it. All cores but one by default: one stays for the window.
        executor: who does the training runs instead, a seed each: any `concurrent.futures.Executor`
            of threads, processes or machines. Again nothing else depends on it.
        changes: of fields, each before a meta-iteration; or the `Changes` that others hand to this
            run while it goes on.

    Yields:
        RunStarted, then for each meta-iteration SettingsChanged, if something does,
        MetaIterationStarted, TrainingProgress and ReversalProgress (or SeedsProgress, where
        training goes on elsewhere), and MetaIterationDone; RunFinished at the end.

    Raises:
        InputError: the experiment does not fit its data, or a change cannot be made; before any
            training.
    """
    if not isinstance(changes, Changes):
        changes = Changes(experiment, changes)
    if changes.started_from != experiment:
        raise InputError("changes", "expected changes of the experiment that is run.")
    with one_blas_thread():  # the kernels share their work out themselves
        yield Preparing("Loading the data")
        task = make_task(experiment)
        layout = make_layout(experiment, task)
        tangents = "tangents" in METHODS[experiment.method].needs
        yield from warm_up(task, DYNAMICS[experiment.training.dynamics], tangents=tangents)
        team = threads or max(1, (os.cpu_count() or 1) - 1)
        with ThreadPoolExecutor(max(1, team - 1), "retrograde-seed") as pool:
            yield from _Run(experiment, task, layout, team, pool, executor).events(changes)


def make_layout(experiment: Experiment, task: Task) -> Layout:
    """The layout of an experiment's hyperparameters for the model of its task."""
    settings = experiment.hyperparameters.root
    numbers = {
        name: setting.initial
        for name, setting in settings.items()
        if KINDS[name].is_set_by_entry and isinstance(setting.initial, float | int)
    }
    return Layout(
        settings,
        experiment.training.iterations,
        task.groups,
        kinds_of(experiment),
        task.starts(numbers),
        least_of(experiment),
    )


class _Run:
    """One meta-optimization on its way."""

    def __init__(
        self,
        experiment: Experiment,
        task: Task,
        layout: Layout,
        team: int,
        pool: ThreadPoolExecutor,
        executor: Executor | None,
    ) -> None:
        self._experiment = experiment
        self._task = task
        self._layout = layout
        self._meta = experiment.meta
        self._team = team
        self._pool = pool
        self._executor = executor
        self._ends: tuple[Floats, ...] = ()  # where minimisers arrived, seed by seed
        self._last_event = time.monotonic()

    def events(self, changes: Changes) -> Iterator[Event]:
        layout, strategy = self._layout, ByKind(self._meta)
        dynamics = DYNAMICS[self._experiment.training.dynamics]
        vector = layout.initial_vector()
        values = layout.values(vector)
        groups = self._task.groups
        yield RunStarted(self._experiment, groups, self._task.size, values, self._task.data)
        sweeps = STRATEGIES[self._meta.optimizer].shows == "sweep"
        for index in count():
            if change := changes.take(index):
                self._experiment, self._meta = change.experiment, change.experiment.meta
                strategy.set_constants(self._meta)
                layout, vector = layout.freed(change.experiment.hyperparameters.root, vector)
                values = layout.values(vector)
                yield change
            if index >= self._meta.iterations:
                break
            started = time.monotonic()
            dropped = np.cumsum(dynamics.dropped_bits(values, groups)) / 8
            entropy_bytes = _frozen(np.concatenate([[0.0], dropped]))
            yield MetaIterationStarted(index, values, entropy_bytes)
            try:
                job = partial(differentiate, watched=True, ends=self._ends)
                watch = partial(self._watch, index)
                replicates = yield from self._all_seeds(job, index, values, watch)
            except DivergedError as error:
                if not sweeps:
                    yield _diverged(index, error, values)
                    return
                replicates = [self._diverged(values)]
            self._ends = tuple(one.end for one in replicates if one.end is not None)
            hypergradient = mean_hyperparameters([one.hypergradient for one in replicates])
            pulled = layout.pull_back(vector, self._with_penalty(hypergradient, values))
            if not sweeps and not np.all(np.abs(pulled) < _LARGEST_HYPERGRADIENT):
                reason = f"its hypergradient is not finite, or beyond {_LARGEST_HYPERGRADIENT:g}"
                yield _diverged(index, DivergedError(None, "", reason), values)
                return
            vector = layout.project(vector + strategy.change(pulled, layout.spans))
            used, values = values, layout.values(vector)
            yield MetaIterationDone(
                index=index,
                measures=mean_measures([one.measures for one in replicates]),
                hypergradient=hypergradient,
                hypergradient_norm=float(np.linalg.norm(pulled)),
                seconds=time.monotonic() - started,
                reversed_exactly=_all_reversed(replicates),
                memory=max((one.memory for one in replicates), key=_held),
                hyperparameters=used,
                next_hyperparameters=values,
                learning_curve=_frozen(np.mean([one.learning_curve for one in replicates], axis=0)),
                buffer_curve=_frozen(replicates[-1].buffer_curve),
                entropy_bytes=entropy_bytes,
                lyapunov_exponent=float(np.mean([one.lyapunov_exponent for one in replicates])),
                cost=total_cost([one.cost for one in replicates]),
                remarks=tuple(
                    dict.fromkeys(remark for one in replicates for remark in one.remarks)
                ),
                growing={name: _frozen(all_) for name, all_ in replicates[-1].growing.items()},
            )
        yield (yield from self._judged(values))

    def _judged(self, values: Hyperparameters) -> Generator[Event, None, RunFinished]:
        """Train once more with what meta-optimization arrived at, and with its baselines."""
        last = self._meta.iterations
        strategy = STRATEGIES[self._meta.optimizer]
        message = f"Completed {strategy.amount(last)}."
        if strategy.shows != "descent":
            return RunFinished("completed", message, values, None)
        judged, seeds = {}, {}
        try:
            for name, chosen in {"": values, **self._task.baselines(values)}.items():
                job = partial(judge, ends=self._ends)
                outcomes = yield from self._all_seeds(job, last, chosen, self._watch_judging)
                judged[name], seeds[name] = mean_measures(outcomes), tuple(outcomes)
        except DivergedError as error:
            return _diverged(last, error, values, judged.pop("", None), judged)
        return RunFinished("completed", message, values, judged.pop(""), judged, seeds=seeds)

    def _with_penalty(self, gradient: Hyperparameters, values: Hyperparameters) -> Hyperparameters:
        """The gradient of the objective and of what is added to it: c Σ λ² of the penalties."""
        weight = self._meta.penalty
        if not weight:
            return gradient
        by_penalty = gradient["l2_penalties"] + 2 * weight * values["l2_penalties"]
        return gradient.replace(l2_penalties=by_penalty)

    def _diverged(self, values: Hyperparameters) -> Replicate:
        """What stands in a sweep where training diverged: nothing is known there."""
        iterations, experiment = self._layout.iterations, self._experiment
        measures = task_of(experiment).measures(experiment)
        slots = len(DYNAMICS[experiment.training.dynamics].slots)
        nowhere = {kind: np.full(array.shape, np.nan) for kind, array in values.items()}
        return Replicate(
            Hyperparameters(nowhere),
            Measures({measure.name: np.nan for measure in measures}),
            Memory(0, 0, 8 * slots * self._task.size * iterations, 0.0),
            reversed_exactly=True if "reversible" in METHODS[experiment.method].needs else None,
            learning_curve=np.full(iterations, np.nan),
            buffer_curve=np.zeros(steps_of(experiment) + 1, np.int64),
            lyapunov_exponent=np.inf,
        )

    def _all_seeds(
        self, job: Job[Outcome], index: int, values: Hyperparameters, watch: Watch[Outcome]
    ) -> Generator[Event, None, list[Outcome]]:
        """Do a job for every seed: by the executor if there is one, else in threads or in turn."""
        experiment, meta, team = self._experiment, self._meta, self._team
        keys: list[Key] = [(meta.seed, index if meta.new_seed else 0, r) for r in range(meta.seeds)]

        def waiting(done: int) -> Event:
            return SeedsProgress(index, done, meta.seeds)

        if self._executor is not None:
            calls = [(elsewhere, job, experiment, key, values) for key in keys]
            return (yield from by_executor(self._executor, calls, waiting))
        together = len(keys) - len(keys) % team if _is_worth_threads(self._task) else 0
        outcomes: list[Outcome] = []
        if team > 1 and together:
            jobs = [partial(job, self._task, experiment, key, values, 1) for key in keys[:together]]
            outcomes = yield from in_threads(self._pool, jobs, watch, waiting)
        for replicate in range(len(outcomes), len(keys)):
            steps = job(self._task, experiment, keys[replicate], values, team)
            outcomes.append((yield from watch(replicate, steps)))
        return outcomes

    def _watch(
        self, index: int, replicate: int, steps: Generator[Progress, None, Outcome]
    ) -> Generator[Event, None, Outcome]:
        """Pass a training run's progress on in handfuls."""
        untold: list[Progress] = []
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            except DivergedError:
                if untold:
                    yield _progress_event(index, replicate, untold)
                raise
            if progress.phase not in ("training", "reversing"):
                if self._is_time_for_an_event():
                    where = progress.phase, progress.iteration, progress.part
                    yield MethodProgress(index, replicate, *where)
                continue
            untold.append(progress)
            last = self._layout.iterations if progress.phase == "training" else 0
            if self._is_time_for_an_event() or progress.iteration == last:
                yield _progress_event(index, replicate, untold)
                untold = []

    def _watch_judging(
        self, replicate: int, steps: Generator[Progress, None, Outcome]
    ) -> Generator[Event, None, Outcome]:
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            if self._is_time_for_an_event():
                yield JudgingProgress(replicate, progress.iteration)

    def _is_time_for_an_event(self) -> bool:
        now = time.monotonic()
        due = now - self._last_event >= _SECONDS_BETWEEN_EVENTS
        if due:
            self._last_event = now
        return due


def _diverged(
    meta_iteration: int,
    error: DivergedError,
    values: Hyperparameters,
    measures: Measures | None = None,
    baselines: Mapping[str, Measures] | None = None,
) -> RunFinished:
    """The end of a run that could not go on."""
    where = Divergence(
        meta_iteration,
        error.iteration,
        error.group,
        error.reason,
        error.smaller_steps_help,
        str(error) if isinstance(error, UnsolvedError) else "",
    )
    return RunFinished("diverged", str(error), values, measures, baselines or {}, where)


def _all_reversed(replicates: Sequence[Replicate]) -> bool | None:
    """Whether every training run came back bit for bit; None if none was to."""
    told = [one.reversed_exactly for one in replicates if one.reversed_exactly is not None]
    return all(told) if told else None


def _is_worth_threads(task: Task) -> bool:
    """Whether a training run spends most of its time in kernels, which need no interpreter."""
    return task.products >= _WORTH_A_THREAD


def _progress_event(index: int, replicate: int, untold: Sequence[Progress]) -> Event:
    """One event for several steps of the same phase."""
    buffer_bytes = _frozen([one.buffer_bytes + one.states_bytes for one in untold])
    iteration = untold[-1].iteration
    if untold[-1].phase == "reversing":
        return ReversalProgress(index, replicate, iteration, buffer_bytes)
    losses = _frozen([progress.loss for progress in untold])
    lengths = [one.gradient.lengths for one in untold if one.gradient is not None]
    names = lengths[0] if lengths else ()
    growing = {name: _frozen([each[name] for each in lengths]) for name in names}
    return TrainingProgress(index, replicate, iteration, losses, buffer_bytes, growing)


def _held(memory: Memory) -> int:
    return memory.held_bytes


def _frozen(values: ArrayLike) -> NDArray[Any]:
    array = np.array(values)
    array.setflags(write=False)
    return array
