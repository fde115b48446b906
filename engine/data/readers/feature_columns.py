"""Columns of a table that are features: numbers, dates and text, taken in batch by batch."""

import math
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.readers import limits
from engine.data.readers.cells import (
    cell_in_words,
    is_written_otherwise,
    may_be_left_out,
    number_with,
)
from engine.data.readers.dates import days_in
from engine.data.readers.reading import Decimal
from engine.data.readers.refusals import wrong

_Column = tuple[NDArray[np.float64], list[str]]


class FeatureColumn(ABC):
    """One of them.

    Args:
        file: how a message calls it.
        name: of the column.
    """

    def __init__(self, file: str, name: str) -> None:
        self._file, self._name = file, name
        self._kept = array("d")

    @property
    def width(self) -> int:
        """Features that it becomes, as far as that is known."""
        return 1

    @property
    def note(self) -> str:
        """What became of its cells, for people; empty if that goes without saying."""
        return ""

    def parse(
        self, cells: Sequence[str], lines: Sequence[int], *, may_miss: bool
    ) -> NDArray[np.float64]:
        """(N,) cells of rows as numbers; NaN for one that is missing.

        Args:
            cells: N of them.
            lines: of each row the number of its last line.
            may_miss: whether a cell may be missing.

        Raises:
            InputError: a cell is not as it should be.
        """
        values = self._parse(cells, lines)
        if not may_miss:
            for row in np.flatnonzero(np.isnan(values))[:1]:
                raise self._misfit(cells[row], lines[row])
        return values

    def keep(self, values: NDArray[np.float64]) -> None:
        """Keep numbers that `parse` gave."""
        self._kept.frombytes(values.tobytes())

    def made(self) -> _Column:
        """(N, width) what was kept, and the name of each feature."""
        return np.frombuffer(self._kept).reshape(-1, 1), [self._name]

    @abstractmethod
    def _parse(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.float64]:
        """Like `parse`, where any cell may be missing."""

    def _misfit(self, cell: str, line: int, wanted: str = "a number") -> Exception:
        where = f"{self._file}, line {line}, column {self._name!r}"
        return wrong(where, wanted, cell_in_words(cell))

    def _one_by_one(
        self,
        cells: Sequence[str],
        lines: Sequence[int],
        read: Callable[[str], float | None],
        wanted: Callable[[str], str],
    ) -> NDArray[np.float64]:
        """Each cell by itself."""
        values = np.empty(len(cells))
        for row, cell in enumerate(cells):
            value = read(cell)
            if value is None:
                if not may_be_left_out(cell, among_numbers=True):
                    raise self._misfit(cell, lines[row], wanted(cell))
                value = math.nan
            values[row] = value
        return values


class NumberColumn(FeatureColumn):
    """Finite numbers.

    Args:
        file: how a message calls it.
        name: of the column.
        decimal: the mark in its numbers.
    """

    def __init__(self, file: str, name: str, decimal: Decimal) -> None:
        super().__init__(file, name)
        self._decimal: Decimal = decimal

    def _parse(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.float64]:
        spelled, odd = cells, "_"
        if self._decimal == "comma":
            spelled, odd = [cell.replace(",", ".") for cell in cells], "._"
        try:
            values = np.array([*map(float, spelled)])
        except ValueError:
            values = np.full(1, math.nan)
        together = "".join(cells)
        if np.isfinite(values).all() and not any(mark in together for mark in odd):
            return values
        return self._one_by_one(
            cells, lines, lambda cell: number_with(cell, self._decimal), self._wanted
        )

    def _wanted(self, cell: str) -> str:
        if is_written_otherwise(cell):
            return f"a number with a decimal {self._decimal} and no other signs"
        return "a number"


class DateColumn(FeatureColumn):
    """Dates, as days since 1970-01-01."""

    @property
    def note(self) -> str:
        """What the numbers are."""
        return f"{self._file}, column {self._name!r}: dates are days since 1970-01-01."

    def _parse(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.float64]:
        wanted = "a date such as 2024-01-31 or 31.01.2024"
        return self._one_by_one(cells, lines, days_in, lambda _: wanted)


class TextColumn(FeatureColumn):
    """Text, as a column of 0 and 1 for each different one."""

    def __init__(self, file: str, name: str) -> None:
        super().__init__(file, name)
        self._texts: dict[str, int] = {}

    @property
    def width(self) -> int:
        """So many different texts so far."""
        return len(self._texts)

    @property
    def note(self) -> str:
        """How many columns there are, and what a missing text is."""
        kept = np.frombuffer(self._kept)
        missing = int(np.count_nonzero(np.isnan(kept)))
        what = f"{self._file}, column {self._name!r}: "
        count = len(self._used)
        what += "its 1 text is a column" if count == 1 else f"its {count} texts are columns"
        what += " of 0 and 1"
        return f"{what}, all 0 where it is missing ({missing:,} rows)." if missing else f"{what}."

    def made(self) -> _Column:
        """(N, width) a 1 in the column of each row's text; texts are in order."""
        kept, names = np.frombuffer(self._kept), [*self._texts]
        used = sorted(self._used, key=names.__getitem__)
        columns = (kept[:, np.newaxis] == np.array(used, np.float64)).astype(np.float64)
        return columns, [f"{self._name} = {names[index]}" for index in used]

    @property
    def _used(self) -> list[int]:
        """Those texts that rows have that were kept."""
        kept = np.frombuffer(self._kept)
        return [int(index) for index in np.unique(kept[~np.isnan(kept)])]

    def _parse(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.float64]:
        texts = self._texts
        codes = {cell: self._code(cell) for cell in dict.fromkeys(cells)}
        if len(texts) > limits.MAX_TEXTS:
            last = [*texts][limits.MAX_TEXTS]
            row = next(row for row, cell in enumerate(cells) if cell.strip() == last)
            wanted = f"at most {limits.MAX_TEXTS} different texts in the column, or it ignored"
            raise self._misfit(cells[row], lines[row], wanted)
        return np.fromiter(map(codes.__getitem__, cells), np.float64, len(cells))

    def _code(self, cell: str) -> float:
        if may_be_left_out(cell):
            return math.nan
        return self._texts.setdefault(cell.strip(), len(self._texts))
