"""Hypergradients by plain reverse mode: store w and v of every iteration, then walk back.

The method that exact reversal is measured against (Franceschi et al. 2017 call it Reverse-HG).
Training runs in float64, with the same rounded decays as the exact arithmetic.
"""

import numpy as np

from engine.errors import DivergedError
from engine.exact import LARGEST_VALUE, Floats
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Memory, Progress, Result, Steps


def stored_trajectory(problem: Problem) -> Steps:
    """Train in float64, keeping w and v of every iteration, then go back through them.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    oracle = problem.oracle
    sizes = [group.size for group in problem.groups]
    order = np.argsort([group.start for group in problem.groups], kind="stable")
    iterations, size = problem.iterations, problem.w0.size

    def spread(per_group: Floats) -> Floats:
        return np.repeat(per_group[order], np.array(sizes)[order])

    trajectory_w = np.empty((iterations, size))
    trajectory_v = np.empty((iterations, size))
    learning_curve = np.full(iterations, np.nan)
    w, v = problem.w0.copy(), problem.v0.copy()
    _check(problem, w, v, w, 0)
    for t in range(iterations):
        trajectory_w[t], trajectory_v[t] = w, v
        learning_curve[t], gradient = oracle.gradient(w, t)
        decay = spread(problem.decays[t])
        v = decay * v - (1 - decay) * gradient
        w = w + spread(problem.learning_rates[t]) * v
        _check(problem, w, v, gradient, t)
        yield Progress("training", t + 1, learning_curve[t], 0)

    w_final, v_final = w, v
    validation_loss, dw, d_theta = oracle.objective(w_final)
    dw, d_theta, dv = np.array(dw), np.array(d_theta), np.zeros(size)
    d_rates = np.empty_like(problem.learning_rates)
    d_decays = np.empty_like(problem.decays)
    for t in reversed(range(iterations)):
        decay, rate = spread(problem.decays[t]), spread(problem.learning_rates[t])
        v_after = trajectory_v[t + 1] if t + 1 < iterations else v_final
        rate_terms = dw * v_after
        dv += rate * dw
        gradient, product, theta_product = oracle.gradient_and_products(
            trajectory_w[t], t, (1 - decay) * dv
        )
        decay_terms = dv * (trajectory_v[t] + gradient)
        for index, group in enumerate(problem.groups):
            d_rates[t, index] = rate_terms[group.span].sum()
            d_decays[t, index] = decay_terms[group.span].sum()
        dw -= product
        d_theta -= theta_product
        dv *= decay
        yield Progress("reversing", t, learning_curve[t], 0)

    return Result(
        validation_loss=validation_loss,
        w_final=w_final,
        v_final=v_final,
        learning_curve=learning_curve,
        gradient=Gradient(dw, dv, d_rates, d_decays, d_theta),
        memory=Memory(
            buffer_bytes=0,
            working_bytes=2 * w.nbytes + dw.nbytes + dv.nbytes + d_theta.nbytes,
            trajectory_bytes=trajectory_w.nbytes + trajectory_v.nbytes,
            entropy_bits=problem.entropy_bits,
        ),
        reversed_exactly=bool(
            iterations == 0
            or (
                np.array_equal(trajectory_w[0], problem.w0)
                and np.array_equal(trajectory_v[0], problem.v0)
            )
        ),
    )


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
