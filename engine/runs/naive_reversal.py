"""Reversal without the information buffer: training undone in ordinary floating point.

Undoing v ← γ v − (1 − γ) g means dividing by γ < 1, so every rounding error of the way there is
made larger on the way back, again and again. Section 2.2 of Maclaurin, Duvenaud and Adams (2015);
figure 1 shows where it leads.
"""

from typing import Any, Final, Literal, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.problem import Problem

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
    number = FORMATS[bits]
    w, v = problem.w0.astype(number), problem.v0.astype(number)
    rates = _spread(problem.learning_rates, problem).astype(number)
    decays = _spread(problem.decays, problem).astype(number)
    kept = (1 - _spread(problem.decays, problem)).astype(number)

    def gradient(t: int) -> Any:
        if not np.all(np.isfinite(w)):
            return np.full(w.shape, np.nan, number)
        return problem.oracle.gradient(w.astype(np.float64), t)[1].astype(number)

    there = [w]
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(len(rates)):
            v = decays[t] * v - kept[t] * gradient(t)
            w = w + rates[t] * v
            there.append(w)
        back = [w]
        for t in reversed(range(len(rates))):
            w = w - rates[t] * v
            v = (v + kept[t] * gradient(t)) / decays[t]
            back.append(w)
    return NaivePath(np.array(there, np.float64), np.array(back, np.float64))


def _spread(schedule: Floats, problem: Problem) -> Floats:
    """(T, P) a schedule of one column a group, for each parameter."""
    sizes = [group.size for group in problem.groups]
    return np.repeat(np.broadcast_to(schedule, (len(schedule), len(sizes))), sizes, axis=1)
