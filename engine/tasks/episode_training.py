"""Training the classifiers of episodes that only have to be judged: forwards, in floating point."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.arrays import Floats
from engine.derivatives.classifiers_oracle import ClassifiersOracle
from engine.dynamics.dynamics import Dynamics, spread
from engine.groups import ParameterGroup


def train_classifiers(
    oracle: ClassifiersOracle,
    w0: Floats,
    dynamics: Dynamics,
    schedules: Mapping[str, Floats],
    groups: Sequence[ParameterGroup],
) -> Floats:
    """Train as a run does, with as many iterations as its schedules have.

    Args:
        oracle: of the episodes.
        w0: (P,) where their classifiers start.
        dynamics: how training moves.
        schedules: by kind, (T, G).
        groups: the weights of all classifiers, and their biases.

    Returns:
        (P,) the trained classifiers.
    """
    usable = dynamics.usable(schedules)
    state = dynamics.begin(w0, np.zeros_like(w0))
    for t in range(len(next(iter(usable.values())))):
        _, gradient = oracle.gradient(state[0], t)
        moved_by = {kind: spread(full[t], groups) for kind, full in usable.items()}
        state = dynamics.step(state, gradient, moved_by)
    return state[0]
