"""A learning curve from a CSV file: one column of values, or epochs and values."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.arrays import Floats, Integers
from engine.data.readers.cells import cell_in_words, is_dash, is_missing, number_in
from engine.data.readers.contents import opened
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Rows
from engine.forecasting.requests import FARTHEST
from engine.sentences import one_line, shown

_MOST_BYTES: Final = 20_000_000
_COLUMNS: Final = 2
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, eq=False)
class CurveFile:
    """What a file holds.

    Attributes:
        values: (n,) by epoch from 1; NaN: not measured there.
        first: how the file calls the first of them: 1, or 0 where it counts from 0.
        name: of the values, if the file says; else empty.
        lines: (n,) where in the file each value stands, from 1; 0: nowhere.
    """

    values: Floats
    first: int
    name: str
    lines: Integers

    def check_accuracies(self, file: str) -> None:
        """Refuse what is no accuracy between 0 and 1.

        Args:
            file: its name.

        Raises:
            InputError: a value is none; it names the column, the value and its line.
        """
        wrong_ones = np.flatnonzero((self.values < 0) | (self.values > 1))
        if not wrong_ones.size:
            return
        at = int(wrong_ones[0])
        hint = "; if these are percentages, divide by 100" if self.may_be_percent else ""
        where = f"{file}, line {self.lines[at]}"
        found = f"{self.values[at]:g}{hint}"
        raise wrong(where, f"{self.name or 'accuracy'} between 0 and 1", found)

    @property
    def may_be_percent(self) -> bool:
        """Whether values lie from 0 to 100, above 1 among them, and end higher than they begin."""
        finite = self.values[np.isfinite(self.values)]
        if not finite.size or finite[-1] < finite[0]:
            return False
        return bool(finite.min() >= 0 and 1 < finite.max() <= 100)


def read_curve(path: Path | str) -> CurveFile:
    """Read a curve.

    A first row with text in it names the columns. Of two columns the first counts epochs, from 0
    or from 1; what is left out, or empty, was not measured.

    Args:
        path: of a CSV file with one or two columns, which commas, semicolons or tabs separate.

    Raises:
        InputError: in one sentence, what is wrong with it.
    """
    path = Path(path)
    rows, name = list[tuple[int, list[str]]](), ""
    with opened(path) as contents:
        if contents.size(_MOST_BYTES) > _MOST_BYTES:
            raise wrong(path.name, f"at most {_MOST_BYTES:,} bytes", "more")
        for number, cells in Rows(path.name, contents.stream):
            if len(cells) > _COLUMNS:
                found = f"{len(cells)} columns"
                raise wrong(_line(path, number), "one column, or epochs and values", found)
            if not rows and not name and any(map(_is_text, cells)):
                name = one_line(cells[-1].strip(), _LONGEST_NAME) or "value"
                continue
            rows.append((number, cells))
            if len(rows) > FARTHEST:
                raise wrong(path.name, f"at most {FARTHEST:,} values", "more")
    if not rows:
        raise wrong(path.name, "a column of numbers", "none")
    columns = len(rows[0][1])
    if columns == 1:
        lines = np.array([number for number, _ in rows])
        return CurveFile(np.array([_value(path, *row) for row in rows]), 1, name, lines)
    return _by_epoch(path, rows, name)


def _by_epoch(path: Path, rows: list[tuple[int, list[str]]], name: str) -> CurveFile:
    epochs, values, last = list[int](), list[float](), -1
    for number, cells in rows:
        if len(cells) != _COLUMNS:
            raise wrong(_line(path, number), "an epoch and a value", "one cell")
        epoch = number_in(cells[0])
        if epoch is None or epoch != int(epoch) or not 0 <= epoch <= FARTHEST:
            raise wrong(_line(path, number), "the number of an epoch", cell_in_words(cells[0]))
        if epoch <= last:
            wanted = f"epochs that rise, so one after {last}"
            raise wrong(_line(path, number), wanted, shown(int(epoch)))
        last = int(epoch)
        epochs.append(last)
        values.append(_value(path, number, cells))
    first = 0 if epochs[0] == 0 else 1
    curve = np.full(last - first + 1, np.nan)
    lines = np.zeros(len(curve), dtype=np.int64)
    places = np.array(epochs) - first
    curve[places], lines[places] = values, [number for number, _ in rows]
    return CurveFile(curve, first, name, lines)


def _value(path: Path, number: int, cells: list[str]) -> float:
    """NaN where there is none."""
    if len(cells) == 0 or is_missing(cells[-1]) or is_dash(cells[-1]):
        return math.nan
    value = number_in(cells[-1])
    if value is None:
        raise wrong(_line(path, number), "a number", cell_in_words(cells[-1]))
    return value


def _is_text(cell: str) -> bool:
    """Whether a cell is neither a number nor a missing one."""
    return number_in(cell) is None and not is_missing(cell) and not is_dash(cell)


def _line(path: Path, number: int) -> str:
    return f"{path.name}, line {number}"
