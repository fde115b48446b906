"""Hypergradients by central finite differences: slow, and independent of every derivative.

Each value is moved both ways by h and by h/2. The difference quotients of the two differ by three
quarters of the larger one's error of truncation, which Richardson's extrapolation takes out. How
far off the result may be is estimated by the same difference, by what one-sided quotients tell of a
kink within h, as ReLU has many, and by the rounding of the objective.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import count, repeat
from typing import ClassVar, Final

import numpy as np

from engine.arrays import Floats
from engine.errors import DivergedError, UnsolvedError
from engine.hypergradients.method import Need
from engine.hypergradients.options import check_positive
from engine.hypergradients.problem import Problem
from engine.hypergradients.quotients import quotients
from engine.hypergradients.result import Gradient, Memory, Progress, Result, Steps
from engine.hypergradients.training import state_bytes, step_bytes, train_in_floats
from engine.hyperparameters.extents import Enters

_USUAL_STEP: Final = 1e-3
_SMALLEST_SCALE: Final = 0.1
"""Values closer to 0 are moved as if they were this large."""
_RUNS: Final = 4
"""Of training, for each value."""
_STATES: Final = 4
"""Held at a time: the start, the end of training, and those around a step of training again."""
_ROUNDING: Final = 8 * float(np.finfo(np.float64).eps)
"""Of an objective, relative to it: training rounds a few times more than once."""


@dataclass(frozen=True)
class FiniteDifferences:
    """Train again with each value moved; see `engine.hypergradients.method.Method`.

    Attributes:
        step: h, relative to each value, or to 0.1 if that is larger; None: 0.001.

    Raises:
        InputError: it is out of its range.
    """

    step: float | None = None

    name: ClassVar[str] = "finite-differences"
    title: ClassVar[str] = "Finite differences"
    needs: ClassVar[frozenset[Need]] = frozenset()
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "start", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "differencing")
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_positive("step", self.step)

    def run(self, problem: Problem) -> Steps:
        """Train; then train four times for each value, with progress on the way.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
            UnsolvedError: that was so with a value moved alone, or the step is too small to move
                one.
        """
        [final], learning_curve = yield from train_in_floats(problem, keep=1)
        validation_loss = problem.oracle.objective_value(final[0])
        step = self.step or _USUAL_STEP
        found: dict[str, tuple[Floats, Floats]] = {}
        wanted = _own_values(problem)
        runs = _RUNS * sum(values.size for values in wanted.values())
        parts = zip(count(1), repeat(runs))
        for name, values in wanted.items():
            slopes, errors = np.zeros_like(values), np.zeros_like(values)
            for place in np.ndindex(values.shape):
                h = step * max(abs(float(values[place])), _SMALLEST_SCALE)
                value = float(values[place])
                with np.errstate(over="ignore"):
                    rounding = float(np.float64(_ROUNDING * abs(validation_loss)) / (h / 2))
                if not np.isfinite(rounding) or value in (value + h / 2, value - h / 2):
                    raise _too_small(step, h, value)
                try:
                    far = yield from _both_ways(problem, name, place, h, parts)
                    near = yield from _both_ways(problem, name, place, h / 2, parts)
                except DivergedError as diverged:
                    raise _too_large(step, h, value, diverged) from None
                told = quotients(validation_loss, far, near, h)
                slopes[place] = told.extrapolated
                errors[place] = told.error + rounding
            found[name] = slopes, errors
        slots = problem.dynamics.slots
        gradient, error = (
            Gradient(
                tuple(found[slot][which] for slot in slots) if problem.wants("start") else None,
                {kind: found[kind][which] for kind in problem.schedules if kind in found},
                found["theta"][which] if "theta" in found else None,
            )
            for which in (0, 1)
        )
        return Result(
            validation_loss=validation_loss,
            w_final=final[0],
            v_final=final[1] if len(final) > 1 else None,
            learning_curve=learning_curve,
            gradient=gradient,
            memory=Memory(
                buffer_bytes=0,
                working_bytes=step_bytes(problem),
                trajectory_bytes=problem.trajectory_bytes,
                entropy_bits=problem.entropy_bits,
                states_bytes=(_STATES + problem.wants("start")) * state_bytes(problem),
            ),
            reversed_exactly=None,
            lyapunov_exponent=float("nan"),
            error=error,
        )


def _too_small(step: float, h: float, value: float) -> UnsolvedError:
    return UnsolvedError(
        f"the step {step:.3g} is too small: moved by {h:.3g}, the value {value:.6g} tells nothing",
        f"The usual step is {_USUAL_STEP:g}.",
    )


def _too_large(step: float, h: float, value: float, error: DivergedError) -> UnsolvedError:
    sentence = error.sentence.rstrip(".")
    return UnsolvedError(
        f"the step {step:.3g} is too large: with the value {value:.6g} moved by {h:.3g}, "
        f"{sentence[0].lower()}{sentence[1:]}",
        "A smaller step helps.",
    )


def _own_values(problem: Problem) -> dict[str, Floats]:
    """All that is wanted, by slot of the start, kind of schedule, and "theta"."""
    values: dict[str, Floats] = {}
    if problem.wants("start"):
        values |= dict(zip(problem.dynamics.slots, problem.start, strict=True))
    for kind, (iterations, groups) in problem.own_shapes.items():
        if problem.wants(kind):
            values[kind] = problem.schedules[kind][:iterations, :groups]
    return values | ({"theta": problem.oracle.theta} if problem.wants("theta") else {})


def _both_ways(
    problem: Problem,
    name: str,
    place: tuple[int, ...],
    h: float,
    parts: Iterator[tuple[int, int]],
) -> Generator[Progress, None, tuple[float, float]]:
    """The objective with one value moved by h and by −h."""
    ends = []
    for distance in (h, -h):
        moved = _moved(problem, name, place, distance)
        training, part = train_in_floats(moved, keep=1), next(parts)
        while True:
            try:
                progress = next(training)
            except StopIteration as stop:
                [(w, *_)], _ = stop.value
                break
            yield progress._replace(phase="differencing", loss=float("nan"), part=part)
        ends.append(moved.oracle.objective_value(w))
    return ends[0], ends[1]


def _moved(problem: Problem, name: str, place: tuple[int, ...], distance: float) -> Problem:
    """The same training run with one value moved."""
    if name == "theta":
        theta = problem.oracle.theta.copy()
        theta[place] += distance
        return replace(problem, oracle=problem.oracle.at(theta))
    if name in problem.schedules:
        full = problem.schedules[name].copy()
        shares = zip(place, problem.own_shapes[name], strict=True)
        full[tuple(slice(None) if length == 1 else at for at, length in shares)] += distance
        return replace(problem, schedules={**problem.schedules, name: full})
    start = [*problem.start]
    slot = problem.dynamics.slots.index(name)
    start[slot] = start[slot].copy()
    start[slot][place] += distance
    return replace(problem, start=tuple(start))
