"""A toy method: store nothing, and train again from the start for every step back."""

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np

from engine.dynamics.dynamics import sum_by_group
from engine.hypergradients.result import Gradient, Memory, Progress, Result
from engine.hypergradients.training import schedules_at, train_in_floats


@dataclass(frozen=True)
class RetrainedTrajectory:
    name: ClassVar = "retrained-trajectory"
    title: ClassVar = "Retrained trajectory"
    needs: ClassVar = frozenset()
    gives: ClassVar = frozenset({"schedule", "start", "loss"})
    phases: ClassVar = ("training", "reversing")
    agrees_within: ClassVar = 1e-9

    def run(self, problem):
        [final], curve = yield from train_in_floats(problem, keep=1)
        value, by_w, by_theta = problem.oracle.objective(final[0])
        adjoint = (np.array(by_w), *(np.zeros_like(slot) for slot in final[1:]))
        theta = np.array(by_theta)
        schedules = {kind: np.empty_like(full) for kind, full in problem.schedules.items()}
        for t in reversed(range(problem.iterations)):
            before, after = self._around(problem, t)
            differentiate = partial(problem.oracle.gradient_and_products, before[0], t)
            adjoint, by_schedules, more_theta = problem.dynamics.pull_back(
                before, after, schedules_at(problem, t), adjoint, differentiate
            )
            for kind, values in by_schedules.items():
                schedules[kind][t] = sum_by_group(values, problem.groups)
            theta += more_theta
            yield Progress("reversing", t, curve[t], 0)
        return Result(
            value,
            final[0],
            final[1] if len(final) > 1 else None,
            curve,
            Gradient(adjoint, schedules, theta),
            Memory(0, 3 * final[0].nbytes, problem.trajectory_bytes, 0.0),
            None,
            float("nan"),
        )

    def _around(self, problem, t):
        """The states before and after iteration t."""
        shorter = {kind: full[: t + 1] for kind, full in problem.schedules.items()}
        training = train_in_floats(replace(problem, schedules=shorter), keep=2)
        while True:
            try:
                next(training)
            except StopIteration as stop:
                return stop.value[0]
