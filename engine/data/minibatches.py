"""Minibatches as a function of (seed, meta-iteration, training iteration)."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.randomness import MINIBATCHES, generator

Order = Literal["shuffled", "in order"]


class Minibatches:
    """The minibatches of one training run, for any iteration in any order.

    Each epoch goes through a fresh permutation of the examples, or through them in order; what is
    left at its end, too few for a whole minibatch, is left out.

    Args:
        count: training examples.
        size: examples a minibatch; all of them, in their own order, if it is at least their number.
        key: (seed, meta-iteration, …): what the permutations depend on.
        order: whether there are permutations.
    """

    def __init__(
        self, count: int, size: int, key: tuple[int, ...], order: Order = "shuffled"
    ) -> None:
        self._count = count
        self._size = size
        self._key = key
        self._per_epoch = max(1, count // size)
        self._shuffled = order == "shuffled"
        self._epoch = -1
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)

    def rows(self, t: int) -> slice | NDArray[np.int64]:
        """Which examples are in the minibatch of training iteration t, counted from 0."""
        if self._size >= self._count:
            return slice(0, self._count)
        epoch, place = divmod(t, self._per_epoch)
        if not self._shuffled:
            return slice(place * self._size, (place + 1) * self._size)
        if epoch != self._epoch:
            self._order = generator(*self._key, MINIBATCHES, epoch).permutation(self._count)
            self._epoch = epoch
        return self._order[place * self._size : (place + 1) * self._size]
