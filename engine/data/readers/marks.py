"""How a table is likely to be written: its separator, its decimal mark, its first row."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

from engine.data.readers.cells import is_missing, is_written_otherwise, number_with
from engine.data.readers.column_kinds import kind_of
from engine.data.readers.dates import is_date
from engine.data.readers.headings import heading_of
from engine.data.readers.reading import MARKS, Decimal, Separator
from engine.data.readers.rows import separator_in

_LIKELY_FIRST: Final[tuple[Separator, ...]] = ("tab", "semicolon", "comma")
_WITH_COMMA: Final = re.compile(r"\s*[-+]?\d*,\d+([eE][-+]?\d+)?\s*", re.ASCII)
_WITH_POINT: Final = re.compile(r"\s*[-+]?\d*\.\d+([eE][-+]?\d+)?\s*", re.ASCII)
_GROUPED: Final = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*", re.ASCII)


def separator_of(lines: Sequence[str]) -> Separator:
    """What makes equally many cells of each line, or the most cells of the first one."""
    for name in _LIKELY_FIRST:
        try:
            rows = csv.reader(lines, delimiter=MARKS[name], skipinitialspace=True)
            counts = {len(row) for row in rows if any(row)}
        except csv.Error:
            continue
        if len(counts) == 1 and counts != {1}:
            return name
    return usual_separator(lines)


def usual_separator(lines: Sequence[str]) -> Separator:
    """What makes the most cells of the first line; a comma, if that is no line of cells."""
    try:
        mark = separator_in(lines[0]) if lines else ","
    except csv.Error:  # which the reader puts into words
        mark = ","
    return next(name for name in _LIKELY_FIRST if MARKS[name] == mark)


def decimal_in(cells: Iterable[str]) -> Decimal:
    """A comma, if more numbers have one than a point, and not all as between thousands."""
    commas = grouped = points = 0
    for cell in cells:
        commas += bool(_WITH_COMMA.fullmatch(cell))
        grouped += bool(_GROUPED.fullmatch(cell))
        points += bool(_WITH_POINT.fullmatch(cell))
    return "comma" if commas > max(points, grouped) else "point"


def has_header(first: Sequence[str], below: Sequence[Sequence[str]], decimal: Decimal) -> bool:
    """Whether the first row names the columns.

    It does if it has text above numbers or dates. Where all columns are text, it does unless one of
    its cells comes again below. Of numbers only, `engine.data.readers.headings` decides.
    """
    columns = [[row[place] for row in below if place < len(row)] for place in range(len(first))]
    kinds = [kind_of(cells, decimal) for cells in columns]
    above = [cell for cell, kind in zip(first, kinds, strict=True) if kind not in _TEXT]
    if not above:
        known = [not is_missing(cell) for cell in first]
        return not any(
            is_known and cell in cells
            for is_known, cell, cells in zip(known, first, columns, strict=True)
        )
    if any(_is_name(cell, decimal) for cell in above):
        return True
    if decimal == "comma":
        first = [cell.replace(",", ".") for cell in first]
        below = [[cell.replace(",", ".") for cell in row] for row in below]
    return all(map(is_missing, above)) or not heading_of(first, below, None).is_example


_TEXT: Final = ("text", "nothing")


def _is_name(cell: str, decimal: Decimal) -> bool:
    is_value = number_with(cell, decimal) is not None or is_written_otherwise(cell) or is_date(cell)
    return not is_value and not is_missing(cell)
