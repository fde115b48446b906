"""Stretches of training: several iterations in one go, where a dynamics and losses allow it."""

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from engine.arrays import Floats, Integers
from engine.derivatives.oracle import TrainingOracle
from engine.dynamics.dynamics import Adjoint, ExactForm


class Taken(NamedTuple):
    """Training steps that were taken in one go.

    Attributes:
        losses: (n,) training loss where each began.
        buffer_bytes: (n,) what `ExactForm.buffer_bytes` was after each.
    """

    losses: Floats
    buffer_bytes: Integers


@runtime_checkable
class TakesStretches(Protocol):
    """What an `ExactForm` also has that can take several steps in one go.

    It comes back after some hundredths of a second, to be told of, paused or stopped. All bits are
    those of steps one by one.
    """

    def steps(self, oracle: TrainingOracle, t: int, stop: int) -> Taken:
        """Take training steps t, t + 1, …, but not ``stop``: at least one.

        Raises:
            DivergedError: step t cannot be taken; if a later one cannot, the next call says so.
        """

    def undo_steps(self, oracle: TrainingOracle, t: int, adjoint: Adjoint) -> Integers:
        """Undo training steps t, t − 1, …, at least one, and carry the adjoint back through them.

        Returns:
            (n,) what `ExactForm.buffer_bytes` was after each.
        """


def take_steps(training: ExactForm, oracle: TrainingOracle, t: int, stop: int) -> Taken:
    """Take training steps t, t + 1, … up to ``stop``, as many in one go as can be.

    Raises:
        DivergedError: step t cannot be taken.
    """
    if isinstance(training, TakesStretches):
        return training.steps(oracle, t, stop)
    loss = training.step(oracle, t)
    return Taken(np.array([loss]), np.array([training.buffer_bytes]))


def undo_steps(training: ExactForm, oracle: TrainingOracle, t: int, adjoint: Adjoint) -> Integers:
    """Undo training steps t, t − 1, …, as many in one go as can be.

    Returns:
        (n,) `ExactForm.buffer_bytes` after each.
    """
    if isinstance(training, TakesStretches):
        return training.undo_steps(oracle, t, adjoint)
    training.undo(oracle, t, adjoint)
    return np.array([training.buffer_bytes])
