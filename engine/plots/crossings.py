"""Where two measured lines cross."""

from collections.abc import Sequence

import numpy as np


def crossings(x: Sequence[float], first: Sequence[float], second: Sequence[float]) -> list[float]:
    """The x where two lines through measured points cross, if powers of x lie between the points.

    Args:
        x: (n,) rising, above 0.
        first: (n,) values of the one line, above 0.
        second: (n,) those of the other.
    """
    gaps = np.log(np.asarray(first, np.float64)) - np.log(np.asarray(second, np.float64))
    found = []
    for index in range(len(gaps) - 1):
        here, there = float(gaps[index]), float(gaps[index + 1])
        if here * there < 0:
            share = here / (here - there)
            found.append(float(x[index] * (x[index + 1] / x[index]) ** share))
    return found
