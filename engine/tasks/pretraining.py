"""Pretraining by classification: what a learned representation has to be better than.

The usual way to features for classes that are yet to come: one network learns to tell all the
classes there are apart, by minibatches of ordinary training, and is then kept without its last
layer. It knows nothing of episodes.
"""

from collections.abc import Generator
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.data.characters import Characters
from engine.derivatives.representation import Representation, Represented
from engine.randomness import PRETRAINING, generator

_RATE: Final = 3e-3  # Adam's, falling to 0 along half a cosine
_BETA1: Final = 0.9
_BETA2: Final = 0.999


def pretrain(
    representation: Representation,
    theta: Floats,
    characters: Characters,
    *,
    steps: int,
    batch: int,
    seed: int,
) -> Generator[int, None, Floats]:
    """Train a representation, with a linear softmax on top, to tell all characters apart.

    Args:
        representation: the network.
        theta: (M,) its parameters at the start.
        characters: all classes there are to learn from.
        steps: of Adam (Kingma and Ba 2015).
        batch: drawings each.
        seed: of the minibatches.

    Yields:
        How many steps are done.

    Returns:
        (M,) the parameters at the end.
    """
    classes, each, _ = characters.drawings.shape
    features = representation.features
    edge = theta.size
    parameters = np.concatenate([theta, np.zeros((features + 1) * classes)])
    first, second = np.zeros_like(parameters), np.zeros_like(parameters)
    random = generator(seed, PRETRAINING)
    for step in range(steps):
        targets = random.integers(classes, size=batch)
        drawings = characters.drawings[targets, random.integers(each, size=batch)]
        here = Represented(representation, parameters[:edge], drawings)
        matrix = parameters[edge:].reshape(features + 1, classes)
        scores = here.features @ matrix[:-1] + matrix[-1]
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.arange(batch), targets] -= 1
        shares /= batch
        by_matrix = np.concatenate([here.features.T @ shares, shares.sum(axis=0)[None]])
        gradient = np.concatenate([here.pull_back(shares @ matrix[:-1].T), by_matrix.ravel()])
        first += (1 - _BETA1) * (gradient - first)
        second += (1 - _BETA2) * (gradient**2 - second)
        unbiased = first / (1 - _BETA1 ** (step + 1))
        rate = _RATE * (1 + np.cos(np.pi * step / steps)) / 2
        parameters -= rate * unbiased / (np.sqrt(second / (1 - _BETA2 ** (step + 1))) + 1e-8)
        yield step + 1
    return parameters[:edge].copy()
