"""Hypergradients by plain reverse mode: store the state of every iteration, then walk back.

The method that exact reversal is measured against (Franceschi et al. 2017 call it Reverse-HG).
Training runs in float64, with the same rounded decays as the exact arithmetic.
"""

from dataclasses import dataclass
from typing import ClassVar

from engine.hypergradients.method import Need
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hypergradients.reverse_pass import ReversePass
from engine.hypergradients.training import state_bytes, train_in_floats
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class StoredTrajectory:
    """Keep every state of training; see `engine.hypergradients.method.Method`."""

    name: ClassVar[str] = "stored-trajectory"
    title: ClassVar[str] = "Stored trajectory"
    needs: ClassVar[frozenset[Need]] = frozenset()
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "start", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "reversing")
    agrees_within: ClassVar[float | None] = 1e-9

    def run(self, problem: Problem) -> Steps:
        """Train, then go back through the stored trajectory, with progress on the way.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
        """
        states, learning_curve = yield from train_in_floats(problem)
        states_bytes = state_bytes(problem) * len(states)
        reverse = ReversePass(problem, states[-1])
        for t in reversed(range(problem.iterations)):
            after = states.pop()  # what has been used is let go
            reverse.undo(t, states[-1], after)
            yield Progress("reversing", t, learning_curve[t], 0, state_bytes(problem) * len(states))
        return reverse.result(learning_curve, states_bytes)
