"""Arithmetic in eighty decimal digits, so that forty are right of a derivative by differences.

Nothing here uses the derivatives of the engine, or floating point.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

DIGITS = 80
_STEP = Decimal(10) ** -20

Numbers = Sequence[Decimal]


def solve(matrix: Sequence[Numbers], right: Numbers) -> list[Decimal]:
    """Gaussian elimination with the largest pivots."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for row in range(place + 1, size):
            factor = rows[row][place] / rows[place][place]
            if factor:
                for column in range(place, size + 1):
                    rows[row][column] -= factor * rows[place][column]
    found = [Decimal(0)] * size
    for place in reversed(range(size)):
        known = sum((rows[place][k] * found[k] for k in range(place + 1, size)), Decimal(0))
        found[place] = (rows[place][size] - known) / rows[place][place]
    return found


def derivatives(f: Callable[[Numbers], Decimal], theta: Sequence[float]) -> list[float]:
    """Of a function of some values, by each of them: central differences, off by some 10⁻⁴⁰."""
    with localcontext() as context:
        context.prec = DIGITS
        at = [Decimal(value) for value in theta]
        found = []
        for place in range(len(at)):
            ends = [
                f([value + sign * _STEP * (k == place) for k, value in enumerate(at)])
                for sign in (1, -1)
            ]
            found.append(float((ends[0] - ends[1]) / (2 * _STEP)))
        return found


def exact(numbers: Sequence[float]) -> list[Decimal]:
    """Floating-point numbers as they are."""
    return [Decimal(float(number)) for number in numbers]
