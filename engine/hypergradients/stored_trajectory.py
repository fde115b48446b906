"""Hypergradients by plain reverse mode: store the state of every iteration, then walk back.

The method that exact reversal is measured against (Franceschi et al. 2017 call it Reverse-HG).
Training runs in float64, with the same rounded decays as the exact arithmetic.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from engine.dynamics.dynamics import sum_by_group
from engine.hypergradients.method import Need
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import (
    Gradient,
    Memory,
    Progress,
    Result,
    Steps,
    lyapunov_exponent,
)
from engine.hypergradients.training import schedules_at, train_in_floats
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class StoredTrajectory:
    """Keep every state of training; see `engine.hypergradients.method.Method`."""

    name: ClassVar[str] = "stored-trajectory"
    title: ClassVar[str] = "Stored trajectory"
    needs: ClassVar[frozenset[Need]] = frozenset()
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "start", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "reversing")
    tolerance: ClassVar[float | None] = 1e-9

    def run(self, problem: Problem) -> Steps:
        """Train, then go back through the stored trajectory, with progress on the way.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
        """
        oracle, dynamics = problem.oracle, problem.dynamics
        states, learning_curve = yield from train_in_floats(problem)
        final = states[-1]
        validation_loss, by_w, by_theta = oracle.objective(final[0])
        theta = np.array(by_theta)
        adjoint = (np.array(by_w), *(np.zeros_like(slot) for slot in final[1:]))
        length_after = float(np.linalg.norm(by_w))
        schedules = {kind: np.empty_like(full) for kind, full in problem.schedules.items()}
        for t in reversed(range(problem.iterations)):
            after, before = states.pop(), states[-1]  # what has been used is let go
            differentiate = partial(oracle.gradient_and_products, before[0], t)
            with np.errstate(over="ignore", invalid="ignore"):  # whoever uses the result looks
                adjoint, by_schedules, more_theta = dynamics.pull_back(
                    before, after, schedules_at(problem, t), adjoint, differentiate
                )
            for kind, by_parameter in by_schedules.items():
                schedules[kind][t] = sum_by_group(by_parameter, problem.groups)
            theta += more_theta
            yield Progress("reversing", t, learning_curve[t], 0)

        held = (*final, *adjoint, theta)
        return Result(
            validation_loss=validation_loss,
            w_final=final[0],
            v_final=final[1] if len(final) > 1 else None,
            learning_curve=learning_curve,
            gradient=Gradient(adjoint, schedules, theta),
            memory=Memory(
                buffer_bytes=0,
                working_bytes=sum(array.nbytes for array in held),
                trajectory_bytes=problem.trajectory_bytes,
                entropy_bits=problem.entropy_bits,
            ),
            reversed_exactly=None,
            lyapunov_exponent=lyapunov_exponent(length_after, adjoint, problem.iterations),
        )
