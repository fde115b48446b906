"""Rows of things of different sizes, in columns where one row is not enough."""

from collections.abc import Sequence
from typing import Final

APART: Final = 6


def in_rows(sizes: Sequence[int], width: int) -> list[tuple[int, int]]:
    """Where entries of these sizes go in rows of a width: x, and the row.

    In one row if they fit, else in columns. These are as wide as one of the entries; those that are
    wider take several. Of the widths that make the fewest rows, that is chosen which is too small
    for the fewest entries.
    """
    if sum(sizes) + APART * (len(sizes) - 1) <= width:
        return _in_columns(sizes, width, 1)

    def rows_and_misfits(column: int) -> tuple[int, int]:
        places = _in_columns(sizes, width, column)
        return places[-1][1], sum(size + APART > column for size in sizes)

    columns = {size + APART for size in sizes}
    return _in_columns(sizes, width, min(sorted(columns), key=rows_and_misfits))


def _in_columns(sizes: Sequence[int], width: int, column: int) -> list[tuple[int, int]]:
    places = []
    x = row = 0
    for size in sizes:
        if x and x + size > width:
            x, row = 0, row + 1
        places.append((x, row))
        x += -(-(size + APART) // column) * column
    return places
