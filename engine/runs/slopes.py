"""The slope of an objective along a line, by central differences that keep clear of kinks."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from engine.hypergradients.quotients import quotients

_STEPS: Final = (1e-5, 1e-6, 1e-7)
_ROUNDINGS: Final = 4
"""Units in the last place by which the objective after training may be off."""


class Slope(NamedTuple):
    """A slope that was measured.

    Attributes:
        value: the central difference quotient.
        rounding: how far off it may be by the rounding of the objective.
        error: how far off it may be besides: by curvature, and by a kink within the step.
    """

    value: float
    rounding: float
    error: float


def slope(objective: Callable[[float], float], middle: float, tolerance: float) -> Slope:
    """The slope at 0, with the first step whose quotient is known to the tolerance.

    The derivative of a network of ReLUs jumps wherever a unit turns on or off for an example. Less
    of that happens within a smaller step, but rounding tells more in it.

    Args:
        objective: by the distance along the line.
        middle: the objective at 0.
        tolerance: of the error, relative to the slope.

    Returns:
        The slope; if no step is good enough, that of the step whose quotient is known best.
    """
    found: list[Slope] = []
    for step in _STEPS:
        found.append(_with(step, objective, middle))
        if found[-1].error <= tolerance * abs(found[-1].value):
            return found[-1]
    return min(found, key=lambda slope: slope.error + slope.rounding)


def has_kink(objective: Callable[[float], float], middle: float) -> bool:
    """Whether one-sided slopes at 0 differ, by more than rounding, with the smallest step, too.

    Units of ReLU that see a blank patch and have a bias of 0 stand there, however small the step:
    the objective has no derivative, and its central quotient is the mean of two.
    """
    return _with(_STEPS[-1], objective, middle).error > 0


def _with(step: float, objective: Callable[[float], float], middle: float) -> Slope:
    far, near = ((objective(distance), objective(-distance)) for distance in (step, step / 2))
    rounding = float(np.spacing(max(map(abs, (middle, *far))))) * _ROUNDINGS / step
    told = quotients(middle, far, near, step)
    return Slope(told.far, rounding, told.error_of_far(rounding))
