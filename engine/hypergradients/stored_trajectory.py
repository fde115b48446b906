"""Hypergradients by plain reverse mode: store w and v of every iteration, then walk back.

The method that exact reversal is measured against (Franceschi et al. 2017 call it Reverse-HG).
Training runs in float64, with the same rounded decays as the exact arithmetic.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from engine.arithmetic.fixed_point import LARGEST_VALUE
from engine.arrays import Floats
from engine.errors import DivergedError
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import (
    Gradient,
    Memory,
    Progress,
    Result,
    Steps,
    lyapunov_exponent,
)


class Trajectory(NamedTuple):
    """A training run in float64.

    Attributes:
        w, v: (T + 1, P) elementary parameters and velocity before each iteration and at the end.
        learning_curve: (T,) training loss at each iteration's start.
    """

    w: Floats
    v: Floats
    learning_curve: Floats


def train(problem: Problem) -> Generator[Progress, None, Trajectory]:
    """Train in float64, keeping w and v of every iteration.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    iterations, size = problem.iterations, problem.w0.size
    w, v = np.empty((iterations + 1, size)), np.empty((iterations + 1, size))
    learning_curve = np.full(iterations, np.nan)
    w[0], v[0] = problem.w0, problem.v0
    _check(problem, w[0], v[0], w[0], 0)
    for t in range(iterations):
        learning_curve[t], gradient = problem.oracle.gradient(w[t], t)
        decay = _spread(problem, problem.decays[t])
        with np.errstate(over="ignore", invalid="ignore"):  # the check below says it better
            v[t + 1] = decay * v[t] - (1 - decay) * gradient
            w[t + 1] = w[t] + _spread(problem, problem.learning_rates[t]) * v[t + 1]
        _check(problem, w[t + 1], v[t + 1], gradient, t)
        yield Progress("training", t + 1, learning_curve[t], 0)
    return Trajectory(w, v, learning_curve)


def stored_trajectory(problem: Problem) -> Steps:
    """Train, then go back through the stored trajectory, reporting progress on the way.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    oracle = problem.oracle
    trajectory = yield from train(problem)
    w, v = trajectory.w, trajectory.v
    validation_loss, dw, d_theta = oracle.objective(w[-1])
    dw, d_theta, dv = np.array(dw), np.array(d_theta), np.zeros_like(problem.w0)
    length_after = float(np.linalg.norm(dw))
    d_rates = np.empty_like(problem.learning_rates)
    d_decays = np.empty_like(problem.decays)
    for t in reversed(range(problem.iterations)):
        decay = _spread(problem, problem.decays[t])
        d_rates[t] = _sum_by_group(problem, dw * v[t + 1])
        dv += _spread(problem, problem.learning_rates[t]) * dw
        gradient, product, theta_product = oracle.gradient_and_products(w[t], t, (1 - decay) * dv)
        d_decays[t] = _sum_by_group(problem, dv * (v[t] + gradient))
        dw -= product
        d_theta -= theta_product
        dv *= decay
        yield Progress("reversing", t, trajectory.learning_curve[t], 0)

    return Result(
        validation_loss=validation_loss,
        w_final=w[-1].copy(),
        v_final=v[-1].copy(),
        learning_curve=trajectory.learning_curve,
        gradient=Gradient(dw, dv, d_rates, d_decays, d_theta),
        memory=Memory(
            buffer_bytes=0,
            working_bytes=w[-1].nbytes + v[-1].nbytes + dw.nbytes + dv.nbytes + d_theta.nbytes,
            trajectory_bytes=problem.trajectory_bytes,
            entropy_bits=problem.entropy_bits,
        ),
        reversed_exactly=np.array_equal(w[0], problem.w0) and np.array_equal(v[0], problem.v0),
        lyapunov_exponent=lyapunov_exponent(length_after, dw, dv, problem.iterations),
    )


def _spread(problem: Problem, per_group: Floats) -> Floats:
    """(G,) values, one a group → (P,) values, one a parameter."""
    spread = np.empty(problem.w0.size)
    for group, value in zip(problem.groups, per_group, strict=True):
        spread[group.span] = value
    return spread


def _sum_by_group(problem: Problem, values: Floats) -> Floats:
    return np.array([values[group.span].sum() for group in problem.groups])


def _check(problem: Problem, w: Floats, v: Floats, gradient: Floats, t: int) -> None:
    checks = (
        (gradient, np.inf, "the gradient is not finite"),
        (v, LARGEST_VALUE, f"the velocity leaves ±{LARGEST_VALUE:g}"),
        (w, LARGEST_VALUE, f"the parameters leave ±{LARGEST_VALUE:g}"),
    )
    for group in problem.groups:
        for values, limit, reason in checks:
            if not np.all(np.abs(values[group.span]) < limit):
                raise DivergedError(t, group.name, reason)
