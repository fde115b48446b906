"""Hypergradients by exact reversal: Algorithm 2 of Maclaurin, Duvenaud and Adams (2015).

Training runs forwards in fixed point, its lost bits kept in the information buffer. Then it runs
backwards: each step is undone bit for bit, its gradient is evaluated again, and the adjoints of w,
v, α, γ and θ move back through it. Nothing of the trajectory is stored but the buffer.
"""

from collections.abc import Generator

import numpy as np

from engine.arithmetic.fixed_point import decay_numerators, to_fixed
from engine.arrays import Floats
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import (
    Gradient,
    Memory,
    Progress,
    Result,
    Steps,
    lyapunov_exponent,
)


def train(problem: Problem) -> Generator[Progress, None, tuple[MomentumSGD, Floats]]:
    """Train forwards only, reporting progress after every iteration.

    Returns:
        The state after training, ready to be undone, and the (T,) elementary learning curve.

    Raises:
        DivergedError: a value left ±2048 or was not finite.
    """
    rates, numerators = problem.learning_rates, decay_numerators(problem.decays)
    state = MomentumSGD(problem.w0, problem.v0, problem.groups, problem.team, problem.buffer_memory)
    learning_curve = np.full(problem.iterations, np.nan)
    for t in range(problem.iterations):
        learning_curve[t], gradient = problem.oracle.gradient(state.w, t)
        state.step(gradient, rates[t], numerators[t], t)
        yield Progress("training", t + 1, learning_curve[t], state.buffer_bytes)
    return state, learning_curve


def exact_reversal(problem: Problem) -> Steps:
    """Train, then train backwards, reporting progress after every iteration.

    Raises:
        DivergedError: a value left ±2048 or was not finite.
    """
    oracle, rates = problem.oracle, problem.learning_rates
    numerators = decay_numerators(problem.decays)
    state, learning_curve = yield from train(problem)
    w_final, v_final = state.w.copy(), state.v
    state.turn_round()
    buffer_bytes, file_bytes = state.buffer.nbytes, state.buffer.file_bytes
    validation_loss, dw, d_theta = oracle.objective(w_final)
    dw, d_theta = np.array(dw), np.array(d_theta)
    length_after = float(np.linalg.norm(dw))
    dv, direction = np.zeros_like(dw), np.empty_like(dw)
    d_rates, d_decays = np.empty_like(rates), np.empty_like(rates)
    adjoint_bytes = dw.nbytes + dv.nbytes + direction.nbytes + d_theta.nbytes

    for t in reversed(range(problem.iterations)):
        d_rates[t] = state.undo_position(rates[t], numerators[t], dw, dv, direction)
        gradient, product, theta_product = oracle.gradient_and_products(state.w, t, direction)
        d_decays[t] = state.undo_velocity(gradient, numerators[t], product, dw, dv)
        d_theta -= theta_product
        yield Progress("reversing", t, learning_curve[t], state.buffer_bytes)

    reversed_exactly = (
        np.array_equal(state.position, to_fixed(problem.w0))
        and np.array_equal(state.velocity, to_fixed(problem.v0))
        and state.buffer.is_empty
    )
    return Result(
        validation_loss=validation_loss,
        w_final=w_final,
        v_final=v_final,
        learning_curve=learning_curve,
        gradient=Gradient(dw, dv, d_rates, d_decays, d_theta),
        memory=Memory(
            buffer_bytes=buffer_bytes,
            working_bytes=state.working_bytes + adjoint_bytes,
            trajectory_bytes=problem.trajectory_bytes,
            entropy_bits=problem.entropy_bits,
            file_bytes=file_bytes,
        ),
        reversed_exactly=reversed_exactly,
        lyapunov_exponent=lyapunov_exponent(length_after, dw, dv, problem.iterations),
    )
