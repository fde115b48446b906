"""Example weights λ in (1/N) Σ λᵢ ℓᵢ: how much each training example counts.

Franceschi, Donini, Frasconi and Pontil (2017), "Forward and reverse gradient-based hyperparameter
optimization", section 5.1: data hyper-cleaning.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

EXAMPLE_WEIGHTS = Kind(
    name="example_weights",
    singular="example weight",
    plural="example weights",
    symbol="λᵢ",
    unit="λᵢ",
    tip="How much each training example counts initially; less where their sum is bounded.",
    extent=OverEntries(),
    domains=("identity",),
    low=0.0,
    high=1.0,
    usual=Setting(initial=1.0, granularity="entry", domain="identity"),
    constraints=("box and sum",),
    neutral=1.0,
    missing="expected false, because only training on examples has a weight for each.",
)

DISTRUSTED: Final = 1e-3
"""An example whose weight is less counts as corrupted."""


def distrusted(weights: Floats) -> NDArray[np.bool_]:
    """Which of the weights are so small that their examples count as corrupted."""
    return np.asarray(weights < DISTRUSTED)
