"""Hyperparameters that move within one training run, as events; and what that is compared with.

Its meta-iterations are the updates: each event tells of the training iterations before one. When
training is over, other training runs say what the same gradient evaluations could have bought.
"""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import DivergedError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of
from engine.hypergradients.result import Cost, Memory, Progress
from engine.hypergradients.training import train
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters
from engine.runs.blow_ups import as_divergence
from engine.runs.budget import Budget, SeedOutcome, evaluations_of, random_vector
from engine.runs.changes import Changes
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    ResumePoint,
    RunFinished,
    RunStarted,
    SeedsProgress,
    TrainingProgress,
)
from engine.runs.layouts import make_layout
from engine.runs.replicates import Key, elsewhere, training_problem
from engine.runs.resuming import SoFar, Sparingly, kept
from engine.runs.side_by_side import Places, by_executor, in_threads, is_worth_threads
from engine.runs.telling import diverged, frozen
from engine.search.real_time import RealTime, Update
from engine.tasks.task import Task

_SECONDS_BETWEEN_EVENTS: Final = 1 / 60
_JUDGED: Final = 40
"""How many times in a training run it is judged on all examples, which takes long."""


def real_time_events(
    experiment: Experiment,
    task: Task,
    layout: Layout,
    places: Places,
    changes: Changes,
    so_far: SoFar,
) -> Iterator[Event]:
    """Train once, and move the hyperparameters meanwhile.

    Args:
        experiment: what to run.
        task: its task.
        layout: of its hyperparameters.
        places: where training runs may be done.
        changes: there are none in real time.
        so_far: what there is of the run, if it goes on.

    Yields:
        RunStarted; for each update MetaIterationStarted, TrainingProgress where it takes long,
        ResumePoint now and then, and MetaIterationDone; SeedsProgress while it is compared;
        RunFinished.
    """
    first = layout.values(layout.initial_vector())
    run = make_run(task, experiment, (experiment.meta.seed, 0, 0), layout, places.team)
    started = RunStarted(experiment, task.groups, task.size, first, task.data)
    yield started
    yield from so_far.told_again(changes, started)
    told = _Told(experiment, task, layout, run, places)
    if so_far.state is not None:
        told.go_on(so_far.state)
    yield from told.events()


def make_run(
    task: Task, experiment: Experiment, key: Key, layout: Layout, team: int = 1
) -> RealTime:
    """A training run of an experiment in real time, at its start.

    Args:
        task: what to train.
        experiment: whose strategy is real time.
        key: (seed, 0, replicate): what is random depends on nothing else.
        layout: of its hyperparameters.
        team: threads that may share the work.
    """
    values = layout.values(layout.initial_vector())
    problem, _ = training_problem(task, experiment, key, values, team)
    return RealTime(problem, layout, experiment.meta, key)


def moved(
    task: Task, experiment: Experiment, key: Key, hyperparameters: Hyperparameters, team: int = 1
) -> Generator[Progress, None, Measures | None]:
    """A job: train in real time, and judge it; None if that diverges."""
    run = make_run(task, experiment, key, make_layout(experiment, task), team)
    try:
        yield from as_divergence(_steps(run))
    except DivergedError:
        return None
    return task.measure(run.w, run.hyperparameters, key)


def stayed(
    task: Task, experiment: Experiment, key: Key, hyperparameters: Hyperparameters, team: int = 1
) -> Generator[Progress, None, Measures | None]:
    """A job: train with hyperparameters that stay, and judge it; None if that diverges."""
    problem, _ = training_problem(task, experiment, key, hyperparameters, team)
    try:
        w = yield from as_divergence(train(problem, exactly=False))
    except DivergedError:
        return None
    return task.measure(w, hyperparameters, key)


class _Job(NamedTuple):
    """A training run to compare with; it is real time if it has no hyperparameters of its own."""

    key: Key
    hyperparameters: Hyperparameters
    moves: bool = False


class _Told:
    """A run in real time on its way, told in events."""

    def __init__(
        self, experiment: Experiment, task: Task, layout: Layout, run: RealTime, places: Places
    ) -> None:
        self._experiment, self._task, self._layout = experiment, task, layout
        self._run, self._places = run, places
        self._key: Key = (experiment.meta.seed, 0, 0)
        self._stretch = experiment.stretch
        self._last_event = time.monotonic()
        self._dropped = 0.0  # bits, of the iterations before the update under way
        self._sparingly = Sparingly()

    def go_on(self, state: Mapping[str, Any]) -> None:
        """Go on from a point; see `_point`."""
        self._run.state, self._dropped = state["run"], state["dropped"]

    def _point(self, done: MetaIterationDone) -> ResumePoint:
        """What the run goes on from after an update."""
        return ResumePoint(done.index + 1, {"run": kept(self._run.state), "dropped": self._dropped})

    def events(self) -> Iterator[Event]:
        try:
            yield from self._trained()
        except DivergedError as error:
            index = self._run.iteration // self._stretch
            yield diverged(min(index, self._experiment.units - 1), error, self._values())
            return
        measures = self._measures(self._values())
        budget = yield from self._compared(measures)
        amount = STRATEGIES[self._experiment.meta.optimizer].amount(self._experiment.units)
        yield RunFinished(
            "completed", f"Completed {amount}.", self._values(), measures, budget=budget
        )

    def _trained(self) -> Iterator[Event]:
        """Train to the end, update by update."""
        run, losses, told = self._run, list[float](), 0
        began = time.monotonic()
        if run.iteration < self._experiment.training.iterations:
            yield self._begins()
        for progress in as_divergence(_steps(run)):
            losses.append(progress.loss)
            if run.update is not None:
                done = self._done(run.update, losses, time.monotonic() - began)
                if self._sparingly.is_due():
                    yield self._point(done)
                yield done
                losses, told, began = [], 0, time.monotonic()
                if run.iteration < self._experiment.training.iterations:
                    yield self._begins()
            elif self._is_time_for_an_event():
                new = losses[told:]
                bytes_held = np.full(len(new), run.tangent_bytes)
                yield TrainingProgress(
                    run.iteration // self._stretch,
                    0,
                    run.iteration,
                    frozen(new),
                    frozen(bytes_held),
                )
                told = len(losses)

    def _begins(self) -> MetaIterationStarted:
        run, stretch = self._run, self._stretch
        index = run.iteration // stretch
        entropy = np.full(stretch + 1, self._dropped / 8)
        return MetaIterationStarted(
            index, run.during(run.iteration, run.vector, stretch), frozen(entropy)
        )

    def _done(self, update: Update, losses: Sequence[float], seconds: float) -> MetaIterationDone:
        run, experiment = self._run, self._experiment
        taken = update.stop - update.first
        used = run.during(update.first, update.before, self._stretch)
        dynamics = DYNAMICS[experiment.training.dynamics]
        bits = dynamics.dropped_bits(dynamics.usable(_schedules(used)), self._task.groups)[:taken]
        entropy = self._dropped + np.concatenate([[0.0], np.cumsum(bits)])
        self._dropped = float(entropy[-1])
        carried = 1 if experiment.meta.tangents == "last step" else taken
        return MetaIterationDone(
            index=update.index,
            measures=self._judged(update.index, used),
            hypergradient=self._by_values(update),
            hypergradient_norm=float(np.linalg.norm(update.gradient)),
            seconds=seconds,
            reversed_exactly=None,
            memory=self._memory(update.stop),
            hyperparameters=used,
            next_hyperparameters=run.during(update.stop, update.after, self._stretch),
            learning_curve=frozen(losses),
            buffer_curve=frozen(np.full(taken + 1, self._held())),
            entropy_bytes=frozen(entropy / 8),
            cost=Cost(
                gradients=taken,
                products=carried * run.free,
                tangents=carried * run.free_in_losses,
                seconds=seconds,
            ),
            evaluations=self._evaluations() * update.stop / experiment.training.iterations,
        )

    def _held(self) -> int:
        return self._run.free * sum(slot.nbytes for slot in self._run.trained)

    def _memory(self, iterations: int) -> Memory:
        state = sum(slot.nbytes for slot in self._run.trained)
        return Memory(
            buffer_bytes=0,
            working_bytes=4 * state,  # around a step, and the gradients that it is taken with
            trajectory_bytes=state * iterations,
            entropy_bits=self._dropped,
            states_bytes=self._held(),
        )

    def _by_values(self, update: Update) -> Hyperparameters:
        """The hypergradient by the values themselves, shaped as they are set."""
        spans, by_values = self._layout.spans, update.gradient / update.slopes
        return Hyperparameters(
            {
                kind: by_values[span].reshape(self._layout.shape(kind))
                for kind, span in spans.items()
            }
        )

    def _measures(self, values: Hyperparameters) -> Measures:
        return self._task.measure(self._run.w, values, self._key)

    def _judged(self, index: int, values: Hyperparameters) -> Measures:
        """The measures before an update, if it is one of those that are judged; else None of each.

        The last update is one of them.
        """
        last = self._experiment.units - 1
        every = -(-(last + 1) // _JUDGED)
        if (last - index) % every == 0:
            return self._measures(values)
        names = task_of(self._experiment).measures(self._experiment)
        return Measures({measure.name: None for measure in names})

    def _values(self) -> Hyperparameters:
        return self._run.hyperparameters

    def _compared(self, measures: Measures) -> Generator[Event, None, Budget | None]:
        """Train what real time is compared with, and real time with the other seeds."""
        meta, layout = self._experiment.meta, self._layout
        if not meta.random_runs or not layout.size:
            return None
        stays = layout.values(layout.initial_vector())
        jobs: list[_Job] = []
        for replicate in range(meta.seeds):
            key = (meta.seed, 0, replicate)
            jobs += [_Job(key, stays, moves=True)] if replicate else []
            jobs.append(_Job(key, stays))
            for number in range(meta.random_runs):
                drawn = random_vector(layout, self._experiment, (meta.seed, replicate, number))
                jobs.append(_Job(key, layout.values(drawn)))
        found = yield from self._all(jobs)
        outcomes = [measures, *found]
        size = meta.random_runs + 2
        seeds = [outcomes[begin : begin + size] for begin in range(0, len(outcomes), size)]
        return Budget(
            self._evaluations(),
            tuple(SeedOutcome(one, two, tuple(rest)) for one, two, *rest in seeds),
        )

    def _evaluations(self) -> float:
        """What the whole run takes; see `Budget`."""
        examples = getattr(self._task, "batch_size", 0)
        return evaluations_of(self._experiment, self._run.free, examples, self._run.judged)

    def _all(self, jobs: Sequence[_Job]) -> Generator[Event, None, list[Measures | None]]:
        task, experiment, places = self._task, self._experiment, self._places

        def waiting(done: int) -> Event:
            return SeedsProgress(experiment.units, done, len(jobs))

        whats = [(moved if job.moves else stayed, job.key, job.hyperparameters) for job in jobs]
        if places.executor is not None:
            calls = [(elsewhere, what, experiment, key, values) for what, key, values in whats]
            return (yield from by_executor(places.executor, calls, waiting))
        done = 0

        def watch(
            number: int, steps: Generator[Progress, None, Measures | None]
        ) -> Generator[Event, None, Measures | None]:
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    return stop.value  # type: ignore[no-any-return]
                if self._is_time_for_an_event():
                    yield waiting(max(done, number))

        if places.team > 1 and is_worth_threads(task):
            ready = [partial(what, task, experiment, key, values, 1) for what, key, values in whats]
            return (yield from in_threads(places.pool, ready, watch, waiting))
        outcomes = []
        for done, (what, key, values) in enumerate(whats):
            steps = what(task, experiment, key, values, places.team)
            outcomes.append((yield from watch(done, steps)))
        return outcomes

    def _is_time_for_an_event(self) -> bool:
        now = time.monotonic()
        due = now - self._last_event >= _SECONDS_BETWEEN_EVENTS
        if due:
            self._last_event = now
        return due


def _steps(run: RealTime) -> Generator[Progress, None, None]:
    yield from run.train()


def _schedules(values: Hyperparameters) -> dict[str, Floats]:
    return {kind: array for kind, array in values.items() if KINDS[kind].enters == "schedule"}
