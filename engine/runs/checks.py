"""Is the hypergradient right? Against finite differences, and method against method."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import MethodOptions, make_method
from engine.hypergradients.catalogue import METHODS, misfit
from engine.hypergradients.result import drain
from engine.hypergradients.training import train_in_floats
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import generator
from engine.runs.replicates import by_hyperparameters, training_problem
from engine.runs.run import make_layout
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

FINITE_DIFFERENCE_TOLERANCE = 1e-5
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
    kind of hyperparameter. The other methods that fit are held to the tolerance that they claim.

    Raises:
        InputError: the experiment does not fit its data.
        DivergedError: training diverges.
    """
    task = make_task(experiment)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    dynamics = DYNAMICS[experiment.training.dynamics]
    values = values.replace(**dynamics.usable({kind: values[kind] for kind in dynamics.schedules}))
    key = (experiment.meta.seed, 0, 0)
    problem, noise = training_problem(task, experiment, key, values)

    def gradient_by(method: str) -> Hyperparameters:
        options = experiment.hypergradient if method == experiment.method else MethodOptions()
        result = drain(make_method(method, options, task.epoch).run(problem))
        return by_hyperparameters(problem, result, noise, values)

    main = experiment.method
    gradient = gradient_by(main)
    for number, name in enumerate(KINDS):
        if name not in gradient:
            continue
        found = gradient[name]
        own = generator(experiment.meta.seed, number).standard_normal(found.shape)
        own *= (np.abs(values[name]) if found.shape == values[name].shape else 1.0) + 1e-3
        direction = own if found.shape == values[name].shape else layout.spread(name, own)
        losses = [
            _objective_after_training(
                task,
                experiment,
                key,
                values.replace(**{name: values[name] + sign * _STEP * direction}),
            )
            for sign in (1, -1)
        ]
        yield _compare(
            f"{main} against finite differences",
            KINDS[name].plural,
            float(np.sum(found * own)),
            (losses[0] - losses[1]) / (2 * _STEP),
            FINITE_DIFFERENCE_TOLERANCE,
        )
    for other, method in METHODS.items():
        if other != main and method.agrees_within is not None and not misfit(method(), dynamics):
            yield from _compare_methods(
                main, gradient, other, gradient_by(other), method.agrees_within, layout
            )


def _objective_after_training(
    task: Task, experiment: Experiment, key: tuple[int, ...], values: Hyperparameters
) -> float:
    """The objective after training in float64, where nothing is rounded or kept in its range."""
    schedules = DYNAMICS[experiment.training.dynamics].schedules
    in_range = {
        kind: np.clip(values[kind], KINDS[kind].low, KINDS[kind].high) for kind in schedules
    }
    problem, _ = training_problem(task, experiment, key, values.replace(**in_range))
    as_given = replace(problem, schedules={kind: values[kind] for kind in schedules})
    steps = train_in_floats(as_given, keep=1)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            [(w, *_)], _ = stop.value
            return problem.oracle.objective_value(w)


def _compare_methods(
    main: str,
    gradient: Mapping[str, Floats],
    other: str,
    expected: Mapping[str, Floats],
    tolerance: float,
    layout: Layout,
) -> Iterator[Check]:
    """Two methods, for each kind that both give; as finely as the coarser of them."""
    for kind in gradient:
        if kind in expected:
            found, wanted = gradient[kind], expected[kind]
            if found.shape != wanted.shape:
                found, wanted = layout.own(kind, found), layout.own(kind, wanted)
            name = f"{main} against {other}"
            yield _compare_arrays(name, KINDS[kind].plural, found, wanted, tolerance)


def _compare(what: str, kind: str, found: float, expected: float, tolerance: float) -> Check:
    larger = max(abs(found), abs(expected))
    difference = abs(found - expected) / larger if larger else 0.0
    return Check(what, kind, found, expected, difference, difference <= tolerance)


def _compare_arrays(
    what: str, kind: str, found: Floats, expected: Floats, tolerance: float
) -> Check:
    worst = np.unravel_index(np.argmax(np.abs(found - expected)), found.shape)
    larger = float(max(np.abs(found).max(), np.abs(expected).max()))
    difference = float(np.abs(found - expected).max()) / larger if larger else 0.0
    return Check(
        what,
        kind,
        float(found[worst]),
        float(expected[worst]),
        difference,
        difference <= tolerance,
    )
