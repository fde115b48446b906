"""One trial of a search: training runs, forwards only, and what the objective is after them."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, Final, NamedTuple

import numpy as np

from engine.arrays import Floats, Integers
from engine.errors import DivergedError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.method_options import make_method
from engine.hypergradients.counting import CountingOracle
from engine.hypergradients.method import trains
from engine.hypergradients.minimiser import minimise
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Cost, Progress
from engine.hypergradients.training import Look, train
from engine.hyperparameters.values import Hyperparameters
from engine.runs.blow_ups import as_divergence
from engine.runs.held_against import Heard, HeldAgainst, TrialWatch
from engine.runs.predictions import Prediction
from engine.runs.replicates import Key, training_problem
from engine.tasks.task import Task

NOWHERE: Final[Integers] = np.zeros(0, np.int64)
NOTHING: Final[Floats] = np.zeros(0)


class Outcome(NamedTuple):
    """What one training run of a trial came to.

    Attributes:
        objective: the loss that a hypergradient would be of; infinite where training diverged.
        measures: of the trained parameters; None where training diverged.
        learning_curve: (T,) training loss at each iteration's start; NaN where there is none.
        cost: what it evaluated.
        remarks: what to know of it.
        end: (P,) the minimum where L-BFGS arrived, if that was asked for.
        prediction: of one that was stopped, which has no objective and no measures; else None.
        judged_at: (n,) the training iterations at which its curve on the validation part was
            measured; nowhere if nothing may be stopped.
        judged: (n,) that curve, as far as training went.
    """

    objective: float
    measures: Measures | None
    learning_curve: Floats
    cost: Cost
    remarks: tuple[str, ...] = ()
    end: Floats | None = None
    prediction: Prediction | None = None
    judged_at: Integers = NOWHERE
    judged: Floats = NOTHING


def try_each(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    held: HeldAgainst,
    heard: Heard | None = None,
) -> Generator[Progress, None, list[Outcome]]:
    """A job: train with every seed in turn, until one is stopped.

    Args:
        task: what to train.
        experiment: whose trial it is.
        key: of the first seed.
        hyperparameters: of the trial.
        team: threads that may share the work.
        held: what the trial has to beat.
        heard: asks somebody whether to stop; None: nobody is asked.

    Returns:
        What each seed came to; those after one that was stopped are not trained.
    """
    outcomes: list[Outcome] = []
    before: list[float] = []
    for replicate in range(experiment.meta.seeds):
        own = *key[:-1], replicate
        outcome = yield from try_out(
            task, experiment, own, hyperparameters, team, held=held, before=before, heard=heard
        )
        outcomes.append(outcome)
        if outcome.prediction is not None or not np.isfinite(outcome.objective):
            break
        before.append(float(outcome.judged[-1]))
    return outcomes


def try_out(
    task: Task,
    experiment: Experiment,
    key: Key,
    hyperparameters: Hyperparameters,
    team: int = 1,
    *,
    warm: Sequence[Floats] | None = None,
    held: HeldAgainst | None = None,
    before: Sequence[float] = (),
    heard: Heard | None = None,
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
        held: what its trial has to beat: its curve on the validation part is measured meanwhile,
            and it may be stopped; None: it goes to its end.
        before: what the trial's seeds before it came to.
        heard: asks somebody whether to stop; None: nobody is asked.
    """
    problem, _ = training_problem(task, experiment, key, hyperparameters, team)
    if warm:
        problem = replace(problem, warm=warm[key[-1]])
    counting = CountingOracle(problem.oracle)
    counted = replace(problem, oracle=counting)
    watch = None
    if held is not None:
        watch = TrialWatch(experiment, task, problem, key, hyperparameters, held, before, heard)
    curve: list[float] = []
    seconds, began = 0.0, perf_counter()
    steps = as_divergence(_to_the_end(experiment, task, counted, watch))
    remarks: tuple[str, ...] = ()
    prediction, objective, measures = None, np.inf, None
    try:
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                w, remarks = stop.value
                break
            if progress.phase == "training":
                curve.extend(progress.losses)
            seconds += perf_counter() - began
            yield progress
            began = perf_counter()
            if watch is not None and (prediction := watch.prediction) is not None:
                steps.close()
                break
        if prediction is None:
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
    if watch is None:
        return Outcome(objective, measures, full, cost, remarks, end)
    judged = np.array(watch.values)
    return Outcome(
        objective,
        measures,
        full,
        replace(cost, judgements=watch.gradients),
        remarks,
        end,
        prediction,
        watch.places[: len(judged)],
        judged,
    )


def _to_the_end(
    experiment: Experiment, task: Task, problem: Problem, watch: TrialWatch | None
) -> Generator[Progress, None, tuple[Floats, tuple[str, ...]]]:
    """Train, or minimise; (P,) where that ends, and what to know of it."""
    method: Any = make_method(experiment.method, experiment.hypergradient, task.epoch)
    if trains(method):
        exactly, look = (
            "reversible" in method.needs,
            Look(watch.look, watch.places) if watch else None,
        )
        return (yield from train(problem, exactly=exactly, look=look)), ()
    if getattr(method, "minimise_to", None) is not None:
        found = yield from minimise(problem, method.average, method.minimise_to)
        return found.w, found.remarks
    return (yield from method.run(problem)).w_final, ()  # it finds the end without training
