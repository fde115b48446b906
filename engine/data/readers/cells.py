"""What stands in a cell of a CSV file: a number, a number written in another way, or nothing."""

import math
import re
from typing import Final

from engine.data.readers.reading import Decimal
from engine.sentences import shown

_MISSING: Final = ("", "nan", "na", "n/a", "#n/a", "<na>", "null", "?", "inf", "infinity")
_DASHES: Final = ("-", "–", "—", "−")
_OTHERWISE: Final = re.compile(
    r"""
    [-+−–]?[$€£¥]?\s?
    (
        \d+,\d+                                      # 1,5
        | \d{1,3}([,.'’_\s]\d{3})+([.,]\d+)?         # 1,234.5 or 1.234,5 or 1 234
        | \d+(_\d+)+                                 # 1_000
        | \d+(\.\d+)?                                # what has another minus, money or % beside it
    )
    (e[-+−–]?\d+)?\s?[%$€£¥]?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_LONGEST_NUMBER: Final = 100


def number_in(cell: str) -> float | None:
    """The finite number that a cell holds; None for anything else."""
    try:
        number = math.nan if "_" in cell else float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def number_with(cell: str, decimal: Decimal) -> float | None:
    """The same of a cell that may be written with a decimal comma; a point is none of it then."""
    if decimal == "point":
        return number_in(cell)
    return None if "." in cell else number_in(cell.replace(",", "."))


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a value that is missing: empty, NA, N/A, null, ?, NaN, infinity.

    A sign alone is text: classes may be called + and -.
    """
    if cell[-1:].isdigit():  # as no word for it does
        return False
    word = cell.strip().lower()
    return word in _MISSING or word.lstrip("+-") in _MISSING[1:]


def is_dash(cell: str) -> bool:
    """Whether a cell holds a dash alone, which among numbers or dates is a missing value."""
    return cell.strip() in _DASHES


def may_be_left_out(cell: str, *, among_numbers: bool = False) -> bool:
    """Whether a cell stands for a value that nobody knows, and not for infinity.

    Args:
        cell: any.
        among_numbers: whether it is one of a column of numbers or dates.
    """
    if among_numbers and is_dash(cell):
        return True
    return is_missing(cell) and "inf" not in cell.lower()


def is_written_otherwise(cell: str) -> bool:
    """Whether a cell is a number with a decimal comma, separators of thousands, a unit of money."""
    spaced = cell.strip().replace("\u00a0", " ").replace("\u202f", " ")
    return len(spaced) <= _LONGEST_NUMBER and bool(_OTHERWISE.fullmatch(spaced))


def cell_in_words(cell: str) -> str:
    """A cell as part of a message."""
    return shown(cell.strip()) if cell.strip() else "an empty cell"
