"""Rows of a CSV file as numbers: many at once where they are plain, else one by one."""

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.readers.cells import cell_in_words, is_missing, number_in
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Block, Row

_EXACT: Final = 2**53
"""Older versions of NumPy read an integer that is too large for its type as another one, which is
beyond this."""


class Columns(NamedTuple):
    """What each row has.

    Attributes:
        file: how a message calls it.
        names: of the columns.
        place: of the column to predict, among them.
    """

    file: str
    names: Sequence[str]
    place: int


class Piece(NamedTuple):
    """Rows that follow each other.

    Attributes:
        inputs: (N, D), finite: the cells of all columns but the one to predict.
        cells: the different ones in that column, as they first occur.
        which: (N,), of these each row has.
        lines: the number of each row's last line.
    """

    inputs: NDArray[np.float64]
    cells: Sequence[str]
    which: NDArray[np.intp]
    lines: Sequence[int]


def plain_piece(block: Block, separator: str, columns: Columns) -> Piece | None:
    """A block of rows, or None if any of them has to be looked at by itself.

    NumPy's parser reads many more a second than `one_by_one`, and nothing that this would refuse or
    read as something else: cells in quotation marks have to end where their marks do.
    """
    text = block.text
    quotation = None
    if '"' in text:
        marks = _Marks(text, separator)
        if not marks.are_around_cells:
            return None
        if marks.say_nothing:
            text = marks.text_without
        else:
            quotation = '"'
    if not text or text.isspace() or "\0" in text:
        return None
    text_lines = text.split("\n" if "\n" in text else "\r")
    seen = _numbering()
    kind, below = (np.int64, _EXACT) if _has_only_integers(text) else (np.float64, np.inf)
    try:
        values = np.loadtxt(
            text_lines,
            kind,
            delimiter=separator,
            comments=None,
            quotechar=quotation,
            converters={columns.place: seen.__getitem__},
            encoding=None,
            ndmin=2,
        ).astype(np.float64, copy=False)
    except ValueError:
        return None
    if values.shape[1] != len(columns.names) or not (np.abs(values) < below).all():
        return None
    if any(map(is_missing, seen)):
        return None
    lines: Sequence[int] = block.lines
    if len(values) != len(lines):
        by_line = zip(lines, text_lines, strict=False)
        lines = [number for number, line in by_line if line not in ("", "\r")]
    which = values[:, columns.place].astype(np.intp)
    return Piece(np.delete(values, columns.place, axis=1), [*seen], which, lines)


def one_by_one(rows: Iterable[Row], columns: Columns, check: Callable[[int, str], None]) -> Piece:
    """The same of any rows.

    Args:
        rows: to read.
        columns: that they have.
        check: refuses what cannot be predicted, given its line and the cell.

    Raises:
        InputError: a row has another number of cells, or a cell holds no finite number.
    """
    place = columns.place
    features = [*columns.names[:place], *columns.names[place + 1 :]]
    seen = _numbering()
    values, which, lines = array("d"), array("q"), array("q")
    for line, cells in rows:
        if len(cells) != len(columns.names):
            where = f"{columns.file}, line {line}"
            raise wrong(where, f"{len(columns.names)} cells", str(len(cells)))
        cell = cells.pop(place)
        check(line, cell)
        values.extend(_numbers(columns.file, line, features, cells))
        which.append(seen[cell])
        lines.append(line)
    inputs = np.frombuffer(values).reshape(-1, len(features))
    return Piece(inputs, [*seen], np.array(which, np.intp), lines)


def _numbering() -> defaultdict[str, int]:
    """Numbers from 0 for the keys that are asked for."""
    return defaultdict(count().__next__)


class _Marks:
    """The quotation marks in whole lines of text.

    Attributes:
        are_around_cells: whether cells begin and end with them; a cell may have doubled ones in it.
        say_nothing: whether cells are the same without them, if they are around cells.
        text_without: what is left of the text then.
    """

    def __init__(self, text: str, separator: str) -> None:
        parts = text.split('"')
        inside, between = "".join(parts[1::2]), {*parts[2:-1:2]}
        before, after = parts[0], parts[-1]
        ends = (separator, "\r", "\n")
        self.are_around_cells = (
            len(parts) % 2 == 1
            and (not before or before.endswith(ends))
            and (not after or after.startswith(ends))
            and all(not part or (part.startswith(ends) and part.endswith(ends)) for part in between)
            and "\n" not in inside
            and "\r" not in inside
        )
        self.say_nothing = "" not in between and separator not in inside
        self.text_without = "".join(parts)


def _has_only_integers(text: str) -> bool:
    """Whether the cells are integers that NumPy parses faster as such, with the same result."""
    if "." in text or "-0" in text:
        return False
    return not text.encode().translate(None, b"0123456789-,;\t\r\n")


def _numbers(file: str, line: int, names: Sequence[str], cells: Sequence[str]) -> list[float]:
    """The finite numbers in the cells of one row, of the columns of these names."""
    try:
        numbers = list(map(float, cells))
    except ValueError:
        numbers = [math.nan]
    if all(map(math.isfinite, numbers)) and "_" not in "".join(cells):
        return numbers
    misfits = (pair for pair in zip(names, cells, strict=True) if number_in(pair[1]) is None)
    name, cell = next(misfits)
    raise wrong(f"{file}, line {line}, column {name!r}", "a number", cell_in_words(cell))
