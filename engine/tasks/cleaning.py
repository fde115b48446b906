"""Data hyper-cleaning: which training examples to trust, and how well one found those to distrust.

Franceschi, Donini, Frasconi and Pontil (2017), "Forward and reverse gradient-based hyperparameter
optimization", section 5.1: each training example has a weight; the validation part, which is known
to be right, says through the hypergradient which weights should fall. The final model is trained on
both parts together.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.data.splits import Part
from engine.experiments.measures import ALL_EXAMPLES, DETECTION, ORACLE, VALIDATION_ONLY
from engine.hyperparameters.example_weights import found_by
from engine.kernels.examples import Examples, make_examples


def final_examples(
    train: Part, validation: Part, weights: Floats, precision: type[np.floating[Any]]
) -> tuple[Examples, Floats]:
    """What the final model is trained on: both parts together, but for weights of 0.

    Args:
        train: N examples, with the labels that they were given.
        validation: V examples.
        weights: (N,) of the training examples, when those of the validation part get the largest of
            them; or (N + V,) of all.
        precision: in which to keep the inputs.

    Returns:
        n examples, and their weights (n,), of mean 1.
    """
    if len(weights) == len(train.targets):
        trusted = weights.max() or 1.0
        weights = np.concatenate([weights, np.full(len(validation.targets), trusted)])
    if not weights.any():  # there is no validation part, and nothing is trusted
        weights = np.ones_like(weights)
    kept = weights > 0
    inputs = np.concatenate([train.inputs, validation.inputs])[kept]
    targets = np.concatenate([train.targets, validation.targets])[kept]
    return make_examples(inputs, targets, precision), weights[kept] / weights[kept].mean()


def detection(weights: Floats | None, moved: NDArray[np.bool_]) -> dict[str, float | None]:
    """The measures of how well small weights find the labels that were moved, by name.

    Args:
        weights: (N,); None where there are none, and nothing is known.
        moved: (N,) which labels were.
    """
    names = [measure.name for measure in DETECTION]
    found = (None, None, None) if weights is None else found_by(weights, moved)
    return dict(zip(names, found, strict=True))


def fixed_weights(
    rows: int, train: int, validation: int, moved: NDArray[np.bool_] | None
) -> Mapping[str, Floats]:
    """Weights of both parts that learned ones are to be compared with, by name.

    Args:
        rows: seeds with weights of their own.
        train: N.
        validation: V.
        moved: (rows, N) which labels were moved; None if none were.

    Returns:
        (rows, N + V) each: the oracle knows which labels were moved, the others do not.
    """

    def both(of_training: Floats) -> Floats:
        return np.concatenate([of_training, np.ones((rows, validation))], axis=1)

    found = {}
    if moved is not None:
        found[ORACLE] = both(np.where(moved, 0.0, 1.0))
    found[ALL_EXAMPLES] = both(np.ones((rows, train)))
    if validation:
        found[VALIDATION_ONLY] = both(np.zeros((rows, train)))
    return found
