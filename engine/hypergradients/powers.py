"""Powers of I − ηH: a step η that they shrink with, and whether they do."""

from collections.abc import Generator
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.hypergradients.linear_system import LinearSystem
from engine.hypergradients.result import Progress
from engine.randomness import generator

_ROUNDS: Final = 20  # of the power method, which finds the largest curvature to some per cent
_MARGIN: Final = 1.1


def safe_step(system: LinearSystem) -> Generator[Progress, None, float]:
    """A bit less than 1 over the largest curvature of H, found by the power method."""
    direction = generator(0).standard_normal(system.right.size)
    curvature = 0.0
    for _ in range(_ROUNDS):
        direction /= float(np.linalg.norm(direction)) or 1.0
        direction = system.multiply(direction)
        curvature = float(np.linalg.norm(direction))
        yield Progress("solving", 0, float("nan"), 0)
    return 1 / (_MARGIN * curvature) if curvature else 1.0


class Growth:
    """Whether what is added up grows shorter.

    Args:
        first: (P,) the first term.
    """

    def __init__(self, first: Floats) -> None:
        self._first = self._last = float(np.linalg.norm(first))
        self._before = self._last

    def note(self, term: Floats) -> None:
        """Look at the next term."""
        self._before, self._last = self._last, float(np.linalg.norm(term))

    def remarks(self, what: str, term: str, step: float) -> tuple[str, ...]:
        """A sentence, if it grew.

        Args:
            what: that was added up.
            term: what people call the last that was added.
            step: η.
        """
        if not self._last > self._before:
            return ()
        ratio, grown = self._last / self._before, self._last / (self._first or 1.0)
        return (
            f"{what} diverges: {term} is {ratio:.3g} × as long as the one before, and "
            f"{grown:.3g} × as long as the first. The step {step:.3g} is too large, or the Hessian "
            "indefinite.",
        )
