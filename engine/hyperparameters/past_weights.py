"""Weights on the past: how much an example counts that is so many steps old.

Bengio (2000), "Gradient-based optimization of hyper-parameters", Neural Computation 12: a series is
forecast by a regression that is fitted again at each step, on all that came before, and of which
old examples count less. Either their weight falls exponentially, exp(−age/ℓ) with ℓ = e^−θ, or
within a soft window, 1/(1 + exp((age − A)/B)) with A = e^a and B = e^b. All of ℓ, A and B are
numbers of steps, and move by their logarithms.
"""

from typing import Final, Literal

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

Form = Literal["exponential", "soft window"]

PAST_WEIGHTS = Kind(
    name="past_weights",
    singular="memory",
    plural="weights on the past",
    symbol="ℓ",
    unit="steps",
    tip="How many steps back the past counts initially.",
    extent=OverEntries(),
    domains=("log",),
    low=0.1,
    high=1e6,
    usual=Setting(initial=1e6, granularity="entry", domain="log"),
    neutral=1e6,
    missing="expected false, because only a series has a past.",
    parts=("memory", "softness"),
)

SHARPEST: Final = 1e-3
"""The softness of a window whose edge is between two ages."""

_SOFTNESS: Final = 0.25
"""Of a soft window at the start, as a part of its length."""


def start(form: Form, initial: float) -> Floats:
    """Where the weights start, given how far back the past counts: (1,) ℓ, or (2,) A and B."""
    if form == "exponential":
        return np.array([initial])
    return np.array([initial, max(_SOFTNESS * initial, PAST_WEIGHTS.low)])


def window(length: int) -> Floats:
    """(2,) a window with hard edges: the last examples, of this number, count alike."""
    return np.array([length + 0.5, SHARPEST])


def log_weights(own: Floats, ages: Floats) -> tuple[Floats, Floats]:
    """The logarithms of the weights of examples, and how they move.

    Args:
        own: (1,) ℓ, or (2,) A and B; (0,) when all count alike.
        ages: of any shape; at least 0.

    Returns:
        Log weights of that shape, and (K, …) their derivatives by each of the K values.
    """
    if not own.size:
        return np.zeros(ages.shape), np.zeros((0, *ages.shape))
    if own.size == 1:
        return -ages / own[0], (ages / own[0] ** 2)[None]
    length, softness = own
    beyond = (ages - length) / softness
    inside = np.logaddexp(0.0, beyond)
    share = np.exp(beyond - inside)  # of the derivative of log(1 + e^x) by x
    return -inside, np.stack([share / softness, share * beyond / softness])


def weights_at(own: Floats, ages: Floats) -> Floats:
    """The weights of examples of these ages, as the formulas above have them."""
    return np.exp(log_weights(own, ages)[0])
