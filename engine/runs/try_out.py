"""Trying hyperparameters out: one training run forwards, judged, and set beside another one."""

import os
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measure, Measures
from engine.experiments.tasks import task_of
from engine.hypergradients.result import Progress
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.replicates import Key, judge
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

Verdict: TypeAlias = Literal["better", "worse", "the same"]


@dataclass(frozen=True, eq=False)
class TryOut:
    """What became of one training run.

    Attributes:
        measures: of the trained parameters.
        learning_curve: (T,) training loss at each iteration's start; of several that are summed,
            their mean.
        kinds: what the measures are.
    """

    measures: Measures
    learning_curve: Floats
    kinds: tuple[Measure, ...]


class Comparison(NamedTuple):
    """One number of two training runs, side by side.

    Attributes:
        measure: what was measured.
        before, after: what it was in each; None if that run did not get there.
        change: of a loss, relative to before; of an accuracy, the difference; None without both.
        verdict: what the change is; None without both.
    """

    measure: Measure
    before: float | None
    after: float | None
    change: float | None
    verdict: Verdict | None


def try_out(
    experiment: Experiment, hyperparameters: Hyperparameters, meta_iteration: int = 0
) -> Generator[Progress, None, TryOut]:
    """Train forwards once, as the first seed of a meta-iteration does.

    Args:
        experiment: whose task is trained; it is loaded once for all its schedules.
        hyperparameters: what to train with.
        meta_iteration: whose initial parameters and minibatches to use.

    Yields:
        Where training stands, after every iteration, or several quick ones.

    Returns:
        What became of it.

    Raises:
        InputError: the experiment does not fit its data.
        DivergedError: training diverges.
    """
    with one_blas_thread():
        task = _task_of(_apart_from_schedules(experiment))
        meta = experiment.meta
        key: Key = (meta.seed, meta.updates * meta_iteration if meta.new_seed else 0, 0)
        team = max(1, (os.cpu_count() or 1) - 1)  # as in a run; nothing depends on it
        steps = judge(task, experiment, key, hyperparameters, team)
        learning_curve: list[float] = []
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                measures: Measures = stop.value
                break
            learning_curve.extend(progress.losses)
            yield progress
    curve = np.array(learning_curve) / task.data.summed
    curve.setflags(write=False)
    return TryOut(measures, curve, task_of(experiment).measures(experiment))


def compare(before: TryOut | None, after: TryOut | None) -> list[Comparison]:
    """Set two training runs side by side, measure by measure.

    Args:
        before: a run, or None while there is none.
        after: the other, or None.
    """
    runs = [run for run in (before, after) if run is not None]
    return [
        _compare_numbers(
            measure,
            before.measures[measure.name] if before else None,
            after.measures[measure.name] if after else None,
        )
        for measure in (runs[0].kinds if runs else ())
        if any(run.measures[measure.name] is not None for run in runs)
    ]


def _compare_numbers(measure: Measure, before: float | None, after: float | None) -> Comparison:
    if before is None or after is None:
        return Comparison(measure, before, after, None, None)
    difference = after - before
    relative = measure.quantity == "loss" and before != 0
    change = difference / abs(before) if relative else difference
    if not difference:
        return Comparison(measure, before, after, 0.0, "the same")
    is_better = (difference < 0) == measure.lower_is_better
    return Comparison(measure, before, after, change, "better" if is_better else "worse")


def _apart_from_schedules(experiment: Experiment) -> Experiment:
    """The experiment with its schedules as usual: no task depends on them."""
    usual = {name: kind.usual for name, kind in KINDS.items() if kind.enters == "schedule"}
    hyperparameters = experiment.hyperparameters.replace(usual)
    return experiment.model_copy(update={"hyperparameters": hyperparameters})


@lru_cache(maxsize=1)
def _task_of(experiment: Experiment) -> Task:
    return make_task(experiment)
