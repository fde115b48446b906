"""Trying hyperparameters out: one training run forwards, judged, and set beside another one."""

import os
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hypergradients.result import Progress
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.replicates import Key, judge
from engine.tasks.catalogue import make_task
from engine.tasks.task import Losses, Task

Verdict: TypeAlias = Literal["better", "worse", "the same"]


@dataclass(frozen=True, eq=False)
class TryOut:
    """What became of one training run.

    Attributes:
        losses: after it.
        learning_curve: (T,) training loss at each iteration's start.
        unit: of the losses.
    """

    losses: Losses
    learning_curve: Floats
    unit: str


class Comparison(NamedTuple):
    """One number of two training runs, side by side.

    Attributes:
        name: what was measured.
        before, after: what it was in each; None if that run did not get there.
        change: of a loss, relative to before; of an accuracy, the difference; None without both.
        verdict: what the change is; None without both.
    """

    name: str
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
        Where training stands, after every iteration.

    Returns:
        What became of it.

    Raises:
        InputError: the experiment does not fit its data.
        DivergedError: training diverges.
    """
    with one_blas_thread():
        task = _task_of(_apart_from_schedules(experiment))
        meta = experiment.meta
        key: Key = (meta.seed, meta_iteration if meta.new_seed else 0, 0)
        team = max(1, (os.cpu_count() or 1) - 1)  # as in a run; nothing depends on it
        steps = judge(task, experiment, key, hyperparameters, team)
        learning_curve = []
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                losses: Losses = stop.value
                break
            learning_curve.append(progress.loss)
            yield progress
    curve = np.array(learning_curve)
    curve.setflags(write=False)
    unit = "nats" if experiment.model.loss == "cross-entropy" else "squared distance"
    return TryOut(losses, curve, unit)


def compare(before: TryOut | None, after: TryOut | None) -> list[Comparison]:
    """Set two training runs side by side, number by number.

    Args:
        before: a run, or None while there is none.
        after: the other, or None.
    """
    names = [
        part
        for part in Losses._fields
        if any(run is not None and getattr(run.losses, part) is not None for run in (before, after))
    ]
    return [
        _compare_numbers(
            name,
            getattr(before.losses, name) if before else None,
            getattr(after.losses, name) if after else None,
        )
        for name in names
    ]


def _compare_numbers(name: str, before: float | None, after: float | None) -> Comparison:
    words = name.replace("_", " ")
    if before is None or after is None:
        return Comparison(words, before, after, None, None)
    is_accuracy = name.endswith("accuracy")
    difference = after - before
    change = difference if is_accuracy or not before else difference / abs(before)
    if not difference:
        return Comparison(words, before, after, 0.0, "the same")
    rose_well = (difference > 0) == is_accuracy
    return Comparison(words, before, after, change, "better" if rose_well else "worse")


def _apart_from_schedules(experiment: Experiment) -> Experiment:
    """The experiment with its schedules as usual: no task depends on them."""
    usual = {name: kind.usual for name, kind in KINDS.items() if kind.enters == "schedule"}
    hyperparameters = experiment.hyperparameters.replace(usual)
    return experiment.model_copy(update={"hyperparameters": hyperparameters})


@lru_cache(maxsize=1)
def _task_of(experiment: Experiment) -> Task:
    return make_task(experiment)
