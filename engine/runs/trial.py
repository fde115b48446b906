"""One trial of a search: a training run, forwards only, and what the objective is after it."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import DivergedError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.method_options import make_method
from engine.hypergradients.counting import CountingOracle
from engine.hypergradients.method import trains
from engine.hypergradients.minimiser import minimise
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Cost, Progress
from engine.hypergradients.training import train
from engine.hyperparameters.values import Hyperparameters
from engine.runs.blow_ups import as_divergence
from engine.runs.replicates import Key, training_problem
from engine.tasks.task import Task


class Outcome(NamedTuple):
    """What one training run of a trial came to.

    Attributes:
        objective: the loss that a hypergradient would be of; infinite where training diverged.
        measures: of the trained parameters; None where training diverged.
        learning_curve: (T,) training loss at each iteration's start; NaN where there is none.
        cost: what it evaluated.
        remarks: what to know of it.
        end: (P,) the minimum where L-BFGS arrived, if that was asked for.
    """

    objective: float
    measures: Measures | None
    learning_curve: Floats
    cost: Cost
    remarks: tuple[str, ...] = ()
    end: Floats | None = None


def try_out(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    warm: Sequence[Floats] | None = None,
) -> Generator[Progress, None, Outcome]:
    """A job: train as the experiment's method does, and judge it; see `Replicate`.

    That is in exact arithmetic where the method reverses, so that the loss is the same, to the bit,
    as in a meta-iteration with these hyperparameters; or to the minimum, where the method looks for
    that.

    Args:
        task: what to train.
        experiment: says how.
        key: (seed, trial, replicate); what is random depends on nothing else.
        hyperparameters: what to train it with.
        team: threads that may share the work.
        warm: (P,) a minimum for each seed, which L-BFGS starts from; without any it starts where
            training would. None: as without any, and nobody asks where it ends.
    """
    problem, _ = training_problem(task, experiment, key, hyperparameters, team)
    if warm:
        problem = replace(problem, warm=warm[key[-1]])
    counting = CountingOracle(problem.oracle)
    counted = replace(problem, oracle=counting)
    curve: list[float] = []
    seconds, began = 0.0, perf_counter()
    steps = as_divergence(_to_the_end(experiment, task, counted))
    remarks: tuple[str, ...] = ()
    try:
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                w, remarks = stop.value
                break
            if progress.phase == "training":
                curve.append(progress.loss)
            seconds += perf_counter() - began
            yield progress
            began = perf_counter()
        objective = float(problem.oracle.objective_value(w))
        measures = task.measure(w, hyperparameters, key)
    except DivergedError:
        objective, measures = np.inf, None
    seconds += perf_counter() - began
    full = np.full(experiment.training.iterations, np.nan)
    full[: len(curve)] = curve
    if not np.isfinite(objective):
        objective, measures = np.inf, None
    cost = Cost(**counting.counts, seconds=seconds)
    end = w if warm is not None and measures is not None else None
    return Outcome(objective, measures, full, cost, remarks, end)


def _to_the_end(
    experiment: Experiment, task: Task, problem: Problem
) -> Generator[Progress, None, tuple[Floats, tuple[str, ...]]]:
    """Train, or minimise; (P,) where that ends, and what to know of it."""
    method: Any = make_method(experiment.method, experiment.hypergradient, task.epoch)
    if trains(method):
        return (yield from train(problem, exactly="reversible" in method.needs)), ()
    if getattr(method, "minimise_to", None) is not None:
        found = yield from minimise(problem, method.average, method.minimise_to)
        return found.w, found.remarks
    return (yield from method.run(problem)).w_final, ()  # it finds the end without training
