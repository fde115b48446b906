"""How often to do what takes longer each time."""

import time
from collections.abc import Callable

_PAUSE = 20  # times as long as it took
_LEAST_SECONDS = 1.0


class Pace:
    """Spaces out something that is done again and again while other work goes on.

    A run's files are written anew as a whole each time, so that a kill leaves whole ones, and a
    write takes the longer the more the run has told. Each pause is at least twenty times as long
    as what was done before it. So all but the last write take no more than a twentieth of the run
    together, which grows with its length, not with its square.

    Args:
        clock: tells the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = clock()

    def is_due(self) -> bool:
        """Whether enough time has passed since the last time."""
        return self._clock() >= self._next

    def do(self, what: Callable[[], object]) -> None:
        """Do it now, due or not."""
        began = self._clock()
        what()
        ended = self._clock()
        self._next = ended + max(_PAUSE * (ended - began), _LEAST_SECONDS)
