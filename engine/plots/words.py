"""Numbers in words: short, but with the digits that tell one from another."""

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from engine.arrays import Floats

MOST_DIGITS: Final = 17
"""Significant digits that tell any two floating-point numbers apart."""

_THOUSANDS: Final = re.compile(r"^(\D*)(\d{4,})")
_TRUE: Final = 0.01
"""Of the least distance of two ticks, by which what one says may be beside where it is."""
_MORE: Final = 6
"""Digits fewer than so many, besides the usual ones, that round numbers may need."""
_PIXELS: Final = 1000  # about as many as a plot is high

Write = Callable[[float, int], str]
"""(value, significant digits) → text."""


def number_in_words(value: float, digits: int) -> str:
    """A number with so many significant digits: "0.3001", "1,250"."""
    return f"{value:,.{digits}g}"


def with_separators(text: str) -> str:
    """A text that is a number, its thousands apart: "1,250.5" for "1250.5"."""
    return _THOUSANDS.sub(lambda found: f"{found[1]}{int(found[2]):,}", text)


def bytes_in_words(count: float, digits: int = 3) -> str:
    """A number of bytes for a tick or a caption: "1.5 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 999.5:
            return f"{number_in_words(count, digits)} {unit}"
        count /= 1000
    if abs(count) >= 999.5:
        return f"{count:.{max(0, digits - 4)}f} TB"
    return f"{number_in_words(count, digits)} TB"


def apart(values: Sequence[float], digits: int, write: Write = number_in_words) -> list[str]:
    """Numbers with the same count of digits, as many as it takes to tell different ones apart.

    Args:
        values: the numbers.
        digits: how many of them there are usually.
        write: how one number is written.
    """
    different = len({value for value in values if not math.isnan(value)})
    texts: list[str] = []
    for more in range(digits, max(digits, MOST_DIGITS) + 1):
        texts = [write(value, more) for value in values]
        if len(set(texts)) >= different:
            break
    return texts


def ticks_in_words(
    values: Sequence[float], digits: int, write: Write = number_in_words
) -> list[str]:
    """Ticks of an axis, each as what it is: ticks in even steps read as if in even steps.

    "0.1, 0.102, 0.105" would say otherwise of 0.1, 0.1025 and 0.105.

    Args:
        values: where the ticks stand.
        digits: how many significant digits there are usually.
        write: how one is written.
    """
    return apart(values, _digits_that_say(values, digits), write)


def reads_as(texts: Sequence[str], values: Sequence[float]) -> bool:
    """Whether texts of plain numbers say what ticks are, by a small part of what is between two.

    Texts with units, as "500 B", are whatever those who wrote them wanted.
    """
    room = _TRUE * _least_gap(values)
    try:
        numbers = [float(text.replace(",", "")) for text in texts]
    except ValueError:
        return True
    return all(abs(one - value) <= room for one, value in zip(numbers, values, strict=True))


def _digits_that_say(values: Sequence[float], digits: int) -> int:
    known = [value for value in values if math.isfinite(value)]
    for more in range(digits, digits + _MORE):
        if reads_as([f"{value:.{more}g}" for value in known], known):
            return more
    return digits  # they are not round


def _least_gap(values: Sequence[float]) -> float:
    different = sorted(set(values))
    return min((b - a for a, b in pairwise(different)), default=math.inf)


def digits_to_see(value: float, span: float, digits: int) -> int:
    """How many significant digits of a number tell it from what is drawn a pixel beside it.

    Args:
        value: the number.
        span: of the values that are shown, where it is.
        digits: how many digits there are at least.
    """
    step = span / _PIXELS
    if not (math.isfinite(value) and math.isfinite(step) and value and step):
        return digits
    needed = math.floor(math.log10(abs(value))) - math.floor(math.log10(abs(step))) + 1
    return min(max(digits, needed), MOST_DIGITS)


def digits_between(values: Floats, digits: int) -> int:
    """How many significant digits tell each number of a column from the next.

    Args:
        values: (n,) the column; what is not finite does not count.
        digits: how many digits there are at least.
    """
    known = values[np.isfinite(values)]
    steps = np.abs(np.diff(known))
    larger = np.maximum(np.abs(known[1:]), np.abs(known[:-1]))[steps > 0]
    steps = steps[steps > 0]
    if not steps.size:
        return digits
    needed = int((np.floor(np.log10(larger)) - np.floor(np.log10(steps))).max()) + 1
    return min(max(digits, needed), MOST_DIGITS)
