"""Training forwards, in exact arithmetic or in floating point, with progress on the way."""

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arithmetic.fixed_point import LARGEST_VALUE
from engine.arrays import Floats, Integers
from engine.dynamics.dynamics import ExactForm, Schedules, State, spread
from engine.dynamics.stretches import take_steps
from engine.errors import DivergedError
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, told_together


class Look(NamedTuple):
    """Looks at parameters while training goes on, and changes nothing.

    Attributes:
        at: (iterations done, what gives the parameters (P,) then) → looks.
        due: after which numbers of iterations, in order; others are of no interest.
    """

    at: Callable[[int, Callable[[], Floats]], None]
    due: Sequence[int] | Integers

    def next_after(self, done: int, iterations: int) -> int:
        """After how many iterations it is due next, or how many there are."""
        place = int(np.searchsorted(self.due, done, "right"))
        return min(int(self.due[place]), iterations) if place < len(self.due) else iterations


Trajectory: TypeAlias = list[State]
"""(T + 1) states: before each iteration, and at the end."""


def train(
    problem: Problem, *, exactly: bool, look: Look | None = None
) -> Generator[Progress, None, Floats]:
    """Train forwards only.

    Args:
        problem: the training run.
        exactly: in exact arithmetic, or else in floating point.
        look: looks after some iterations, before those are told of.

    Returns:
        (P,) the trained parameters.

    Raises:
        DivergedError: a value left ±2048 or was not finite.
    """
    if exactly:
        trained, _ = yield from train_exactly(problem, look)
        return trained.w
    states, _ = yield from train_in_floats(problem, keep=1, look=look)
    return states[-1][0]


def train_exactly(
    problem: Problem, look: Look | None = None
) -> Generator[Progress, None, tuple[ExactForm, Floats]]:
    """Train in exact arithmetic.

    Args:
        problem: the training run.
        look: see `train`.

    Returns:
        The run at its end, ready to be undone, and the (T,) elementary learning curve.

    Raises:
        DivergedError: a value left ±2048 or was not finite.
    """
    training = problem.dynamics.exact(
        problem.start, problem.groups, problem.schedules, problem.team, problem.buffer_memory
    )
    learning_curve = np.full(problem.iterations, np.nan)
    t = 0
    while t < problem.iterations:
        stop = problem.iterations if look is None else look.next_after(t, problem.iterations)
        losses, buffer_bytes = take_steps(training, problem.oracle, t, stop)
        learning_curve[t : t + len(losses)] = losses
        t += len(losses)
        if look is not None:
            look.at(t, lambda: training.w)
        yield told_together("training", t, losses, buffer_bytes)
    return training, learning_curve


def train_in_floats(
    problem: Problem, keep: int | None = None, look: Look | None = None
) -> Generator[Progress, None, tuple[Trajectory, Floats]]:
    """Train in float64, with the schedules that exact arithmetic would use.

    Args:
        problem: the training run.
        keep: how many of the last states to keep; None: all of them.
        look: see `train`.

    Returns:
        The states kept, and the (T,) elementary learning curve.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    states: Trajectory = [problem.start]
    kept = state_bytes(problem)
    learning_curve = np.full(problem.iterations, np.nan)
    check_range(problem, problem.start, problem.start[0], 0)
    for t in range(problem.iterations):
        before = states[-1]
        if keep is not None:
            del states[: max(len(states) + 1 - keep, 0)]  # to make room for the next one
        learning_curve[t], _, after = step_in_floats(problem, before, t)
        states.append(after)
        if look is not None:
            look.at(t + 1, lambda: states[-1][0])
        yield Progress("training", t + 1, learning_curve[t], 0, kept * len(states))
    return states, learning_curve


def step_in_floats(problem: Problem, state: State, t: int) -> tuple[float, Floats, State]:
    """Take one step of training in float64.

    Returns:
        The training loss where the step began, its gradient (P,), and the state after it.

    Raises:
        DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
    """
    loss, gradient = problem.oracle.gradient(state[0], t)
    return loss, gradient, move(problem, state, gradient, t)


def move(
    problem: Problem, state: State, gradient: Floats, t: int, schedules: Schedules | None = None
) -> State:
    """The state after a step of training in float64, of its gradient (P,).

    Args:
        problem: the training run.
        state: before it.
        gradient: (P,) there.
        t: the iteration.
        schedules: of `schedules_at`, from somebody who needs them besides.

    Raises:
        DivergedError: see `step_in_floats`.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # the check below says it better
        after = problem.dynamics.step(state, gradient, schedules or schedules_at(problem, t))
    check_range(problem, after, gradient, t)
    return after


def state_bytes(problem: Problem) -> int:
    """Bytes of one state in float64."""
    return sum(slot.nbytes for slot in problem.start)


def step_bytes(problem: Problem) -> int:
    """Bytes that a step takes besides the states around it.

    They are what each parameter is moved by, of every kind, and a vector to multiply in.
    """
    return problem.start[0].nbytes * (len(problem.schedules) + 1)


def schedules_at(problem: Problem, t: int) -> Schedules:
    """(P,) by kind: what each parameter is moved by in iteration t."""
    return {kind: spread(full[t], problem.groups) for kind, full in problem.schedules.items()}


def are_as_before(problem: Problem, t: int) -> bool:
    """Whether iteration t is taken with the same schedules as the one before."""
    return all(np.array_equal(full[t], full[t - 1]) for full in problem.schedules.values())


def check_range(problem: Problem, state: State, gradient: Floats, t: int) -> None:
    """Refuse what exact arithmetic could not hold.

    Raises:
        DivergedError: naming the iteration, the group, and what is out of range.
    """
    names = {"w": "parameters leave", "v": "velocity leaves"}
    checks = [(gradient, np.inf, "the gradient is not finite")]
    for slot, values in reversed([*zip(problem.dynamics.slots, state, strict=True)]):
        what = names.get(slot, f"state {slot} leaves")
        checks.append((values, LARGEST_VALUE, f"the {what} ±{LARGEST_VALUE:g}"))
    if all(-limit < values.min() and values.max() < limit for values, limit, _ in checks):
        return
    for group in problem.groups:
        for values, limit, reason in checks:
            if not np.all(np.abs(values[group.span]) < limit):
                raise DivergedError(t, group.name, reason)
