"""Where two measured lines cross."""

from collections.abc import Sequence

import numpy as np


def crossings(
    x: Sequence[float], first: Sequence[float], second: Sequence[float]
) -> list[tuple[float, float]]:
    """Where two lines through measured points cross, if powers of x lie between the points.

    Args:
        x: (n,) rising, above 0.
        first: (n,) values of the one line, above 0.
        second: (n,) those of the other.

    Returns:
        For each crossing how many points lie before it, as a fraction between two of them, counted
        from 0; and x there.
    """
    gaps = np.log(np.asarray(first, np.float64)) - np.log(np.asarray(second, np.float64))
    found = []
    for index in range(len(gaps) - 1):
        here, there = float(gaps[index]), float(gaps[index + 1])
        if here * there < 0:
            share = here / (here - there)
            found.append((index + share, float(x[index] * (x[index + 1] / x[index]) ** share)))
    return found
