"""Minimising the training loss by L-BFGS, where implicit methods want to be (Nocedal 1980).

Written out, because a method tells its progress after every iteration and can be stopped there.
The line search bisects for the weak Wolfe conditions (Lewis and Overton 2013), and lets the loss
rise by what rounding may do, so that the gradient can become as short as wanted.
"""

from collections import deque
from collections.abc import Generator
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import DivergedError
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress

_PAIRS: Final = 10
"""Of steps and changes of the gradient, that are remembered."""

_MOST: Final = 1000
"""Iterations."""

_MOST_TRIES: Final = 60
"""Of steps along one direction."""

_DECREASE, _FLATTER, _ROUNDING = 1e-4, 0.9, 1e-14


class Minimum(NamedTuple):
    """Where L-BFGS arrived.

    Attributes:
        w: (P,) the parameters there.
        iterations: that it took.
        remarks: what to say if the tolerance was not met.
    """

    w: Floats
    iterations: int
    remarks: tuple[str, ...] = ()


class MeanLoss:
    """The training loss averaged over some of the last iterations, and its gradient.

    Args:
        problem: the training run.
        average: over how many of the last iterations; with minibatches those of an epoch.
    """

    def __init__(self, problem: Problem, average: int) -> None:
        self._oracle = problem.oracle
        first = max(problem.iterations - average, 0)
        self._iterations = range(first, max(problem.iterations, 1))
        self._w = np.zeros(0)
        self._known = 0.0, np.zeros(0)

    def at(self, w: Floats) -> tuple[float, Floats]:
        """L and ∇_wL (P,) at some parameters; the last ones that were asked for are known."""
        if not np.array_equal(w, self._w):
            loss, gradient = 0.0, np.zeros_like(w)
            for t in self._iterations:
                one, by_w = self._oracle.gradient(w, t)
                loss += one
                gradient += by_w
            count = len(self._iterations)
            self._w, self._known = w.copy(), (loss / count, gradient / count)
        return self._known


def minimise(
    problem: Problem, average: int, tolerance: float
) -> Generator[Progress, None, Minimum]:
    """Go to where the gradient of the training loss is short, relative to the one at the start.

    Args:
        problem: the training run; it begins where `Problem.warm` says, or else at its start.
        average: see `MeanLoss`.
        tolerance: of the gradient's length, relative to the one at the start of training.

    Raises:
        DivergedError: the loss or its gradient is not finite.
    """
    loss = MeanLoss(problem, average)
    _, at_start = loss.at(problem.start[0])
    enough = tolerance * float(np.linalg.norm(at_start))
    w = np.array(problem.start[0] if problem.warm is None else problem.warm)
    value, gradient = loss.at(w)
    pairs: deque[tuple[Floats, Floats]] = deque(maxlen=_PAIRS)
    for number in range(1, _MOST + 1):
        length = float(np.linalg.norm(gradient))
        if not np.isfinite(value) or not np.isfinite(length):
            raise DivergedError(None, "", "the training loss is not finite where L-BFGS looks")
        if length <= enough:
            return Minimum(w, number - 1)
        direction = -_times_inverse(gradient, pairs)
        if direction @ gradient >= 0:  # no way down: forget what was remembered
            pairs.clear()
            direction = -gradient
        step = _step(loss, w, direction, value, float(direction @ gradient), is_first=not pairs)
        if step is None:
            if not pairs:
                return Minimum(w, number - 1, (_short_of(number, length, at_start, tolerance),))
            pairs.clear()
            continue
        moved = step * direction
        w = w + moved
        value, changed = loss.at(w)
        if moved @ (changed - gradient) > 0:
            pairs.append((moved, changed - gradient))
        gradient = changed
        yield Progress("solving", number, value, 0)
    length = float(np.linalg.norm(gradient))
    return Minimum(w, _MOST, (_short_of(_MOST, length, at_start, tolerance),))


def _step(
    loss: MeanLoss, w: Floats, direction: Floats, value: float, slope: float, *, is_first: bool
) -> float | None:
    """How far to go along a direction; None if no step lowers the loss.

    Args:
        loss: to lower.
        w: (P,) where to go from.
        direction: (P,) downhill.
        value: of the loss there.
        slope: of the loss there, along the direction.
        is_first: whether nothing is known of the curvature yet.
    """
    low, high = 0.0, np.inf
    step = min(1.0, 1 / float(np.linalg.norm(direction))) if is_first else 1.0
    slack = _ROUNDING * abs(value)
    for _ in range(_MOST_TRIES):
        there, gradient = loss.at(w + step * direction)
        if not there <= value + _DECREASE * step * slope + slack:  # also if it is not finite
            high = step
        elif gradient @ direction < _FLATTER * slope:
            low = step
        else:
            return step
        step = (low + high) / 2 if np.isfinite(high) else 2 * step
    return None


def _times_inverse(gradient: Floats, pairs: deque[tuple[Floats, Floats]]) -> Floats:
    """The two-loop recursion: an estimate of H⁻¹ times the gradient."""
    q = gradient.copy()
    shares = []
    for moved, changed in reversed(pairs):
        share = (moved @ q) / (moved @ changed)
        shares.append(share)
        q -= share * changed
    if pairs:
        moved, changed = pairs[-1]
        q *= (moved @ changed) / (changed @ changed)
    for (moved, changed), share in zip(pairs, reversed(shares), strict=True):
        q += (share - (changed @ q) / (moved @ changed)) * moved
    return q


def _short_of(number: int, length: float, at_start: Floats, tolerance: float) -> str:
    there = length / float(np.linalg.norm(at_start))
    return (
        f"L-BFGS did not converge: after {number:,} iterations the gradient of the training loss "
        f"is {there:.2g} of the one at the start, not {tolerance:g}."
    )
