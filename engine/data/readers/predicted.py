"""The column of a CSV file that is to be predicted, taken in piece by piece."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.readers import limits
from engine.data.readers.arrays import Data, Targets, as_classes, as_targets
from engine.data.readers.cells import cell_in_words, is_missing, is_written_otherwise, number_in
from engine.data.readers.pieces import Piece
from engine.data.readers.refusals import wrong

_FEW = 10
"""So many classes need not recur."""


class _Misfit(NamedTuple):
    line: int
    cell: str


class PredictedColumn:
    """Its cells as classes or as numbers, as `read_dataset` says.

    Only numbers and the names of not too many classes are kept.

    Args:
        file: how a message calls the file.
        name: of the column.
        has_dates: whether its numbers are days, which are never classes.
        are_numbers: whether its numbers are no classes, even if they are few whole ones.

    Attributes:
        note: what was decided, once `targets` has decided it; empty where there was no doubt.
    """

    def __init__(
        self, file: str, name: str, *, has_dates: bool = False, are_numbers: bool = False
    ) -> None:
        self._file, self._name, self._has_dates = file, name, has_dates
        self._are_numbers = are_numbers
        self._numbers = array("d")
        self._indices = array("B")  # of so few classes, each takes a byte
        self._labels: dict[str, int] = {}
        self._texts = 0
        self._first_misfit: _Misfit | None = None
        self.note = ""

    def check(self, line: int, cell: str) -> None:
        """Refuse a cell that stands for a value that is missing."""
        if is_missing(cell):
            wanted = "a number or the name of a class"
            raise wrong(self._at(line), wanted, cell_in_words(cell))

    def take(self, piece: Piece) -> None:
        """Take in the cells of rows, none of which is missing."""
        labels = [cell.strip() for cell in piece.cells]
        numbers = [number_in(label) for label in labels]
        is_misfit = np.array([number is None for number in numbers])[piece.which]
        if self._first_misfit is None and is_misfit.any():
            row = int(np.argmax(is_misfit))
            self._first_misfit = _Misfit(piece.lines[row], piece.cells[piece.which[row]])
        is_text = np.array(
            [
                number is None and not is_written_otherwise(label)
                for number, label in zip(numbers, labels, strict=True)
            ]
        )
        self._texts += int(np.count_nonzero(is_text[piece.which]))
        values = np.array([0.0 if number is None else number for number in numbers])
        self._numbers.frombytes(values[piece.which].tobytes())
        self._index(labels, piece.which)

    def _index(self, labels: Sequence[str], which: NDArray[np.intp]) -> None:
        """Keep which class each row has, unless there are too many of them."""
        indices = []
        for label in labels:
            if len(self._labels) > limits.MAX_CSV_CLASSES:
                return
            indices.append(self._labels.setdefault(label, len(self._labels)))
        self._indices.frombytes(np.array(indices, np.uint8)[which].tobytes())

    def targets(self) -> Targets:
        """What is to be predicted of each row."""
        count = len(self._numbers)
        if self._first_misfit is None:
            return self._all_numbers(np.frombuffer(self._numbers))
        line, cell = self._first_misfit
        if 2 * self._texts < count:
            wanted = "a number, as in most rows of the column"
            if is_written_otherwise(cell):
                wanted = "a number with a decimal point and no other signs"
            raise wrong(self._at(line), wanted, cell_in_words(cell))
        if len(self._labels) > limits.MAX_CSV_CLASSES:
            wanted = f"a number, or at most {limits.MAX_CSV_CLASSES} classes in the column"
            raise wrong(self._at(line), wanted, cell_in_words(cell))
        if len(self._labels) > _FEW and 2 * len(self._labels) > count:
            wanted = "a number, or classes that recur in the column"
            raise wrong(self._at(line), wanted, cell_in_words(cell))
        if self._texts < count:
            self.note = f"{self._origin}: numbers among its texts are taken as names of classes."
        names = sorted(self._labels)
        order = np.empty(len(names), np.int64)
        for place, name in enumerate(names):
            order[self._labels[name]] = place
        return as_classes(order[np.frombuffer(self._indices, np.uint8)], names, self._origin)

    def _all_numbers(self, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Targets:
        if self._has_dates:
            self.note = f"{self._origin}: dates are days since 1970-01-01."
            return Targets(values, ())
        if self._are_numbers:
            return Targets(values, ())
        whole = np.all(values == np.floor(values)) and np.all(np.abs(values) < 2**53)
        if not whole or len(distinct := np.unique(values)) > limits.MAX_CSV_CLASSES:
            return Targets(values, ())
        self.note = (
            f"{self._origin}: the {len(distinct)} different whole numbers are taken as classes."
        )
        return as_targets(Data(values.astype(np.int64), self._origin))

    @property
    def _origin(self) -> str:
        return f"{self._file}, column {self._name!r}"

    def _at(self, line: int) -> str:
        return f"{self._file}, line {line}, column {self._name!r}"
