"""CSV files: columns of numbers, and one column to predict."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from engine.data.dataset import Dataset
from engine.data.readers import limits
from engine.data.readers.arrays import stem
from engine.data.readers.beginnings import beginning_of
from engine.data.readers.contents import Contents, Watched
from engine.data.readers.encodings import as_utf8
from engine.data.readers.pieces import Columns, Piece, one_by_one, plain_piece
from engine.data.readers.predicted import PredictedColumn
from engine.data.readers.prepared import read_prepared
from engine.data.readers.reading import MARKS, USUAL, Reading
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Row, Rows
from engine.sentences import one_line


def read_table(
    path: Path,
    contents: Contents,
    target: str | None,
    reading: Reading = USUAL,
    go_on: Callable[[], object] | None = None,
) -> Dataset:
    """A data set of a CSV file; see `engine.data.readers.read_dataset`."""
    most = limits.MAX_TEXT_BYTES
    if contents.is_packed:  # what is packed so well says little, and would take long to parse
        packed = contents.bytes_on_disk
        most = min(most, max(limits.SMALL_TEXT_BYTES, limits.MAX_UNPACKING * packed))
    if contents.size(most) > most:
        raise wrong(path.name, f"at most {most:,} bytes when unpacked", "more")
    stream = as_utf8(path.name, contents.stream, reading.encoding or "utf-8")
    if go_on:
        stream = cast(BinaryIO, Watched(stream, go_on))
    rows = Rows(path.name, stream, MARKS[reading.separator] if reading.separator else None)
    if reading == USUAL:
        return _read(path, rows, target)
    return read_prepared(path, rows, target, reading)


def _read(path: Path, rows: Rows, target: str | None) -> Dataset:
    start = beginning_of(rows, target)
    origin, place = start.place_of_target(path.name, target)
    names, reason = start.heading.names, start.heading.reason
    notes = [f"{origin}: {reason}"] if reason else []
    columns = Columns(path.name, names, place)
    values, column = array("d"), PredictedColumn(path.name, names[place])
    count = 0
    for piece in _pieces(start.examples, rows, columns, column):
        values.frombytes(piece.inputs.tobytes())
        column.take(piece)
        count += len(piece.lines)
        if count > limits.MAX_ROWS:
            raise wrong(path.name, f"at most {limits.MAX_ROWS:,} rows", "more")
        if len(values) > limits.MAX_NUMBERS:
            raise wrong(path.name, f"at most {limits.MAX_NUMBERS:,} numbers", "more")
    if not count:
        raise wrong(path.name, "rows of data below the names of the columns", "none")
    notes += rows.remarks()
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
