"""Example weights λ in (1/N) Σ λᵢ ℓᵢ: how much each training example counts.

Franceschi, Donini, Frasconi and Pontil (2017), "Forward and reverse gradient-based hyperparameter
optimization", section 5.1: data hyper-cleaning.
"""

from typing import Final, NamedTuple

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


class Found(NamedTuple):
    """How well small weights find labels that were moved.

    Attributes:
        precision: the share of distrusted labels that were moved; None where none is distrusted.
        recall: the share of moved labels that are distrusted; None where none was moved.
        f1: their harmonic mean, 0 where nothing was found; None where there is neither.
    """

    precision: float | None
    recall: float | None
    f1: float | None


def found_by(weights: Floats, moved: NDArray[np.bool_]) -> Found:
    """Precision, recall and F1 of what is distrusted.

    Args:
        weights: (N,).
        moved: (N,) which labels were moved to another class.
    """
    suspects = distrusted(weights)
    right = int(np.count_nonzero(suspects & moved))
    named, wrong = int(np.count_nonzero(suspects)), int(np.count_nonzero(moved))
    return Found(
        right / named if named else None,
        right / wrong if wrong else None,
        2 * right / (named + wrong) if named + wrong else None,
    )
