"""Tables that are read as a person says, column by column."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from engine.data.dataset import Dataset
from engine.data.readers import limits
from engine.data.readers.arrays import stem
from engine.data.readers.beginnings import beginning_of
from engine.data.readers.column_kinds import ColumnKind, kind_of
from engine.data.readers.feature_columns import DateColumn, FeatureColumn, NumberColumn, TextColumn
from engine.data.readers.pieces import Columns, Piece, plain_piece
from engine.data.readers.reading import FILLS, Reading
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Row, Rows
from engine.data.readers.series import in_order, order_column
from engine.data.readers.target_column import TargetColumn
from engine.sentences import one_line

_CELLS_AT_ONCE: Final = 2**15


def read_prepared(path: Path, rows: Rows, target: str | None, reading: Reading) -> Dataset:
    """A data set of a table; see `engine.data.readers.reading.Reading`.

    Whether a column holds numbers, text or dates is decided by its first cells; every other cell
    has to be like them.

    Raises:
        InputError: a row or a cell is not as it should be, or there are too many.
    """
    file, ignored = path.name, frozenset(reading.ignore or ())
    start = beginning_of(rows, target, reading.header)
    origin, place = start.place_of_target(file, target, ignored, reading.order)
    names, reason = start.heading.names, start.heading.reason
    if len(names) > limits.MAX_COLUMNS:
        raise wrong(origin, f"at most {limits.MAX_COLUMNS:,} columns", f"{len(names):,}")
    decimal = reading.decimal or "point"
    kinds = [
        kind_of([row[column] for _, row in start.sample if column < len(row)], decimal)
        for column in range(len(names))
    ]
    if reading.order is None:
        used = [at for at, name in enumerate(names) if name not in ignored and at != place]
        features = [_feature(file, names[column], kinds[column], reading) for column in used]
    else:
        used = [names.index(reading.order)]
        features = [order_column(file, reading.order, kinds[used[0]], reading.decimal or "point")]
    columns = Columns(file, names, place)
    table = _Table(columns, used, features, TargetColumn(columns, kinds[place], reading), reading)
    for batch in _batches(start.examples):
        table.take(batch)
    is_plain = decimal == "point" and _may_be_plain(kinds, place)
    while is_plain and (block := rows.peek()):
        if piece := plain_piece(block, rows.separator, columns):
            rows.skip(block)
            rows.count_empty(len(block.lines) - len(piece.lines))
            table.take_plain(piece)
        else:
            for batch in _batches(rows.that_begin_in_block()):
                table.take(batch)
    for batch in _batches(rows):
        table.take(batch)
    notes = [f"{origin}: {reason}"] if reason else []
    return table.dataset(stem(path), notes + rows.remarks())


def _may_be_plain(kinds: Sequence[ColumnKind], place: int) -> bool:
    """Whether all columns but the one to predict hold numbers, and that one no dates."""
    others = {*kinds[:place], *kinds[place + 1 :]}
    return others <= {"numbers", "whole numbers"} and kinds[place] != "dates"


def _feature(file: str, name: str, kind: ColumnKind, reading: Reading) -> FeatureColumn:
    if kind == "text" and reading.text == "one-hot":
        return TextColumn(file, name)
    if kind == "dates" and reading.dates == "days":
        return DateColumn(file, name)
    return NumberColumn(file, name, reading.decimal or "point")


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that are taken in together, in lists that are not empty."""
    batch: list[Row] = []
    cells = 0
    for row in rows:
        batch.append(row)
        cells += len(row[1])
        if cells > _CELLS_AT_ONCE:
            yield batch
            batch, cells = [], 0
    if batch:
        yield batch


class _Table:
    """The columns that are used, as far as they have been read."""

    def __init__(
        self,
        columns: Columns,
        used: Sequence[int],
        features: Sequence[FeatureColumn],
        target: TargetColumn,
        reading: Reading,
    ) -> None:
        self._columns, self._used = columns, used
        self._file = columns.file
        self._features, self._target = features, target
        self._drops = reading.missing == "drop"
        is_filled = reading.order is None
        self._fill = next((one for one in FILLS if one == reading.missing and is_filled), None)
        self._is_series = not is_filled
        self._total = self._kept = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Take in rows, at least one."""
        lines = [line for line, _ in rows]
        for line, row in rows:
            if len(row) != len(self._columns.names):
                wanted = f"{len(self._columns.names)} cells"
                raise wrong(f"{self._file}, line {line}", wanted, str(len(row)))
        cells = [*zip(*(row for _, row in rows), strict=True)]
        target = cells[self._columns.place]
        is_kept = self._target.is_there(target, lines)
        may_miss = self._drops or self._fill is not None
        parsed = [
            feature.parse(cells[column], lines, may_miss=may_miss)
            for column, feature in zip(self._used, self._features, strict=True)
        ]
        if self._drops:
            is_kept &= ~np.isnan(parsed).any(axis=0)
        for feature, values in zip(self._features, parsed, strict=True):
            feature.keep(values[is_kept])
        kept = np.flatnonzero(is_kept).tolist()
        self._target.keep([target[row] for row in kept], [lines[row] for row in kept])
        self._count(len(rows), len(kept))

    def take_plain(self, piece: Piece) -> None:
        """Take in rows of numbers, in which no cell is missing."""
        place = self._columns.place
        for column, feature in zip(self._used, self._features, strict=True):
            feature.keep(piece.inputs[:, column - (column > place)])
        self._target.predicted.take(piece)
        self._count(len(piece.lines), len(piece.lines))

    def _count(self, rows: int, kept: int) -> None:
        """Refuse rows that are too many."""
        self._total, self._kept = self._total + rows, self._kept + kept
        if self._total > limits.MAX_ROWS:
            raise wrong(self._file, f"at most {limits.MAX_ROWS:,} rows", "more")
        if self._kept * sum(feature.width for feature in self._features) > limits.MAX_NUMBERS:
            raise wrong(self._file, f"at most {limits.MAX_NUMBERS:,} numbers", "more")

    def dataset(self, name: str, notes: list[str]) -> Dataset:
        """All of it; the notes are followed by those on the rows and columns."""
        if not self._kept:
            found = "rows with missing cells only" if self._total else "none"
            raise wrong(self._file, "rows of data below the names of the columns", found)
        targets = self._target.predicted.targets()
        made = [feature.made() for feature in self._features]
        if self._is_series:
            rows = [*notes, self._left_out()]
            return in_order(self._features[0], name, self._columns, targets, rows)
        inputs = np.concatenate([values for values, _ in made], axis=1)
        missing = int(np.count_nonzero(np.isnan(inputs)))
        said = [self._left_out(), self._filled(missing), self._target.predicted.note]
        said += [feature.note for feature in self._features]
        return Dataset(
            name,
            self._file,
            inputs,
            *targets,
            tuple(name for _, names in made for name in names),
            notes=tuple(one_line(note) for note in [*notes, *said] if note),
            fill=self._fill if missing else None,
        )

    def _left_out(self) -> str:
        if self._kept == self._total:
            return ""
        lost = self._total - self._kept
        rows = f"{lost:,} of {self._total:,} rows {'is' if lost == 1 else 'are'} left out"
        what = "a cell" if self._drops else "its target" if lost == 1 else "their target"
        return f"{self._file}: {rows}, because {what} is missing."

    def _filled(self, missing: int) -> str:
        if not missing:
            return ""
        cells = "1 missing cell is" if missing == 1 else f"{missing:,} missing cells are"
        return f"{self._file}: {cells} filled with the {self._fill} of the training part."
