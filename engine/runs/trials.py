"""Hyperparameters that are searched for without hypergradients, as events.

Each meta-iteration is a trial: a training run, or one a seed, with proposed hyperparameters. The
best trial is the result. Who does the trials, and how many at the same time, changes no number.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import UnsolvedError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.tasks import task_of
from engine.hypergradients.result import Memory, Progress, total_cost
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters
from engine.runs.asking import Asking
from engine.runs.changes import Changes
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    RunFinished,
    RunStarted,
    SeedsProgress,
)
from engine.runs.held_against import Heard, HeldAgainst
from engine.runs.predictions import Prediction
from engine.runs.replicates import Job, Key, Reached, elsewhere, mean_measures
from engine.runs.resuming import SoFar
from engine.runs.side_by_side import Places, in_threads, is_worth_threads, until_done
from engine.runs.stopped_trials import as_search_knows, curve_of, each_of
from engine.runs.telling import diverged, frozen
from engine.runs.told_trials import Points, Standing
from engine.runs.trial import try_each, try_out
from engine.runs.tried import Done, Trial
from engine.runs.warm_starts import WarmStarts
from engine.search.space import Space
from engine.search.trials import make_search
from engine.tasks.task import Task

_AHEAD: Final = 64
"""Trials that are handed to an executor together, where none has to wait for another."""

_LONG: Final = 0.2
"""Seconds, after which something is said while proposals are made."""

Watch: TypeAlias = Callable[[int, int, Generator[Progress, None, Any]], Generator[Event, None, Any]]
"""(trial, replicate, its steps) → goes through the steps, telling of them."""
Judge: TypeAlias = Callable[
    [Hyperparameters, int, Sequence[Reached]], Generator[Event, None, RunFinished]
]
"""(hyperparameters, trials, where L-BFGS starts, seed by seed, if it does not where training would)
→ trains once more with them, and tells how that ended."""
_IN_VAIN: Final = (
    "training diverged in every trial",
    "A smaller spread of the trials, or another start, usually helps.",
)


def trial_events(
    experiment: Experiment,
    task: Task,
    layout: Layout,
    places: Places,
    changes: Changes,
    watch: Watch,
    judge: Judge,
    so_far: SoFar,
) -> Iterator[Event]:
    """Try hyperparameters, and judge the best.

    Args:
        experiment: what to run.
        task: its task.
        layout: of its hyperparameters.
        places: where training runs may be done.
        changes: of the number of trials, while they go on.
        watch: tells of a training run's steps.
        judge: trains with the best hyperparameters once more.
        so_far: what there is of the search, if it goes on.

    Yields:
        RunStarted; for each trial MetaIterationStarted, TrainingProgress (or SeedsProgress, where
        training goes on elsewhere) and MetaIterationDone; before those that are proposed together
        ResumePoint; at last what judging tells, and
        RunFinished.

    Raises:
        InputError: the strategy cannot search this space; before any training.
    """
    yield from _Trials(experiment, task, layout, places, watch, changes).events(judge, so_far)


class _Trials:
    """A search on its way."""

    def __init__(
        self,
        experiment: Experiment,
        task: Task,
        layout: Layout,
        places: Places,
        watch: Watch,
        changes: Changes,
    ) -> None:
        self._experiment, self._meta = experiment, experiment.meta
        self._task, self._layout, self._places = task, layout, places
        self._watch, self._changes = watch, changes
        self._space = Space(experiment, layout, task.groups)
        self._search = make_search(experiment.meta, self._space)
        self._starts = WarmStarts(wanted=experiment.meta.trials_warm)
        self._standing = Standing()
        self._points = Points(self._search, self._starts, self._standing)
        self._to_beat: float | None = None  # the best before the trials under way

    def events(self, judge: Judge, so_far: SoFar) -> Iterator[Event]:
        first = self._layout.values(self._layout.initial_vector())
        started = RunStarted(
            self._experiment,
            self._task.groups,
            self._task.size,
            first,
            self._task.data,
            self._search.most,
        )
        yield started
        yield from so_far.told_again(self._changes, started)
        self._experiment, self._meta = so_far.experiment, so_far.experiment.meta
        every, index = so_far.done, so_far.meta_iterations
        self._points.go_on(so_far.state, every[:index])
        while True:
            count = 0
            while count < self._together() and (count == 0 or index + count < self._last):
                if change := self._changes.take(index + count):
                    self._experiment, self._meta = change.experiment, change.experiment.meta
                    yield change
                if index + count >= self._last:
                    break
                count += 1
            if not count:
                break
            point = self._points.before(index)
            proposals = yield from self._proposed(index, count)
            trials = [
                Trial(index + place, self._values(one), one, self._starts.of(one))
                for place, one in enumerate(proposals)
            ]
            if point is not None:
                yield point
            self._to_beat = self._standing.to_beat(self._experiment.stopping.judged_by)
            known = [] if self._starts.wanted else every[index : index + count]
            for trial, done in zip(trials, known, strict=False):
                self._standing.weigh(done, trial)
                yield done
            tried = yield from self._tried(trials[len(known) :])
            told = [*known, *tried]
            stopped = {
                place: as_search_knows(done)
                for place, done in enumerate(told)
                if done.prediction is not None
            }
            self._search.tell([_loss(done.objective) for done in told], stopped)
            index += count
        if self._standing.best is None:
            yield diverged(max(index - 1, 0), UnsolvedError(*_IN_VAIN), first)
            return
        best = self._standing.best[1]
        yield (yield from judge(best.hyperparameters, index, [*map(Reached, best.warm or ())]))

    def _values(self, proposal: Floats) -> Hyperparameters:
        return self._layout.values(self._space.vector(proposal))

    def _proposed(self, number: int, count: int) -> Generator[Event, None, Floats]:
        """The proposals (count, D) of some trials, which may take a sampler of many long."""
        if self._search.at_once is None:
            return self._search.propose(count)
        proposing = self._places.pool.submit(self._search.propose, count)
        began = time.monotonic()
        for _ in until_done([proposing]):
            if time.monotonic() - began > _LONG:
                yield SeedsProgress(number, 0, count * self._meta.seeds)
        return proposing.result()

    @property
    def _last(self) -> int:
        """How many trials there are to be."""
        most = self._search.most
        return self._meta.iterations if most is None else min(self._meta.iterations, most)

    def _together(self) -> int:
        """How many trials are proposed together."""
        if self._search.at_once is not None:
            return self._search.at_once
        if self._experiment.stopping.is_on:  # whoever does them, they are held against the same
            return self._meta.trials_at_once
        if self._places.executor is not None:
            return _AHEAD
        several = is_worth_threads(self._task)
        return max(1, self._places.team // self._meta.seeds) if several else 1

    def _tried(self, trials: Sequence[Trial]) -> Generator[Event, None, list[MetaIterationDone]]:
        """Do trials, tell of each when it and those before it are done, and return that."""
        if not trials:
            return []
        if self._places.executor is not None:
            found = self._by_executor(trials)
        elif len(trials) > 1 and self._places.team > 1 and self._goes_in_threads:
            found = self._in_threads(trials)
        else:
            found = self._in_turn(trials)
        every = list[MetaIterationDone]()
        while True:
            try:
                told = next(found)
            except StopIteration:
                return every
            if isinstance(told, Done):
                done = self._done(told)
                every.append(done)
                yield done
            else:
                yield told

    def _in_turn(self, trials: Sequence[Trial]) -> Iterator[Event | Done]:
        for trial in trials:
            began = time.monotonic()
            yield self._begins(trial)
            outcomes = []
            asking, asks = Asking(trial.number), self._experiment.stopping.when == "ask"
            heard = partial(self._heard, asking) if asks else None
            for replicate, (key, job) in enumerate(self._jobs(trial, heard)):
                steps = job(
                    self._task, self._experiment, key, trial.hyperparameters, self._places.team
                )
                watched = self._watch(trial.number, replicate, steps)
                outcomes.append((yield from asking.telling(watched)))
            yield Done(trial, each_of(outcomes), time.monotonic() - began)

    def _in_threads(self, trials: Sequence[Trial]) -> Iterator[Event | Done]:
        began = time.monotonic()
        yield self._begins(trials[0])
        jobs = [
            partial(job, self._task, self._experiment, key, trial.hyperparameters, 1)
            for trial in trials
            for key, job in self._jobs(trial)
        ]
        parts = len(jobs) // len(trials)

        def live(number: int, steps: Generator[Progress, None, Any]) -> Generator[Event, None, Any]:
            trial, replicate = divmod(number, parts)
            return (yield from self._watch(trials[trial].number, replicate, steps))

        def waiting(done: int) -> Event:
            return SeedsProgress(trials[0].number, done, len(jobs))

        outcomes = iter((yield from in_threads(self._places.pool, jobs, live, waiting)))
        share = (time.monotonic() - began) / len(trials)
        for trial in trials:
            if trial is not trials[0]:
                yield self._begins(trial)
            yield Done(trial, each_of(islice(outcomes, parts)), share)

    def _by_executor(self, trials: Sequence[Trial]) -> Iterator[Event | Done]:
        executor, began = self._places.executor, time.monotonic()
        assert executor is not None
        futures: list[list[Future[Any]]] = [
            [
                executor.submit(elsewhere, job, self._experiment, key, trial.hyperparameters)
                for key, job in self._jobs(trial)
            ]
            for trial in trials
        ]
        every = [future for several in futures for future in several]
        try:
            for trial, several in zip(trials, futures, strict=True):
                yield self._begins(trial)
                for _ in until_done(several):
                    done = sum(future.done() for future in every)
                    yield SeedsProgress(trial.number, done, len(every))
                passed = time.monotonic() - began
                began += passed
                yield Done(trial, each_of(future.result() for future in several), passed)
        finally:
            for future in every:
                future.cancel()

    def _keys(self, trial: Trial) -> list[Key]:
        draw = trial.number if self._meta.new_seed else 0
        return [(self._meta.seed, draw, replicate) for replicate in range(self._meta.seeds)]

    @property
    def _goes_in_threads(self) -> bool:
        """Whether trials may be done beside each other here; one that is asked about is not."""
        return self._experiment.stopping.when != "ask" and is_worth_threads(self._task)

    def _jobs(self, trial: Trial, heard: Heard | None = None) -> list[tuple[Key, Job[Any]]]:
        """What is to be done for each seed, or where one may be stopped for all of them in turn."""
        keys, stopping = self._keys(trial), self._experiment.stopping
        if not stopping.is_on:
            return [(key, partial(try_out, warm=trial.warm)) for key in keys]
        penalty = self._penalty(trial.hyperparameters) if stopping.judged_by == "loss" else 0.0
        held = HeldAgainst(self._to_beat, penalty, stopping.places.get(trial.number))
        return [(keys[0], partial(try_each, held=held, heard=heard))]

    def _heard(self, asking: Asking, iteration: int, prediction: Prediction, stops: bool) -> bool:
        """Tell what forecasts say of the trial under way, and whether a person stops it."""
        asking.follow(prediction, stops=stops)
        change = self._changes.take_stop(asking.meta_iteration, iteration)
        if change is None:
            return False
        self._experiment = change.experiment
        asking.told.append(change)
        return True

    def _begins(self, trial: Trial) -> MetaIterationStarted:
        return MetaIterationStarted(trial.number, trial.hyperparameters, self._entropy(trial))

    def _entropy(self, trial: Trial) -> Floats:
        dynamics = DYNAMICS[self._experiment.training.dynamics]
        dropped = np.cumsum(dynamics.dropped_bits(trial.hyperparameters, self._task.groups)) / 8
        return frozen(np.concatenate([[0.0], dropped]))

    def _done(self, told: Done) -> MetaIterationDone:
        """What there is to tell of a trial, once all its training runs are over."""
        trial, outcomes, seconds = told
        objective = float(np.mean([one.objective for one in outcomes]))
        objective += self._penalty(trial.hyperparameters)
        measured = [one.measures for one in outcomes if one.measures is not None]
        self._starts.remember(trial.proposal, [one.end for one in outcomes])
        names = task_of(self._experiment).measures(self._experiment)
        nothing = Measures({measure.name: np.nan for measure in names})
        iterations = self._experiment.training.iterations
        stopped = outcomes[-1].prediction
        trained = iterations if stopped is None else stopped.iteration
        entropy = self._entropy(trial)
        slots = len(DYNAMICS[self._experiment.training.dynamics].slots)
        nowhere = {kind: np.full(x.shape, np.nan) for kind, x in trial.hyperparameters.items()}
        best = self._standing.best
        done = MetaIterationDone(
            index=trial.number,
            measures=mean_measures(measured) if np.isfinite(objective) else nothing,
            hypergradient=Hyperparameters(nowhere),
            hypergradient_norm=float("nan"),
            seconds=seconds,
            reversed_exactly=None,
            memory=Memory(
                buffer_bytes=0,
                working_bytes=0,
                trajectory_bytes=8 * slots * self._task.size * iterations,
                entropy_bits=float(8 * entropy[-1]),
            ),
            hyperparameters=trial.hyperparameters,
            next_hyperparameters=(
                trial if best is None or objective < best[0] else best[1]
            ).hyperparameters,
            learning_curve=frozen(np.mean([one.learning_curve for one in outcomes], axis=0)),
            buffer_curve=frozen(np.zeros(trained + 1, np.int64)),
            entropy_bytes=entropy,
            cost=total_cost([one.cost for one in outcomes]),
            remarks=tuple(dict.fromkeys(remark for one in outcomes for remark in one.remarks)),
            objective=objective if np.isfinite(objective) else float("nan"),
            prediction=stopped,
            **curve_of(outcomes),
        )
        self._standing.weigh(done, trial)
        return done

    def _penalty(self, values: Hyperparameters) -> float:
        """What is added to the objective: c Σ λ² of the penalties."""
        weight = self._meta.penalty
        return weight * float(np.sum(values["l2_penalties"] ** 2)) if weight else 0.0


def _loss(objective: float) -> float:
    """What a search is told."""
    return objective if np.isfinite(objective) else np.inf
