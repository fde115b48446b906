"""The same training run by several methods: what each finds, how long it takes, what it holds.

A generator of events, like a run: whoever asks for the next one is in charge.
"""

import os
import time
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Executor, wait
from dataclasses import replace
from typing import Final

import numpy as np

from engine.dynamics.catalogue import DYNAMICS
from engine.errors import DivergedError, InputError
from engine.experiments.contender import Contender, contenders_of
from engine.experiments.contenders import given_by, reference_of, run_by, usual_contenders
from engine.experiments.experiment import Experiment
from engine.hypergradients.catalogue import METHODS, misfit
from engine.hypergradients.method import Method
from engine.hypergradients.result import Progress
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.comparison import (
    STUDIES,
    ComparisonEvent,
    ComparisonFinished,
    ComparisonStarted,
    Likeness,
    Measurement,
    Point,
    PointMeasured,
    PointProgress,
    PointsProgress,
    PointStarted,
    Study,
    likeness,
)
from engine.runs.events import Preparing
from engine.runs.layouts import make_layout
from engine.runs.replicates import Key, Replicate, differentiate, elsewhere, task_at_hand
from engine.runs.variations import points
from engine.runs.warm_up import warm_up
from engine.sentences import shown
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

_SECONDS_BETWEEN_EVENTS: Final = 1 / 60
_SECONDS_BETWEEN_LOOKS: Final = 0.04
_SHORT: Final = 0.2
"""Seconds, below which whatever else the machine does would show in a single measurement."""

_TIMES_IF_SHORT: Final = 3
_FAILURES: Final = (DivergedError, InputError, MemoryError, ArithmeticError, np.linalg.LinAlgError)


def compare(
    experiment: Experiment,
    methods: Sequence[str | Method | Contender] | None = None,
    studies: Sequence[Study] = STUDIES,
    threads: int | None = None,
    executor: Executor | None = None,
) -> Generator[ComparisonEvent, None, None]:
    """Find the hypergradient of an experiment's first training run by several methods.

    The seconds of a method that takes less than 0.2 are the least of three measurements.

    Args:
        experiment: whose; its own method does not matter.
        methods: names with options, as in "truncated:last=10", or methods; None: the usual ones.
        studies: what to look at besides the methods as they are: over T, over an option of each,
            over how many hyperparameters there are.
        threads: to share the work of a training run; all cores but one by default.
        executor: who measures instead, a point each: any `concurrent.futures.Executor` of threads,
            processes or machines. What methods find does not depend on it.

    Yields:
        Preparing, while what the methods need is loaded, or compiled; none of that is measured.
        ComparisonStarted, then for each point PointStarted, PointProgress and PointMeasured (or
        PointsProgress and PointMeasured, where it is measured elsewhere); ComparisonFinished.

    Raises:
        InputError: there is no such method, option or study; nothing is free; or the experiment
            does not fit its data. Before any training.
    """
    if isinstance(studies, str | bytes) or not isinstance(studies, Iterable):
        raise InputError("studies", f"expected a list of studies, found {shown(studies)}.")
    studies = tuple(studies)
    for study in studies:
        if study not in STUDIES:
            expected = f"expected some of {', '.join(STUDIES)}"
            raise InputError("studies", f"{expected}, found {shown(study)}.")
    if not experiment.free:
        raise InputError("hyperparameters", "expected a free one, whose derivatives are compared.")
    contenders = usual_contenders(experiment) if methods is None else contenders_of(methods)
    reference = reference_of(experiment)
    with one_blas_thread():  # the kernels share their work out themselves
        yield Preparing("Loading the data")
        task = make_task(experiment)
        layout = make_layout(experiment, task)  # refuses what does not fit
        dynamics, ways = DYNAMICS[experiment.training.dynamics], [reference, *contenders]
        yield from warm_up(task, dynamics, methods=_ways_that_fit(experiment, ways))
        every = points(experiment, reference, contenders, task.groups, studies)
        names = tuple(group.name for group in task.groups)
        yield ComparisonStarted(experiment, reference, every, task.size, names)
        team = threads or max(1, (os.cpu_count() or 1) - 1)
        bench = _Bench(every, task, layout, team)
        yield from bench.here() if executor is None else bench.by(executor)
        yield ComparisonFinished(bench.failures)


def _ways_that_fit(experiment: Experiment, contenders: Iterable[Contender]) -> list[Method]:
    """One of each method that can go through this training."""
    dynamics = DYNAMICS[experiment.training.dynamics]
    usual = [METHODS[name]() for name in dict.fromkeys(one.method for one in contenders)]
    return [way for way in usual if misfit(way, dynamics) is None]


class _Bench:
    """Measures points one after the other, and compares each with its training run's reference."""

    def __init__(self, every: Sequence[Point], task: Task, layout: Layout, team: int) -> None:
        self.failures = 0
        self._points, self._team = every, team
        self._run: Experiment | None = every[0].experiment
        self._task, self._layout = task, layout
        self._references: dict[Experiment, Measurement] = {}
        self._known: dict[tuple[Experiment, Contender], Measurement] = {}
        self._last_event = time.monotonic()

    def here(self) -> Generator[ComparisonEvent, None, None]:
        """Measure in this thread."""
        for index, point in enumerate(self._points):
            if (known := self._known.get((point.experiment, point.contender))) is not None:
                yield PointMeasured(index, known)
                continue
            yield PointStarted(index)
            values = self._set_up(point.experiment)
            try:
                by_it = run_by(point.experiment, point.contender)
                found = yield from self._measure(index, by_it, values)
            except _FAILURES as error:
                yield self._failed(index, error)
                continue
            yield self._measured(index, found)

    def by(self, executor: Executor) -> Generator[ComparisonEvent, None, None]:
        """Have an executor measure; what is done is told in the order of the points."""
        keys = dict.fromkeys((one.experiment, one.contender) for one in self._points)
        futures = {key: executor.submit(_attempt, *key, self._set_up(key[0])) for key in keys}
        try:
            for index, point in enumerate(self._points):
                future = futures[point.experiment, point.contender]
                while wait([future], _SECONDS_BETWEEN_LOOKS).not_done:
                    yield PointsProgress(sum(one.done() for one in futures.values()))
                found = future.result()
                self._set_up(point.experiment)
                if isinstance(found, Replicate):
                    yield self._measured(index, found)
                else:
                    yield self._failed(index, found)
        finally:
            for future in futures.values():
                future.cancel()

    def _set_up(self, experiment: Experiment) -> Hyperparameters:
        """The hyperparameters at the start of a training run, and what belongs to it."""
        if experiment != self._run:
            self._task = make_task(experiment)
            self._layout = make_layout(experiment, self._task)
            self._run = experiment
        return self._layout.values(self._layout.initial_vector())

    def _measure(
        self, index: int, by_it: Experiment, values: Hyperparameters
    ) -> Generator[ComparisonEvent, None, Replicate]:
        steps = _timed(self._task, by_it, _key(by_it), values, self._team)
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            now = time.monotonic()
            if now - self._last_event >= _SECONDS_BETWEEN_EVENTS:
                self._last_event = now
                held = progress.buffer_bytes + progress.states_bytes
                where = progress.phase, progress.iteration, held, progress.part
                yield PointProgress(index, *where)

    def _failed(self, index: int, error: BaseException) -> PointMeasured:
        self.failures += 1
        sentence = error.sentence if isinstance(error, InputError) else str(error)
        sentence = "Memory ran out." if isinstance(error, MemoryError) else sentence
        return self._known_as(index, Measurement({}, failure=sentence or type(error).__name__))

    def _known_as(self, index: int, measurement: Measurement) -> PointMeasured:
        point = self._points[index]
        self._known[point.experiment, point.contender] = measurement
        return PointMeasured(index, measurement)

    def _measured(self, index: int, found: Replicate) -> PointMeasured:
        point = self._points[index]
        given = given_by(point.experiment, point.contender.method)
        gradient = {kind: self._own(kind, found.hypergradient) for kind in given}
        if not all(np.isfinite(array).all() for array in gradient.values()):
            return self._failed(index, DivergedError(None, "", "its hypergradient is not finite"))
        reference = self._references.get(point.experiment)
        if reference is None and point.contender == self._points[0].contender:
            reference = Measurement(gradient)
            self._references[point.experiment] = reference
        common = [kind for kind in given if reference and kind in reference.gradient]
        by_kind: dict[str, Likeness] = {}
        total = None
        if reference and common:
            expected = reference.gradient
            by_kind = {kind: likeness([gradient[kind]], [expected[kind]]) for kind in common}
            total = likeness(
                [gradient[kind] for kind in common], [expected[kind] for kind in common]
            )
        free = point.experiment.free
        return self._known_as(
            index,
            Measurement(
                gradient,
                tuple(kind for kind in KINDS if kind in free and kind not in given),
                total,
                by_kind,
                found.cost,
                found.memory,
                found.objective,
                found.solution,
                found.own_error,
                found.remarks,
            ),
        )

    def _own(self, kind: str, gradient: Hyperparameters) -> np.ndarray:
        array = gradient[kind]
        own = self._layout.own(kind, array) if array.shape != self._layout.shape(kind) else array
        own = np.array(own)
        own.setflags(write=False)
        return own


def _key(experiment: Experiment) -> Key:
    return (experiment.meta.seed, 0, 0)


def _timed(
    task: Task, experiment: Experiment, key: Key, hyperparameters: Hyperparameters, team: int = 1
) -> Generator[Progress, None, Replicate]:
    """Find the hypergradient of one training run; its seconds are the least of a few, if short."""
    found = yield from differentiate(task, experiment, key, hyperparameters, team)
    seconds = [found.cost.seconds]
    while len(seconds) < _TIMES_IF_SHORT and min(seconds) < _SHORT:
        again = yield from differentiate(task, experiment, key, hyperparameters, team)
        seconds.append(again.cost.seconds)
    return found._replace(cost=replace(found.cost, seconds=min(seconds)))


def _attempt(
    experiment: Experiment, contender: Contender, values: Hyperparameters
) -> Replicate | BaseException:
    """Measure elsewhere; a failure comes back as it is, so that the others go on."""
    try:
        by_it = run_by(experiment, contender)
        ways = _ways_that_fit(experiment, [contender])
        for _ in warm_up(task_at_hand(by_it), DYNAMICS[by_it.training.dynamics], methods=ways):
            pass  # else the first measurement of a process would count what it loads
        return elsewhere(_timed, by_it, _key(by_it), values)
    except _FAILURES as error:
        return error
