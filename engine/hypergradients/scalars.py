"""Hyperparameters one by one: what methods go through that cannot find all derivatives at once."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.problem import Problem


class Scalar(NamedTuple):
    """One number that training depends on.

    Attributes:
        kind: of schedule, or "theta".
        place: in the kind's own values, or in θ.
        first: the iteration that it first makes a difference in.
        stop: the iteration from which it makes none any more.
    """

    kind: str
    place: tuple[int, ...]
    first: int
    stop: int


def scalars(problem: Problem) -> Iterator[Scalar]:
    """All wanted values of its own that θ and the schedules have, θ first.

    They come in the order in which they first make a difference.
    """
    for index in range(problem.oracle.theta_size if problem.wants("theta") else 0):
        yield Scalar("theta", (index,), 0, problem.iterations)
    shapes = {kind: shape for kind, shape in problem.own_shapes.items() if problem.wants(kind)}
    single = [kind for kind, (iterations, _) in shapes.items() if iterations == 1]
    for kind in single:
        for group in range(problem.own_shapes[kind][1]):
            yield Scalar(kind, (0, group), 0, problem.iterations)
    for t in range(problem.iterations):
        for kind, (_, groups) in shapes.items():
            if kind not in single:
                for group in range(groups):
                    yield Scalar(kind, (t, group), t, t + 1)


def spread(problem: Problem, scalar: Scalar) -> Floats:
    """(P,) 1 for each parameter that a value of a schedule moves, else 0; not to be changed."""
    _, groups = problem.own_shapes[scalar.kind]
    if groups == 1:
        return np.broadcast_to(1.0, problem.size)  # which takes no memory
    moved = np.zeros(problem.size)
    moved[problem.groups[scalar.place[1]].span] = 1.0
    return moved


def unit(size: int, place: int) -> Floats:
    """(M,) θ's direction that moves one of its values."""
    direction = np.zeros(size)
    direction[place] = 1.0
    return direction
