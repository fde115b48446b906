"""Is the hypergradient right? Against finite differences, and method against method."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.arithmetic.fixed_point import round_decays
from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hypergradients import METHODS, Problem, drain
from engine.hypergradients.stored_trajectory import train
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import generator
from engine.runs.replicates import by_hyperparameters, training_problem
from engine.runs.run import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

FINITE_DIFFERENCE_TOLERANCE = 1e-5
METHOD_TOLERANCE = 1e-9
_STEP = 1e-5


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes:
        what: the two things compared.
        kind: the hyperparameters, as people call them.
        found: the hypergradient, along a random direction; or its largest entry.
        expected: what the other way of computing it gives.
        difference: between the two, relative to the larger.
        passed: whether the difference is within the tolerance.
    """

    what: str
    kind: str
    found: float
    expected: float
    difference: float
    passed: bool


def check(experiment: Experiment) -> Iterator[Check]:
    """Check the hypergradient of an experiment's first training run.

    Finite differences are central ones of training in float64, along a random direction for each
    kind of hyperparameter.

    Raises:
        InputError: the experiment does not fit its data.
        DivergedError: training diverges.
    """
    task = make_task(experiment)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    values = replace(values, decays=round_decays(values.decays))
    key = (experiment.meta.seed, 0, 0)
    problem, noise = training_problem(task, key, values)
    results = {name: drain(method(problem)) for name, method in METHODS.items()}
    gradients = {
        name: by_hyperparameters(problem, result, noise, values).arrays()
        for name, result in results.items()
    }
    main = experiment.method
    for number, (kind, gradient) in enumerate(gradients[main].items()):
        if not gradient.size:
            continue
        direction = generator(experiment.meta.seed, number).standard_normal(gradient.shape)
        direction *= np.abs(values.arrays()[kind]) + 1e-3
        losses = []
        for sign in (1, -1):
            moved = replace(values, **{kind: values.arrays()[kind] + sign * _STEP * direction})
            losses.append(_objective_after_training(task, key, moved))
        yield _compare(
            f"{main} against finite differences",
            KINDS[kind].title,
            float(np.sum(gradient * direction)),
            (losses[0] - losses[1]) / (2 * _STEP),
            FINITE_DIFFERENCE_TOLERANCE,
        )
    for other in METHODS:
        if other == main:
            continue
        for kind, gradient in gradients[main].items():
            if gradient.size:
                yield _compare_arrays(
                    f"{main} against {other}",
                    KINDS[kind].title,
                    gradient,
                    gradients[other][kind],
                )


def _objective_after_training(task: Task, key: tuple[int, ...], values: Hyperparameters) -> float:
    in_range = replace(values, decays=np.clip(values.decays, 2.0**-16, 1.0))
    problem, _ = training_problem(task, key, in_range)
    exact: Problem = replace(problem, decays=values.decays)
    steps = train(exact)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return exact.oracle.objective_value(stop.value.w[-1])


def _compare(what: str, kind: str, found: float, expected: float, tolerance: float) -> Check:
    larger = max(abs(found), abs(expected))
    difference = abs(found - expected) / larger if larger else 0.0
    return Check(what, kind, found, expected, difference, difference <= tolerance)


def _compare_arrays(what: str, kind: str, found: Floats, expected: Floats) -> Check:
    worst = np.unravel_index(np.argmax(np.abs(found - expected)), found.shape)
    larger = float(max(np.abs(found).max(), np.abs(expected).max()))
    difference = float(np.abs(found - expected).max()) / larger if larger else 0.0
    return Check(
        what,
        kind,
        float(found[worst]),
        float(expected[worst]),
        difference,
        difference <= METHOD_TOLERANCE,
    )
