"""What kind of column a table has, by its first cells."""

import math
from collections.abc import Sequence
from typing import Literal

from engine.data.readers.cells import is_dash, is_missing, is_written_otherwise, number_with
from engine.data.readers.dates import is_date
from engine.data.readers.reading import Decimal

ColumnKind = Literal["whole numbers", "numbers", "text", "dates", "nothing"]


def kind_of(cells: Sequence[str], decimal: Decimal) -> ColumnKind:
    """What most of the cells are that are not missing; numbers, however written, before text.

    Args:
        cells: of one column, from its first rows.
        decimal: the mark in numbers.
    """
    if decimal == "point" and (plain := _plain_numbers(cells)):
        return "whole numbers" if all(map(float.is_integer, plain)) else "numbers"
    known = [cell for cell in cells if not is_missing(cell)]
    others = [cell for cell in known if not is_dash(cell)]
    if any(number_with(cell, decimal) is not None or is_date(cell) for cell in others):
        known = others  # dashes are missing values then
    if not known:
        return "nothing"
    if 2 * sum(map(is_date, known)) > len(known):
        return "dates"
    numbers = [number_with(cell, decimal) for cell in known]
    texts = sum(
        number is None and not is_written_otherwise(cell)
        for number, cell in zip(numbers, known, strict=True)
    )
    if 2 * texts >= len(known):
        return "text"
    are_whole = all(number is not None and number.is_integer() for number in numbers)
    return "whole numbers" if are_whole else "numbers"


def _plain_numbers(cells: Sequence[str]) -> list[float]:
    """All cells as numbers; none if there is one that is no number."""
    try:
        numbers = [*map(float, cells)]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) and "_" not in "".join(cells) else []
