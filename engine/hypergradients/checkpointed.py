"""Hypergradients by reverse mode with checkpoints: few states are kept, others computed again.

Griewank and Walther (2000); the schedule is `engine.hypergradients.binomial`.
"""

from dataclasses import dataclass
from math import isqrt
from typing import ClassVar

import numpy as np

from engine.dynamics.dynamics import State
from engine.errors import InputError
from engine.hypergradients.binomial import schedule
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count, check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hypergradients.reverse_pass import ReversePass
from engine.hypergradients.training import check_range, state_bytes, step_in_floats
from engine.hyperparameters.extents import Enters

_BESIDES = 3
"""States held besides snapshots: around the step that is undone, and the trained one."""


@dataclass(frozen=True)
class Checkpointed:
    """Keep few states, and train again from them; see `engine.hypergradients.method.Method`.

    Attributes:
        snapshots: how many states to keep, the start among them; None: √T, or as many as
            ``megabytes`` allows.
        megabytes: how much all states together may take; at least one snapshot is kept.

    Raises:
        InputError: both are given, or one is out of its range.
    """

    snapshots: int | None = None
    megabytes: float | None = None

    name: ClassVar[str] = "checkpointed"
    title: ClassVar[str] = "Checkpoints"
    needs: ClassVar[frozenset[Need]] = frozenset()
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "start", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "reversing")
    agrees_within: ClassVar[float | None] = 1e-9

    def __post_init__(self) -> None:
        check_count("snapshots", self.snapshots, 1)
        check_positive("megabytes", self.megabytes)
        if self.snapshots is not None and self.megabytes is not None:
            raise InputError("megabytes", "expected none, because snapshots are given.")

    def count(self, problem: Problem) -> int:
        """How many snapshots a training run gets, the start among them."""
        steps = max(problem.iterations, 1)
        wanted = self.snapshots or isqrt(steps - 1) + 1
        if self.megabytes is not None:
            states = int(1_000_000 * self.megabytes // state_bytes(problem))
            wanted = states - _BESIDES
        return min(max(wanted, 1), steps)

    def run(self, problem: Problem) -> Steps:
        """Train, keeping snapshots; go back from each of them, with progress on the way.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
        """
        last, one = problem.iterations - 1, state_bytes(problem)
        learning_curve = np.full(problem.iterations, np.nan)
        check_range(problem, problem.start, problem.start[0], 0)
        state, kept = problem.start, [problem.start]
        after: State = problem.start
        reverse, fullest = None, 1
        for action in schedule(problem.iterations, self.count(problem)):
            if action.does == "keep":
                kept.append(state)
                fullest = max(fullest, len(kept))
            elif action.does == "recall":
                state = kept[-1]
            elif action.does == "release":
                kept.pop()
            elif action.does == "advance":
                for t in range(action.start, action.stop):
                    learning_curve[t], _, state = step_in_floats(problem, state, t)
                    phase = "recomputing" if reverse else "training"
                    yield Progress(phase, t + 1, learning_curve[t], 0, one * len(kept))
            else:
                t = action.start
                if reverse is None:  # the first to be undone is the last of training
                    learning_curve[last], _, after = step_in_floats(problem, state, last)
                    yield Progress("training", last + 1, learning_curve[last], 0, one * len(kept))
                    reverse = ReversePass(problem, after)
                reverse.undo(t, state, after)
                after = state
                yield Progress("reversing", t, learning_curve[t], 0, one * len(kept))
        reverse = reverse or ReversePass(problem, state)
        return reverse.result(learning_curve, one * (fullest + _BESIDES))
