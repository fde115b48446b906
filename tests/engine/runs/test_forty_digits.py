"""Hypergradients at the solution against references of forty digits."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from forty_digits import Logistic, Ridge, exactly
from forty_digits import hypergradient as to_forty_digits

from engine.experiments.files import load_experiment, override
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import drain
from engine.methods import ImplicitCG, ImplicitCholesky
from engine.runs.layouts import make_layout
from engine.runs.replicates import training_problem
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask

RIDGE = {"data.train": "40", "data.validation": "25", "data.test": "10"}
RIDGE |= {"data.noise_inputs": "0", "hyperparameters.l2_penalties.initial": "0.03"}
LOGISTIC = {**RIDGE, "data.source": "moons", "model.kind": "softmax regression"}
LOGISTIC |= {"model.loss": "cross-entropy", "method": "implicit-cg"}
CASES = [(name, granularity) for name in ("ridge", "logistic") for granularity in ("one", "input")]


class Case(NamedTuple):
    """A training problem from zero, with the minimum and the hypergradient that are known."""

    problem: Problem
    minimum: np.ndarray
    hypergradient: np.ndarray


@cache
def case(name: str, granularity: str) -> Case:
    changes = {"ridge": RIDGE, "logistic": LOGISTIC}[name]
    changes = {**changes, "hyperparameters.l2_penalties.granularity": granularity}
    experiment = override(load_experiment("inputs-pruned"), changes)
    task = make_task(experiment)
    assert isinstance(task, NetworkTask)
    layout = make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    own = np.array(values["l2_penalties"]) * np.linspace(0.5, 2.0, len(values["l2_penalties"]))
    problem, _ = training_problem(task, experiment, (0, 0, 0), values.replace(l2_penalties=own))
    assert not problem.start[0].any()
    train, validation = task.split.train, task.split.validation
    made: Callable[[Any], Any]
    made = (
        (lambda part: Ridge(exactly(part.inputs), exactly(part.targets)))
        if name == "ridge"
        else (lambda part: Logistic(exactly(part.inputs), part.targets.tolist()))
    )
    reference, judged = made(train), made(validation)
    units, features = task.network.sizes[1], task.dataset.features

    def spread(penalties: Any) -> Any:
        if granularity == "one":
            return penalties * (units * (features + 1))
        return [one for one in penalties for _ in range(units)] + [0 * penalties[0]] * units

    exact = exactly(own)
    start = reference.minimum(spread(exact))

    def minimum(penalties: Any) -> Any:
        return reference.minimum(penalties, start)

    found = to_forty_digits(minimum, judged.loss, spread, exact)
    return Case(problem, np.array(start, np.float64), np.array(found, np.float64))


def error_of(method: Any, problem: Problem, wanted: np.ndarray) -> float:
    found = drain(method.run(problem)).gradient.theta
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


@pytest.mark.parametrize(("name", "granularity"), CASES)
def test_conjugate_gradients_are_right_from_the_solution_and_from_zero(
    name: str, granularity: str
) -> None:
    problem, minimum, wanted = case(name, granularity)
    at_it = replace(problem, warm=minimum)
    assert error_of(ImplicitCG(tolerance=1e-12, minimise_to=1e-10), at_it, wanted) <= 1e-8
    assert error_of(ImplicitCG(minimise_to=1e-8), problem, wanted) <= 1e-5


@pytest.mark.parametrize("granularity", ["one", "input"])
def test_cholesky_is_right_on_a_quadratic_loss_wherever_it_starts(granularity: str) -> None:
    problem, minimum, wanted = case("ridge", granularity)
    assert error_of(ImplicitCholesky(), problem, wanted) <= 1e-8
    assert error_of(ImplicitCholesky(), replace(problem, start=(minimum,)), wanted) <= 1e-8


def test_cholesky_is_right_on_another_convex_loss_from_the_solution() -> None:
    problem, minimum, wanted = case("logistic", "one")
    assert error_of(ImplicitCholesky(), replace(problem, start=(minimum,)), wanted) <= 1e-8


def test_from_zero_the_error_falls_with_the_tolerance_of_the_minimiser() -> None:
    problem, _, wanted = case("logistic", "input")
    errors = [error_of(ImplicitCG(minimise_to=10.0**-n), problem, wanted) for n in (1, 3, 5, 7)]
    assert all(finer < coarser for coarser, finer in pairwise(errors))
