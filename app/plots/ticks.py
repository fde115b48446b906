"""Round numbers for the ticks and levels of what the window draws."""

import math
from collections.abc import Sequence
from typing import Final

_USUAL: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_FEWEST = 2  # fewer say nothing about the scale
_SLACK = 1e-9


def round_numbers(
    low: float, high: float, most: int, steps: Sequence[float] = _USUAL
) -> list[float]:
    """Evenly spaced round numbers from just below ``low`` to just above ``high``.

    They are those of matplotlib's ``MaxNLocator``, without its half a second of loading, except
    where a range is tiny beside its numbers.

    Args:
        low: the lower end.
        high: the upper end, above it.
        most: how many spaces between them there may be.
        steps: what a space may be, times a power of ten; from 1 to 10, rising.
    """
    if not high > low:
        return [low]
    wanted = (high - low) / most
    power = math.floor(math.log10(wanted))
    spaces = [step * 10.0**exponent for exponent in (power - 1, power) for step in steps]
    large_enough = [space for space in spaces if space >= wanted * (1 - _SLACK)]
    start = spaces.index(large_enough[0]) if large_enough else len(spaces) - 1
    numbers: list[float] = []
    for space in reversed(spaces[: start + 1]):
        first, last = math.floor(low / space + _SLACK), math.ceil(high / space - _SLACK)
        numbers = [count * space for count in range(first, last + 1)]
        if sum(low <= number <= high for number in numbers) >= _FEWEST:
            break
    return numbers
