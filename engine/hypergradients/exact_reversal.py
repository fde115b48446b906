"""Hypergradients by exact reversal: Algorithm 2 of Maclaurin, Duvenaud and Adams (2015).

Training runs forwards in exact arithmetic, its lost bits kept in the information buffer. Then it
runs backwards: each step is undone bit for bit, its gradient is evaluated again, and the adjoints
of the state, the schedules and θ move back through it. Nothing of the trajectory is stored but the
buffer.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.dynamics.dynamics import Adjoint, State
from engine.dynamics.stretches import undo_steps
from engine.hypergradients.method import Need
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import (
    Gradient,
    Memory,
    Result,
    Steps,
    lyapunov_exponent,
    told_together,
)
from engine.hypergradients.training import state_bytes, train_exactly
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class ExactReversal:
    """Undo training bit for bit; see `engine.hypergradients.method.Method`."""

    name: ClassVar[str] = "exact-reversal"
    title: ClassVar[str] = "Exact reversal"
    needs: ClassVar[frozenset[Need]] = frozenset({"reversible"})
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "start", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "reversing")
    agrees_within: ClassVar[float | None] = 1e-9

    def run(self, problem: Problem) -> Steps:
        """Train, then train backwards, with progress after every iteration, or several quick ones.

        Raises:
            DivergedError: a value left ±2048 or was not finite.
        """
        training, learning_curve = yield from train_exactly(problem)
        final = training.state
        training.turn_round()
        buffer_bytes, file_bytes = training.kept_bytes, training.file_bytes
        validation_loss, adjoint = _at_the_end(problem, final)
        length_after = float(np.linalg.norm(adjoint.state[0]))

        t = problem.iterations
        while t > 0:
            left_bytes = undo_steps(training, problem.oracle, t - 1, adjoint)
            undone = slice(t - len(left_bytes), t)
            t = undone.start
            yield told_together("reversing", t, learning_curve[undone][::-1], left_bytes)

        return Result(
            validation_loss=validation_loss,
            w_final=final[0],
            v_final=final[1] if len(final) > 1 else None,
            learning_curve=learning_curve,
            gradient=Gradient(adjoint.state, adjoint.schedules, adjoint.theta),
            memory=Memory(
                buffer_bytes=buffer_bytes,
                # The start, the end, the adjoint, and what training is done with.
                working_bytes=3 * state_bytes(problem)
                + training.working_bytes
                + 2 * adjoint.theta.nbytes,
                trajectory_bytes=problem.trajectory_bytes,
                entropy_bits=problem.entropy_bits,
                file_bytes=file_bytes,
            ),
            reversed_exactly=training.is_at(problem.start),
            lyapunov_exponent=lyapunov_exponent(length_after, adjoint.state, problem.iterations),
        )


def _at_the_end(problem: Problem, final: State) -> tuple[float, Adjoint]:
    """The objective at the end of training, and its derivatives there."""
    value, by_w, by_theta = problem.oracle.objective(final[0])
    state = (np.array(by_w), *(np.zeros_like(slot) for slot in final[1:]))
    schedules = {kind: np.empty_like(full) for kind, full in problem.schedules.items()}
    return value, Adjoint(state, schedules, np.array(by_theta))
