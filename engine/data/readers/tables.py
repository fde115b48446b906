"""CSV files: columns of numbers, and one column to predict."""

import reprlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.data.dataset import Dataset
from engine.data.readers import limits
from engine.data.readers.arrays import stem
from engine.data.readers.contents import Contents
from engine.data.readers.headings import CELLS_BELOW, ROWS_BELOW, heading_of
from engine.data.readers.pieces import Columns, Piece, one_by_one, plain_piece
from engine.data.readers.predicted import PredictedColumn
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Row, Rows
from engine.sentences import one_line, shown


def read_table(path: Path, contents: Contents, target: str | None) -> Dataset:
    """A data set of a CSV file; see `engine.data.readers.read_dataset`."""
    most = limits.MAX_TEXT_BYTES
    if contents.is_packed:  # what is packed so well says little, and would take long to parse
        packed = contents.bytes_on_disk
        most = min(most, max(limits.SMALL_TEXT_BYTES, limits.MAX_UNPACKING * packed))
    if contents.size(most) > most:
        raise wrong(path.name, f"at most {most:,} bytes when unpacked", "more")
    return _read(path, Rows(path.name, contents.stream), target)


def _read(path: Path, rows: Rows, target: str | None) -> Dataset:
    line, first = next(rows, (1, []))
    below = _some(rows)
    heading = heading_of(first, [cells for _, cells in below], target)
    names = heading.names
    place = _check_names(f"{path.name}, line {line}", names, target)
    origin = f"{path.name}, line {line}"
    notes = [f"{origin}: {heading.reason}"] if heading.reason else []
    columns = Columns(path.name, names, place)
    values, column = array("d"), PredictedColumn(path.name, names[place])
    top = [(line, first), *below] if heading.is_example else below
    count = 0
    for piece in _pieces(top, rows, columns, column):
        values.frombytes(piece.inputs.tobytes())
        column.take(piece)
        count += len(piece.lines)
        if count > limits.MAX_ROWS:
            raise wrong(path.name, f"at most {limits.MAX_ROWS:,} rows", "more")
        if len(values) > limits.MAX_NUMBERS:
            raise wrong(path.name, f"at most {limits.MAX_NUMBERS:,} numbers", "more")
    if not count:
        raise wrong(path.name, "rows of data below the names of the columns", "none")
    targets = column.targets()
    if column.note:
        notes.append(column.note)
    inputs = np.frombuffer(values).reshape(count, -1)
    features = tuple(names[:place] + names[place + 1 :])
    said = tuple(one_line(note) for note in notes)
    return Dataset(stem(path), path.name, inputs, *targets, features, notes=said)


def _pieces(
    top: Sequence[Row], rows: Rows, columns: Columns, column: PredictedColumn
) -> Iterator[Piece]:
    """All rows: those on top, which have been read already, and the others."""
    yield one_by_one(top, columns, column.check)
    work = 0
    while block := rows.peek():
        if piece := plain_piece(block, rows.separator, columns):
            rows.skip(block)
            rows.count_empty(len(block.lines) - len(piece.lines))
            yield piece
            work += len(block.text)
        else:
            if work > limits.MAX_TEXT_BYTES:
                raise wrong(
                    f"{columns.file}, line {block.lines[0]}",
                    "plain rows in so large a file",
                    "too many that have line breaks in cells, spaces before quotation marks, "
                    "digits of other scripts or only separators",
                )
            work += len(block.text) * limits.ONE_BY_ONE
            yield one_by_one(rows.that_begin_in_block(), columns, column.check)


def _some(rows: Iterator[Row]) -> list[Row]:
    """The next rows, to decide by."""
    some: list[Row] = []
    size = 0
    while len(some) < ROWS_BELOW and size < CELLS_BELOW and (row := next(rows, None)):
        some.append(row)
        size += len(row[1])
    return some


def _check_names(origin: str, names: Sequence[str], target: str | None) -> int:
    """Where the column to predict is."""
    if len(names) < 2:
        wanted = "two or more columns between commas, semicolons or tabs"
        raise wrong(origin, wanted, str(len(names)))
    if "" in names:
        raise wrong(origin, "a name for each column", "an empty cell")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise wrong(origin, "a different name for each column", f"{shown(name)} twice")
    if target is None:
        return len(names) - 1
    if target not in names:
        raise wrong(origin, f"a column named {shown(target)}", reprlib.repr(names))
    return names.index(target)
