"""Powers of I − ηH: a step η that they shrink with, and whether they do."""

from collections.abc import Generator
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.errors import UnsolvedError
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
        what: is added up.
        last: what people call the last that was added.
        step: η.
        first: (P,) the first term.
    """

    def __init__(self, what: str, last: str, step: float, first: Floats) -> None:
        self._what, self._what_is_last, self._step = what, last, step
        self._first = self._last = float(np.linalg.norm(first))
        self._before, self._rounds = self._last, 0

    def note(self, term: Floats) -> None:
        """Look at the next term.

        Raises:
            UnsolvedError: its length is no number any more.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            length = float(np.linalg.norm(term))
        if not np.isfinite(length):
            after = f"{self._rounds + 1:,} round{'s' * (self._rounds > 0)}"
            growing = f", growing {self._last / self._before:.3g} × in one" if self._rounds else ""
            raise UnsolvedError(
                f"{self._what} diverges with the step {self._step:.3g}: {self._what_is_last} is "
                f"beyond all numbers after {after}{growing}",
                "A smaller step helps, unless the Hessian is indefinite.",
            )
        self._before, self._last = self._last, length
        self._rounds += 1

    @property
    def remarks(self) -> tuple[str, ...]:
        """A sentence, if it grew."""
        if not self._last > self._before:
            return ()
        ratio, grown = self._last / self._before, self._last / (self._first or 1.0)
        return (
            f"{self._what} diverges: {self._what_is_last} is {ratio:.3g} × as long as the one "
            f"before, and {grown:.3g} × as long as the first. The step {self._step:.3g} is too "
            "large, or the Hessian indefinite.",
        )
