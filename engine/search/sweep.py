"""Going along a line, or staying in place, whatever the hypergradient says.

The result is not an optimum but a picture: the loss along a line (Maclaurin et al. 2015, figure
10), or at one place with many seeds (figure 4).
"""

from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta


class Sweep:
    """The same step each time, for every coordinate; a `Strategy` that remembers nothing."""

    def __init__(self, step: float) -> None:
        self._step = step
        self.state: dict[str, Any] = {}

    def change(self, gradient: Floats) -> Floats:
        """What to add to the coordinates."""
        return np.full_like(gradient, self._step)


def sweep(meta: Meta) -> Sweep:
    """Along a line, by an experiment's step."""
    return Sweep(meta.step)


def stay(meta: Meta) -> Sweep:
    """In one place, to average over seeds."""
    return Sweep(0.0)
