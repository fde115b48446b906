"""Labels corrupted on purpose, so that one knows which ones are wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Integers
from engine.randomness import CORRUPTION, generator


@dataclass(frozen=True, eq=False)
class Corruption:
    """Which labels were moved to another class, and what they say now.

    Attributes:
        given: (N,) the labels after it.
        moved: (N,) whether each was moved.
    """

    given: Integers
    moved: NDArray[np.bool_]


def corrupt(labels: Integers, classes: int, share: float, key: tuple[int, ...]) -> Corruption:
    """Move labels to another class, each of the others being as likely.

    Franceschi, Donini, Frasconi and Pontil (2017), "Forward and reverse gradient-based
    hyperparameter optimization", section 5.1.

    Args:
        labels: (N,) class indices.
        classes: how many classes there are; with a single one, nothing can be moved.
        share: of the labels that are moved, from 0 to 1; rounded to a whole number of them.
        key: what it depends on which ones are moved, and where to.
    """
    count = round(share * len(labels)) if classes > 1 else 0
    random = generator(*key, CORRUPTION)
    moved = np.zeros(len(labels), np.bool_)
    moved[random.permutation(len(labels))[:count]] = True
    given = labels.copy()
    given[moved] = (labels[moved] + random.integers(1, max(classes, 2), count)) % max(classes, 1)
    return Corruption(given, moved)
