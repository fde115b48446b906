"""Domains: the coordinates that hyperparameters move in."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

import numpy as np

from engine.arrays import Floats

Domain = Literal["log", "logit", "identity"]


class Transform(NamedTuple):
    """A domain: how its unconstrained coordinate u and the value x go into each other."""

    to_coordinate: Callable[[Floats], Floats]
    to_value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    low: float
    high: float


def _logistic(u: Floats) -> Floats:
    return 0.5 * (1.0 + np.tanh(0.5 * u))


DOMAINS: Final[dict[Domain, Transform]] = {
    "log": Transform(np.log, np.exp, np.exp, 0.0, np.inf),
    "logit": Transform(
        lambda x: np.log(x) - np.log1p(-x),
        _logistic,
        lambda u: _logistic(u) * _logistic(-u),
        0.0,
        1.0,
    ),
    "identity": Transform(np.copy, np.copy, np.ones_like, -np.inf, np.inf),
}
"""Slopes are dx/du at u; the limits of log and logit are open."""
