"""Minibatches as a function of (seed, meta-iteration, training iteration)."""

import numpy as np
from numpy.typing import NDArray

from engine.randomness import MINIBATCHES, generator
from engine.tasks.splits import Part


class Minibatches:
    """The minibatches of one training run, for any iteration in any order.

    Each epoch goes through a fresh permutation of the examples; what is left at its end, too few
    for a whole minibatch, is left out.

    Args:
        part: the training examples.
        size: examples a minibatch; all of them, in their own order, if it is at least their number.
        key: (seed, meta-iteration, …): what the permutations depend on.
    """

    def __init__(self, part: Part, size: int, key: tuple[int, ...]) -> None:
        self._part = part
        self._size = size
        self._key = key
        self._per_epoch = max(1, len(part.targets) // size)
        self._epoch = -1
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)

    def batch(self, t: int) -> Part:
        """The minibatch of training iteration t, counted from 0."""
        if self._size >= len(self._part.targets):
            return self._part
        epoch, place = divmod(t, self._per_epoch)
        if epoch != self._epoch:
            self._order = generator(*self._key, MINIBATCHES, epoch).permutation(
                len(self._part.targets)
            )
            self._epoch = epoch
        chosen = self._order[place * self._size : (place + 1) * self._size]
        return Part(self._part.inputs[chosen], self._part.targets[chosen])
