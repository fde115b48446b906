"""Implicit hypergradients of series and of kernel ridge, against references in eighty digits."""

from decimal import Decimal

import numpy as np
import pytest
from decimal_differences import Numbers, derivatives, exact, solve
from series_for_tests import kernel_task, series_task

from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.hypergradients.implicit_cg import ImplicitCG
from engine.hypergradients.implicit_cholesky import ImplicitCholesky
from engine.hypergradients.method import Method
from engine.hypergradients.problem import make_problem
from engine.hypergradients.result import drain
from engine.hyperparameters.values import Hyperparameters
from engine.tasks.kernel_ridge import KernelRidgeTask
from engine.tasks.series import SeriesTask

LAGS = {"series.lags": "1", "series.trend": "true"}
FORMS = {"exponential": [6.0], "soft window": [7.0, 2.5]}


def by(method: Method, oracle: Oracle, start: Floats) -> Floats:
    """(M,) the hypergradient, beginning at some parameters."""
    schedules = {"learning_rates": np.zeros(1), "decays": np.ones(1)}
    found = drain(method.run(make_problem(oracle, start, schedules=schedules)))
    assert found.gradient.theta is not None
    return found.gradient.theta


def error_of_series(task: SeriesTask, theta: Numbers) -> Decimal:
    """The validation error of regressions with one penalty and weights on the past."""
    walk, (penalty, *past) = task.walk, theta
    inputs = [exact(row) for row in walk.inputs]
    targets = exact(walk.targets)
    total, size = Decimal(0), walk.features
    for at in range(len(targets) - walk.forecasts, len(targets) - walk.forecasts + task.validation):
        ages = [Decimal(at - s) for s in range(at)]
        if len(past) == 1:
            weights = [(-age / past[0]).exp() for age in ages]
        else:
            weights = [1 / (1 + ((age - past[0]) / past[1]).exp()) for age in ages]
        whole = sum(weights)
        matrix = [
            [
                sum((p * inputs[s][i] * inputs[s][j] for s, p in enumerate(weights)), Decimal(0))
                / whole
                + penalty * (i == j)
                for j in range(size)
            ]
            for i in range(size)
        ]
        right = [
            sum((p * inputs[s][i] * targets[s] for s, p in enumerate(weights)), Decimal(0)) / whole
            for i in range(size)
        ]
        forecast = sum(
            (a * x for a, x in zip(solve(matrix, right), inputs[at], strict=True)), Decimal(0)
        )
        total += (forecast - targets[at]) ** 2
    return total / task.validation


def error_of_kernel_ridge(task: KernelRidgeTask, theta: Numbers) -> Decimal:
    """The validation error of kernel ridge with one penalty and a width."""
    penalty, width = theta
    train, judged = task.split.train, task.split.validation

    def kernel(one: Floats, other: Floats) -> Decimal:
        squares = sum(
            ((a - b) ** 2 for a, b in zip(exact(one), exact(other), strict=True)), Decimal(0)
        )
        return (-squares / (2 * width**2)).exp()

    size = len(train.targets)
    matrix = [
        [kernel(one, other) + 2 * size * penalty * (i == j) for j, other in enumerate(train.inputs)]
        for i, one in enumerate(train.inputs)
    ]
    coefficients = solve(matrix, exact(train.targets))
    total = Decimal(0)
    for place, target in zip(judged.inputs, exact(judged.targets), strict=True):
        predicted = sum(
            (c * kernel(place, at) for c, at in zip(coefficients, train.inputs, strict=True)),
            Decimal(0),
        )
        total += (predicted - target) ** 2
    return total / len(judged.targets)


def cases() -> dict[str, tuple[Oracle, Floats]]:
    """By name: an oracle, and what its hypergradient is, right to far more than 16 digits."""
    found = {}
    for form, past in FORMS.items():
        task = series_task({"series.weights": form, **LAGS})
        theta = [0.02, *past]
        values = Hyperparameters(
            {"l2_penalties": np.array(theta[:1]), "past_weights": np.array(past)}
        )
        wanted = derivatives(lambda at, task=task: error_of_series(task, at), theta)
        found[f"series, {form}"] = task.oracle((), values), np.array(wanted)
    kernel, theta = kernel_task(), [0.01, 0.4]
    values = Hyperparameters(
        {"l2_penalties": np.array(theta[:1]), "kernel_widths": np.array(theta[1:])}
    )
    wanted = derivatives(lambda at: error_of_kernel_ridge(kernel, at), theta)
    found["kernel ridge"] = kernel.oracle((), values), np.array(wanted)
    return found


SIZES = {"series, exponential": 36, "series, soft window": 36, "kernel ridge": 12}
"""By name of the case: P."""


@pytest.fixture(scope="module")
def references() -> dict[str, tuple[Oracle, Floats]]:
    return cases()


def relative(found: Floats, wanted: Floats) -> float:
    return float(np.max(np.abs(found - wanted) / np.abs(wanted)))


@pytest.mark.parametrize("case", SIZES)
def test_from_the_exact_solution_they_agree_to_eight_digits(
    references: dict[str, tuple[Oracle, Floats]], case: str
) -> None:
    oracle, wanted = references[case]
    size, cholesky = SIZES[case], ImplicitCholesky()
    schedules = {"learning_rates": np.zeros(1), "decays": np.ones(1)}
    solved = drain(cholesky.run(make_problem(oracle, np.zeros(size), schedules=schedules)))
    assert relative(by(cholesky, oracle, np.zeros(size)), wanted) < 1e-8
    assert relative(by(ImplicitCG(tolerance=1e-13), oracle, solved.w_final), wanted) < 1e-8


@pytest.mark.parametrize("case", SIZES)
def test_from_zero_to_a_minimum_that_was_looked_for_they_agree_to_five(
    references: dict[str, tuple[Oracle, Floats]], case: str
) -> None:
    oracle, wanted = references[case]
    method = ImplicitCG(tolerance=1e-10, minimise_to=1e-9)
    assert relative(by(method, oracle, np.zeros(SIZES[case])), wanted) < 1e-5
