"""How many iterations may go on before somebody is told."""

from typing import Final

_SECONDS: Final = 0.008  # whoever waits for a pause or a stop waits twice that at most, mostly
_MOST_TIMES_MORE: Final = 8


class Pace:
    """Iterations in a stretch, by how long they took in those before.

    Attributes:
        most: iterations that the next stretch may have, at least 1.
    """

    def __init__(self) -> None:
        self.most = 1

    def took(self, iterations: int, seconds: float) -> None:
        """Learn from a stretch."""
        fitting = int(iterations * _SECONDS / max(seconds, 1e-9))
        self.most = max(1, min(fitting, _MOST_TIMES_MORE * self.most))
