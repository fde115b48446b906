"""Interactions between classes: how strongly the weights of each pair are drawn together.

Franceschi, Donini, Frasconi and Pontil (2017), section 5.2: the training loss has
Σ_jk A_jk ‖w_j − w_k‖² besides, with A symmetric, not negative, and zero on its diagonal. A pair has
one value, so that A is symmetric whatever becomes of it.
"""

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

INTERACTIONS = Kind(
    name="interactions",
    singular="interaction",
    plural="interactions",
    symbol="A",
    unit="A",
    tip="How strongly the weights of each pair of classes are drawn together initially.",
    extent=OverEntries(),
    domains=("identity",),
    low=0.0,
    high=1e6,
    usual=Setting(initial=0.0, granularity="entry", domain="identity"),
    constraints=("L1 ball",),
    neutral=0.0,
    missing="expected false, because only softmax regression has a weight vector for each class.",
)


def pairs_of(classes: int) -> int:
    """How many pairs of classes there are."""
    return classes * (classes - 1) // 2


def as_matrix(own: Floats) -> Floats:
    """(K, K) A, of its K (K − 1) / 2 values of pairs, row by row above the diagonal."""
    classes = (1 + int(np.sqrt(1 + 8 * own.size))) // 2
    matrix = np.zeros((classes, classes))
    matrix[np.triu_indices(classes, 1)] = own
    return matrix + matrix.T
