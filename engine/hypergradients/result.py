"""What a hypergradient method gives back, at the end and on the way."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True, eq=False)
class Gradient:
    """The derivative of the objective after training with respect to everything before it.

    Attributes:
        w0: (P,) initial elementary parameters.
        v0: (P,) initial velocity.
        learning_rates: shaped like the learning rates given.
        decays: shaped like the decays given.
        theta: (M,) the θ inside the losses; empty without one.
    """

    w0: Floats
    v0: Floats
    learning_rates: Floats
    decays: Floats
    theta: Floats


@dataclass(frozen=True)
class Memory:
    """What the reverse pass had to hold.

    Attributes:
        buffer_bytes: the information buffer at its fullest, packed as it is kept when training
            turns round; 0 for methods without one.
        file_bytes: how many of them were in a temporary file.
        working_bytes: what the method holds besides, whatever T is.
        trajectory_bytes: keeping w and v of every iteration in float64: 16·P·T.
        entropy_bits: sum over iterations and parameters of log₂(1/γ).
    """

    buffer_bytes: int
    working_bytes: int
    trajectory_bytes: int
    entropy_bits: float
    file_bytes: int = 0


@dataclass(frozen=True, eq=False)
class Result:
    """A hypergradient, and the training run that it belongs to.

    Attributes:
        validation_loss: the objective at the trained parameters.
        w_final: (P,) the trained parameters.
        v_final: (P,) the velocity after training.
        learning_curve: (T,) training loss at each iteration's start.
        gradient: the hypergradient.
        memory: what the reverse pass had to hold.
        reversed_exactly: whether the reverse pass ended at the initial state, every bit of it.
        lyapunov_exponent: (1/T) log of how much longer the derivative of the objective by the state
            (w, v) is before training than after it: above 0, training runs that begin close to each
            other part, and training is chaotic.
    """

    validation_loss: float
    w_final: Floats
    v_final: Floats
    learning_curve: Floats
    gradient: Gradient
    memory: Memory
    reversed_exactly: bool
    lyapunov_exponent: float


def lyapunov_exponent(after: float, dw: Floats, dv: Floats, iterations: int) -> float:
    """How fast the derivative by the state grows from the end of training back to its start.

    Args:
        after: length of the derivative of the objective by the trained parameters.
        dw: (P,) derivative by the initial parameters.
        dv: (P,) derivative by the initial velocity.
        iterations: T.

    Returns:
        −∞ where the derivative vanishes, NaN where it is not finite or was zero to begin with.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        before = np.hypot(np.linalg.norm(dw), np.linalg.norm(dv))
        grown = np.divide(before, after)
        return float(np.log(grown) / iterations) if np.isfinite(grown) else float("nan")


class Progress(NamedTuple):
    """Where a method stands; one comes after every iteration of training and of reversal.

    Attributes:
        phase: what is going on.
        iteration: t, the number of training steps taken and not undone.
        loss: training loss at the start of the step just taken or undone; NaN if not evaluated.
        buffer_bytes: the information buffer at this moment, packed.
    """

    phase: Literal["training", "reversing"]
    iteration: int
    loss: float
    buffer_bytes: int


Steps: TypeAlias = Generator[Progress, None, Result]
