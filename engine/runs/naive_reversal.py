"""Reversal without the information buffer: training undone in ordinary floating point.

Undoing v ← γ v − (1 − γ) g means dividing by γ < 1, so every rounding error of the forward pass
grows again and again in the reverse pass. Section 2.2 of Maclaurin, Duvenaud and Adams (2015);
figure 1 shows where it leads.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.problem import Problem
from engine.hypergradients.training import schedules_at

Bits = Literal[16, 32]
FORMATS: Final[dict[Bits, type[np.floating[Any]]]] = {16: np.float16, 32: np.float32}


class NaivePath(NamedTuple):
    """Where training went, and where undoing it led.

    Attributes:
        there: (T + 1, P) the elementary parameters through training.
        back: (T + 1, P) through its reversal, from the last iteration to the first; not finite
            where they have left the range of the format.
    """

    there: Floats
    back: Floats

    def distance(self, start: Floats) -> float:
        """How far from the true start (P,) reversal ends; infinite if it left the format."""
        apart = float(np.linalg.norm(self.back[-1] - start))
        return apart if np.isfinite(apart) else float("inf")


def naive_reversal(problem: Problem, bits: Bits) -> NaivePath:
    """Train in floating point of so many bits, then solve each step for what was before it.

    Training itself is in that precision, too, as in the paper: position and velocity are kept, and
    every product and sum is made, in the format. Gradients are taken in double precision at the
    position that the format holds, then rounded to it.

    Args:
        problem: the training run.
        bits: of the floating point numbers.
    """
    number, dynamics = FORMATS[bits], problem.dynamics

    def gradient_at(t: int) -> Callable[[Any], Any]:
        def gradient(w: Any) -> Any:
            if not np.all(np.isfinite(w)):
                return np.full(w.shape, np.nan, number)
            return problem.oracle.gradient(w.astype(np.float64), t)[1].astype(number)

        return gradient

    state = tuple(slot.astype(number) for slot in problem.start)
    there = [state[0]]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for t in range(problem.iterations):
            state = dynamics.step(state, gradient_at(t)(state[0]), schedules_at(problem, t))
            there.append(state[0])
        back = [state[0]]
        for t in reversed(range(problem.iterations)):
            state = dynamics.undo(state, schedules_at(problem, t), gradient_at(t))
            back.append(state[0])
    return NaivePath(np.array(there, np.float64), np.array(back, np.float64))
