"""What a meta-iteration's training runs come to together: the objective, and how it was found."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.experiment import Experiment, Meta
from engine.experiments.measures import Measures
from engine.experiments.tasks import task_of
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.result import Memory, Solution
from engine.hyperparameters.values import Hyperparameters
from engine.runs.replicates import Replicate, steps_of
from engine.search.walk import Found
from engine.tasks.task import Task


def solved_together(solutions: Sequence[Solution | None]) -> Solution | None:
    """Of several seeds: what they took in all, the worst that is to be said, and means of losses.

    None if a method has no linear system to solve.
    """
    every = [one for one in solutions if one is not None]
    if not every:
        return None
    return Solution(
        gradient_norm=max(one.gradient_norm for one in every),
        stationarity=max(one.stationarity for one in every),
        residual=max(one.residual for one in every),
        rounds=sum(one.rounds for one in every),
        lowest_curvature=min(one.lowest_curvature for one in every),
        iterations=sum(one.iterations for one in every),
        at_minimum=float(np.mean([one.at_minimum for one in every])),
    )


def found_by(
    replicates: Sequence[Replicate],
    vector: Floats,
    gradient: Floats,
    values: Hyperparameters,
    meta: Meta,
) -> Found:
    """What a meta-iteration found, averaged over its seeds.

    Args:
        replicates: its training runs.
        vector: (N,) the coordinates of what was free.
        gradient: (N,) the hypergradient by them.
        values: what training used.
        meta: says what is added to the objective.
    """
    objective = objective_of(replicates, values, meta)
    solution = solved_together([one.solution for one in replicates])
    at_minimum = objective
    if solution is not None:
        at_minimum = solution.at_minimum + penalty_of(values, meta)
    return Found(vector, objective, at_minimum, gradient)


def objective_of(replicates: Sequence[Replicate], values: Hyperparameters, meta: Meta) -> float:
    """What the hypergradient is of, averaged over the seeds, with what is added to it."""
    return float(np.mean([one.objective for one in replicates])) + penalty_of(values, meta)


def with_penalty(gradient: Hyperparameters, values: Hyperparameters, meta: Meta) -> Hyperparameters:
    """The gradient of the objective and of what is added to it."""
    weight = meta.penalty
    if not weight:
        return gradient
    by_penalty = gradient["l2_penalties"] + 2 * weight * values["l2_penalties"]
    return gradient.replace(l2_penalties=by_penalty)


def penalty_of(values: Hyperparameters, meta: Meta) -> float:
    """C Σ λ² of the penalties."""
    weight = meta.penalty
    return weight * float(np.sum(values["l2_penalties"] ** 2)) if weight else 0.0


def known_of_nothing(experiment: Experiment, task: Task, values: Hyperparameters) -> Replicate:
    """What stands in a sweep where training with these hyperparameters diverged."""
    iterations = experiment.training.iterations
    measures = task_of(experiment).measures(experiment)
    slots = len(DYNAMICS[experiment.training.dynamics].slots)
    nowhere = {kind: np.full(array.shape, np.nan) for kind, array in values.items()}
    return Replicate(
        Hyperparameters(nowhere),
        Measures({measure.name: np.nan for measure in measures}),
        Memory(0, 0, 8 * slots * task.size * iterations, 0.0),
        reversed_exactly=True if "reversible" in METHODS[experiment.method].needs else None,
        learning_curve=np.full(iterations, np.nan),
        buffer_curve=np.zeros(steps_of(experiment) + 1, np.int64),
        lyapunov_exponent=np.inf,
    )
