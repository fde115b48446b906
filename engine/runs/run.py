"""The meta-optimization: a generator of events.

The caller that iterates is in charge: not asking for the next event pauses the run, closing the
generator stops it, and an event comes at least every 50 ms (between two training iterations at the
latest).
"""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from operator import attrgetter
from typing import TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import DivergedError, InputError
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.result import Progress, total_cost
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters, mean_hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.changes import Changes
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    Preparing,
    RunFinished,
    RunStarted,
    SeedsProgress,
)
from engine.runs.improving import Improving
from engine.runs.layouts import make_layout
from engine.runs.objectives import (
    found_by,
    known_of_nothing,
    objective_of,
    solved_together,
    with_penalty,
)
from engine.runs.real_time import real_time_events
from engine.runs.records import RunRecord
from engine.runs.replicates import (
    Job,
    Key,
    Outcome,
    Reached,
    differentiate,
    elsewhere,
    judge,
    mean_measures,
)
from engine.runs.resuming import SoFar, descent_point
from engine.runs.side_by_side import Places, by_executor, in_threads, is_worth_threads
from engine.runs.single_penalty import fixed_penalties, is_compared
from engine.runs.telling import all_reversed, diverged, frozen
from engine.runs.trials import trial_events
from engine.runs.warm_up import warm_up
from engine.runs.watching import Watching
from engine.search.real_time import LARGEST_HYPERGRADIENT
from engine.search.walk import Walk
from engine.tasks.catalogue import make_task
from engine.tasks.task import JudgesByItself, Task

_OF_NO_USE = f"its hypergradient is not finite, or beyond {LARGEST_HYPERGRADIENT:g}"

Watch: TypeAlias = Callable[
    [int, Generator[Progress, None, Outcome]], Generator[Event, None, Outcome]
]
"""(replicate, its steps) → goes through the steps, telling of them."""


def optimize(
    experiment: Experiment,
    threads: int | None = None,
    executor: Executor | None = None,
    changes: Changes | Iterable[Change] = (),
    resume: RunRecord | None = None,
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
        resume: a run of this experiment that has ended before its time. What it has done is told
            again as it was, and then it goes on as if nothing had happened, to the bit; its own
            changes are made again, too, and need not be among ``changes``.

    Yields:
        RunStarted, then for each meta-iteration SettingsChanged, if something does,
        MetaIterationStarted, TrainingProgress and ReversalProgress (or SeedsProgress, where
        training goes on elsewhere), ResumePoint where it could go on, and MetaIterationDone;
        RunFinished at the end.

    Raises:
        InputError: the experiment does not fit its data, a change cannot be made, or the other run
            cannot go on; before any training.
    """
    so_far = SoFar(resume, experiment)
    if not isinstance(changes, Changes):
        changes = Changes(experiment, [*so_far.changes, *changes])
    if changes.started_from != experiment:
        raise InputError("changes", "expected changes of the experiment that is run.")
    with one_blas_thread():  # the kernels share their work out themselves
        yield Preparing("Loading the data")
        task = make_task(experiment)
        layout = make_layout(experiment, task)
        tangents = "tangents" in METHODS[experiment.method].needs
        dynamics, forecasts = DYNAMICS[experiment.training.dynamics], experiment.stopping.is_on
        yield from warm_up(task, dynamics, tangents=tangents, forecasts=forecasts)
        team = threads or max(1, (os.cpu_count() or 1) - 1)
        with ThreadPoolExecutor(max(1, team - 1), "retrograde-seed") as pool:
            if experiment.is_one_run:
                places = Places(team, pool, executor)
                yield from real_time_events(experiment, task, layout, places, changes, so_far)
            elif STRATEGIES[experiment.meta.optimizer].tries:
                run = _Run(experiment, task, layout, team, pool, executor)
                places = Places(team, pool, executor)
                watch, judge = run.watching.watch, run.judged
                yield from trial_events(
                    experiment, task, layout, places, changes, watch, judge, so_far
                )
            else:
                run = _Run(experiment, task, layout, team, pool, executor)
                yield from run.events(changes, so_far)


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
        self._ends: tuple[Reached, ...] = ()  # where minimisers arrived, seed by seed
        self.watching = Watching(layout.iterations)

    def events(self, changes: Changes, so_far: SoFar) -> Iterator[Event]:
        layout = self._layout
        improving = Improving(self._experiment)
        dynamics = DYNAMICS[self._experiment.training.dynamics]
        groups, values = self._task.groups, layout.values(layout.initial_vector())
        start = RunStarted(self._experiment, groups, self._task.size, values, self._task.data)
        yield start
        yield from so_far.told_again(changes, start, improving.follow_again)
        self._experiment, self._meta = so_far.experiment, so_far.experiment.meta
        layout, vector, walk, self._ends = so_far.descent(layout)
        values = layout.values(vector)
        sweeps = STRATEGIES[self._meta.optimizer].shows == "sweep"
        for index in count(so_far.meta_iterations):
            if change := changes.take(index):
                self._experiment, self._meta = change.experiment, change.experiment.meta
                walk.set_constants(self._meta)
                improving.set(self._experiment)
                layout, vector = layout.freed(change.experiment.hyperparameters.root, vector)
                values = layout.values(vector)
                yield change
            if index >= self._meta.iterations or walk.is_over or improving.ends_before(index):
                break
            started = time.monotonic()
            dropped = np.cumsum(dynamics.dropped_bits(values, groups)) / 8
            entropy_bytes = frozen(np.concatenate([[0.0], dropped]))
            yield MetaIterationStarted(index, values, entropy_bytes)
            try:
                exactly = walk.tolerance
                job = partial(differentiate, watched=True, ends=self._ends, tolerance=exactly)
                watch = partial(self.watching.watch, index)
                replicates = yield from self._all_seeds(job, index, values, watch)
            except DivergedError as error:
                if not sweeps:
                    yield diverged(index, error, values)
                    return
                replicates = [known_of_nothing(self._experiment, self._task, values)]
            self._ends = tuple(one.end for one in replicates if one.end is not None)
            hypergradient = mean_hyperparameters([one.hypergradient for one in replicates])
            pulled = layout.pull_back(vector, with_penalty(hypergradient, values, self._meta))
            if not sweeps and not np.all(np.abs(pulled) < LARGEST_HYPERGRADIENT):
                yield diverged(index, DivergedError(None, "", _OF_NO_USE), values)
                return
            found = found_by(replicates, vector, pulled, values, self._meta)
            vector = walk.after(found, layout)
            try:
                vector = yield from self._further_updates(index, layout, vector, walk)
            except DivergedError as error:
                yield diverged(index, error, values)
                return
            used, values = values, layout.values(vector)
            yield descent_point(index, layout, vector, walk, self._ends)
            done = MetaIterationDone(
                index=index,
                measures=mean_measures([one.measures for one in replicates]),
                hypergradient=hypergradient,
                hypergradient_norm=float(np.linalg.norm(pulled)),
                seconds=time.monotonic() - started,
                reversed_exactly=all_reversed(replicates),
                memory=max((one.memory for one in replicates), key=attrgetter("held_bytes")),
                hyperparameters=used,
                next_hyperparameters=values,
                learning_curve=frozen(np.mean([one.learning_curve for one in replicates], axis=0)),
                buffer_curve=frozen(replicates[-1].buffer_curve),
                entropy_bytes=entropy_bytes,
                lyapunov_exponent=float(np.mean([one.lyapunov_exponent for one in replicates])),
                cost=total_cost([one.cost for one in replicates]),
                remarks=tuple(
                    dict.fromkeys(remark for one in replicates for remark in one.remarks)
                ),
                growing={name: frozen(all_) for name, all_ in replicates[-1].growing.items()},
                solution=solved_together([one.solution for one in replicates]),
                tolerance=exactly,
                objective=found.objective if exactly is None else found.at_worst,
            )
            yield done
            yield from improving.follow(done)
        values = yield from self._best(layout, walk, vector)
        finished = yield from self.judged(values, index, self._ends, walk.final_tolerance)
        if improving.prediction is not None and finished.outcome == "completed":
            why = improving.sentence()
            finished = replace(finished, message=why, prediction=improving.prediction)
        yield finished

    def _best(
        self, layout: Layout, walk: Walk, vector: Floats
    ) -> Generator[Event, None, Hyperparameters]:
        """The best of what may come out in the end, found exactly if there is a choice."""
        several = [layout.values(one) for one in walk.candidates(vector)]
        if len(several) == 1:
            return several[0]
        exactly, losses = walk.final_tolerance, list[float]()
        job = partial(differentiate, measured=False, ends=self._ends, tolerance=exactly)
        for values in several:
            last = self._meta.iterations
            replicates = yield from self._all_seeds(job, last, values, self.watching.watch_judging)
            losses.append(objective_of(replicates, values, self._meta))
        return several[int(np.argmin(losses))]

    def _further_updates(
        self, index: int, layout: Layout, vector: Floats, walk: Walk
    ) -> Generator[Event, None, Floats]:
        """What a meta-iteration does besides its first hypergradient and update.

        Returns:
            (N,) where the free hyperparameters are then.

        Raises:
            DivergedError: training diverges, or a hypergradient is of no use.
        """
        job = partial(differentiate, measured=False, ends=self._ends)
        for update in range(1, self._meta.updates):
            values = layout.values(vector)
            watch = partial(self.watching.watch_update, index, update, self._meta.updates)
            replicates = yield from self._all_seeds(job, index, values, watch, update)
            hypergradient = mean_hyperparameters([one.hypergradient for one in replicates])
            pulled = layout.pull_back(vector, with_penalty(hypergradient, values, self._meta))
            if not np.all(np.abs(pulled) < LARGEST_HYPERGRADIENT):
                raise DivergedError(None, "", _OF_NO_USE)
            found = found_by(replicates, vector, pulled, values, self._meta)
            vector = walk.after(found, layout)
        return vector

    def judged(
        self,
        values: Hyperparameters,
        last: int,
        ends: Sequence[Reached],
        tolerance: float | None = None,
    ) -> Generator[Event, None, RunFinished]:
        """Train once more with what so many meta-iterations arrived at, and with its baselines."""
        strategy = STRATEGIES[self._meta.optimizer]
        message = f"Completed {strategy.amount(last)}."
        if strategy.sees_objective and last < self._meta.iterations:
            message = f"Converged after {strategy.amount(last)}."
        if strategy.shows not in ("descent", "trials"):
            return RunFinished("completed", message, values, None)
        judged, seeds = {}, {}
        try:
            baselines = yield from self._baselines(values)
            for name, chosen in {"": values, **baselines}.items():
                job = partial(judge, at_last=True, ends=ends, tolerance=tolerance)
                watch = self.watching.watch_judging
                outcomes = yield from self._all_seeds(job, last, chosen, watch)
                judged[name], seeds[name] = mean_measures(outcomes), tuple(outcomes)
            if is_compared(self._experiment):

                def judge_all(chosen: Hyperparameters) -> Generator[Event, None, list[Measures]]:
                    return self._all_seeds(job, last, chosen, self.watching.watch_judging)

                loss = f"{self._meta.objective}_loss"
                others = yield from fixed_penalties(values, loss, judge_all)
                seeds |= {name: tuple(outcomes) for name, outcomes in others.items()}
                judged |= {name: mean_measures(outcomes) for name, outcomes in others.items()}
        except DivergedError as error:
            return diverged(last, error, values, judged.pop("", None), judged)
        return RunFinished("completed", message, values, judged.pop(""), judged, seeds=seeds)

    def _baselines(
        self, values: Hyperparameters
    ) -> Generator[Event, None, Mapping[str, Hyperparameters]]:
        """What the outcome is to be compared with, which a task may have to train first."""
        if not isinstance(self._task, JudgesByItself):
            return self._task.baselines(values)
        steps = self._task.find_baselines(values)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            if self.watching.is_time_for_an_event():
                yield Preparing(*step)

    def _all_seeds(
        self,
        job: Job[Outcome],
        index: int,
        values: Hyperparameters,
        watch: Watch[Outcome],
        update: int = 0,
    ) -> Generator[Event, None, list[Outcome]]:
        """Do a job for every seed: by the executor if there is one, else in threads or in turn."""
        experiment, meta, team = self._experiment, self._meta, self._team
        draw = meta.updates * index + update if meta.new_seed else 0
        keys: list[Key] = [(meta.seed, draw, r) for r in range(meta.seeds)]

        def waiting(done: int) -> Event:
            return SeedsProgress(index, done, meta.seeds)

        if self._executor is not None:
            calls = [(elsewhere, job, experiment, key, values) for key in keys]
            return (yield from by_executor(self._executor, calls, waiting))
        together = len(keys) - len(keys) % team if is_worth_threads(self._task) else 0
        outcomes: list[Outcome] = []
        if team > 1 and together:
            jobs = [partial(job, self._task, experiment, key, values, 1) for key in keys[:together]]
            outcomes = yield from in_threads(self._pool, jobs, watch, waiting)
        for replicate in range(len(outcomes), len(keys)):
            steps = job(self._task, experiment, keys[replicate], values, team)
            outcomes.append((yield from watch(replicate, steps)))
        return outcomes
