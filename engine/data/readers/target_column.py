"""The cells of the column to predict, as `PredictedColumn` reads them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.readers.cells import (
    cell_in_words,
    is_dash,
    is_missing,
    may_be_left_out,
    number_with,
)
from engine.data.readers.column_kinds import ColumnKind
from engine.data.readers.dates import days_in
from engine.data.readers.pieces import Columns, Piece
from engine.data.readers.predicted import PredictedColumn
from engine.data.readers.reading import Reading
from engine.data.readers.refusals import wrong


class TargetColumn:
    """What is to be predicted of rows, batch by batch.

    Args:
        columns: that each row has.
        kind: what most of its first cells are.
        reading: how the table is read.

    Attributes:
        predicted: the same as classes or as numbers.
    """

    def __init__(self, columns: Columns, kind: ColumnKind, reading: Reading) -> None:
        self._file, self._name = columns.file, columns.names[columns.place]
        self._has_numbers = kind not in ("text", "nothing")
        self._has_dates = kind == "dates" and reading.dates == "days"
        self._has_commas = reading.decimal == "comma" and kind in ("numbers", "whole numbers")
        self._may_miss = reading.missing not in (None, "refuse")
        self.predicted = PredictedColumn(
            self._file,
            self._name,
            has_dates=self._has_dates,
            are_numbers=reading.order is not None,
        )

    def is_there(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.bool_]:
        """(N,) whether each row has a target.

        Raises:
            InputError: one has none, and may not miss it.
        """
        numeric = self._has_numbers
        misses = {
            cell: is_missing(cell) or (numeric and is_dash(cell)) for cell in dict.fromkeys(cells)
        }
        for row, cell in enumerate(cells):
            may_miss = self._may_miss and may_be_left_out(cell, among_numbers=numeric)
            if misses[cell] and not may_miss:
                self.predicted.check(lines[row], cell)
        return np.array([not misses[cell] for cell in cells])

    def keep(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Take in the targets of rows, none of which is missing."""
        places: dict[str, int] = {}
        spelled: list[str] = []
        for cell, line in zip(cells, lines, strict=True):
            if cell not in places:
                places[cell] = len(places)
                spelled.append(self._spelled(cell, line))
        if cells:
            which = np.array([places[cell] for cell in cells], np.intp)
            self.predicted.take(Piece(np.empty((len(cells), 0)), spelled, which, lines))

    def _spelled(self, cell: str, line: int) -> str:
        """A cell with a number as Python spells it."""
        if self._has_dates:
            wanted, value = "a date such as 2024-01-31 or 31.01.2024", days_in(cell)
        elif self._has_commas:
            wanted = "a number with a decimal comma and no other signs"
            value = number_with(cell, "comma")
        else:
            return cell
        if value is None:
            where = f"{self._file}, line {line}, column {self._name!r}"
            raise wrong(where, wanted, cell_in_words(cell))
        return repr(value)
