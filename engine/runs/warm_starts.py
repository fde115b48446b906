"""Where trials start that minimise the training loss: from the nearest minimum that is known.

Minima move little from one trial to a near one, so that L-BFGS has less to do (Pedregosa 2016, as
for the steps of HOAG). Of trials that are proposed together none waits for another: all start from
what was known before, so that nothing depends on who does them, and how many at the same time.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats

_BYTES: Final = 100_000_000
"""Of minima that are remembered; beyond, the oldest are forgotten."""


class WarmStarts:
    """The minima of trials so far.

    Args:
        wanted: whether trials start warm at all.

    Attributes:
        wanted: the same.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self._places: list[Floats] = []
        self._minima: list[tuple[Floats, ...]] = []

    @property
    def state(self) -> tuple[tuple[Floats, tuple[Floats, ...]], ...]:
        """All that it remembers: of trials where they were, (D,), and their minima, (P,) each."""
        return tuple(zip(self._places, self._minima, strict=True))

    @state.setter
    def state(self, state: Sequence[tuple[Floats, tuple[Floats, ...]]]) -> None:
        self._places = [place for place, _ in state]
        self._minima = [minima for _, minima in state]

    def of(self, proposal: Floats) -> tuple[Floats, ...] | None:
        """(P,) each: a minimum for each seed; empty while none is known; None if not wanted.

        Args:
            proposal: (D,) of the trial that starts there.
        """
        if not self.wanted or not self._places:
            return () if self.wanted else None
        far = np.linalg.norm(np.array(self._places) - proposal, axis=1)
        nearest: tuple[Floats, ...] = self._minima[int(np.argmin(far))]
        return nearest

    def remember(self, proposal: Floats, ends: Sequence[Floats | None]) -> None:
        """Take note of where a trial ended, seed by seed; None where training diverged.

        Args:
            proposal: (D,) of the trial.
            ends: (P,) each.
        """
        known = tuple(end for end in ends if end is not None)
        if not self.wanted or not known or len(known) < len(ends):
            return
        self._places.append(proposal)
        self._minima.append(known)
        most = max(1, _BYTES // max(sum(end.nbytes for end in known), 1))
        del self._places[:-most], self._minima[:-most]
