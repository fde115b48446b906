"""Whether a gradient that is evaluated again is the same again."""

from array import array

import numpy as np

from engine.arrays import Floats


class Repeats:
    """Remembers, for each training iteration, where the loss was last evaluated and what it gave.

    Both are remembered as hashes, 16 bytes an iteration.
    """

    def __init__(self) -> None:
        self._places, self._results = array("q"), array("q")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was remembered yet."""
        return not self._places

    def is_contradicted(self, w: Floats, t: int, loss: float, gradient: Floats) -> bool:
        """Remember an evaluation; tells whether the one before, at the same place, gave other bits.

        Args:
            w: (P,) elementary parameters.
            t: training iteration.
            loss: the training loss there.
            gradient: (P,) its gradient.
        """
        place, result = hash(w.tobytes()), hash((np.float64(loss).tobytes(), gradient.tobytes()))
        if (more := t + 1 - len(self._places)) > 0:
            for hashes in (self._places, self._results):
                hashes.extend([0] * more)
        is_known = self._places[t] == place
        if is_known and self._results[t] != result:
            return True
        self._places[t], self._results[t] = place, result
        return False
