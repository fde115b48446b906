"""Which kind of file it is, and what reads it."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Final

from engine.data.dataset import Dataset
from engine.data.readers.contents import opened
from engine.data.readers.idx import NAME as IDX_NAME
from engine.data.readers.idx import read_idx_dataset
from engine.data.readers.npz import read_npz_dataset
from engine.data.readers.reading import USUAL, Reading, is_table
from engine.data.readers.refusals import wrong
from engine.data.readers.tables import read_table
from engine.sentences import shown

_ARCHIVE: Final = b"PK\x03\x04"
_ARRAY: Final = b"\0\0"


def read_dataset(
    path: Path | str,
    target: str | None = None,
    labels: Path | str | None = None,
    reading: Reading = USUAL,
    go_on: Callable[[], object] | None = None,
) -> Dataset:
    """Read a data set from a file, which may be compressed with gzip.

    - CSV (``.csv``, ``.tsv``, ``.txt``, ``.data``): columns of numbers and one column to predict,
      between commas, semicolons or tabs.

      The first row names the columns or is the first example; see `engine.data.readers.headings`.

      In the column to predict, text is the name of a class, integers of at most `MAX_CSV_CLASSES`
      distinct values are classes, and other numbers are numbers to predict. A column most of whose
      cells are numbers, however written, is a column of numbers: any cell that is none, or that has
      a decimal comma or separators of thousands, is refused. So is what stands for a missing value,
      in every column; see `engine.data.readers.cells`.
    - NPZ (``.npz``): an array of inputs (N, D), or images (N, H, W), named x, X, inputs, data or
      images; and an array (N,) named y, labels, targets or target. Integers, booleans and text are
      classes, if they occur again; floating-point numbers are numbers to predict.
    - IDX (``train-images-idx3-ubyte``, say): inputs (N, D) or images (N, H, W) in one file and what
      to predict in another, told apart like the arrays of an NPZ file.

    Unsigned bytes as inputs of NPZ and IDX files are divided by 255. What had to be decided about
    a CSV file stands in the notes of the data set.

    Args:
        path: the file.
        target: the column of a CSV file to predict; the last one by default.
        labels: the file of labels that belongs to an IDX file; by default the one beside it with
            "labels-idx1" in its name for "images-idx3".
        reading: what is said of a CSV file that is not written as above: its encoding, decimal
            commas, missing cells, text.
        go_on: called again and again while a CSV file is read; what it raises ends the reading.

    Raises:
        InputError: a file cannot be read, or is not such a data set.
    """
    path = Path(path)
    name = path.name.lower().removesuffix(".gz")
    with opened(path) as contents:
        head = contents.beginning(4)
        is_csv = is_table(path) and not head.startswith((_ARCHIVE, _ARRAY))
        is_npz = not is_csv and (name.endswith(".npz") or head == _ARCHIVE)
        is_idx = not (is_csv or is_npz) and (IDX_NAME.search(name) or head.startswith(_ARRAY))
        if target is not None and not is_csv:
            wanted = "no target column, which is for CSV files only"
            raise wrong(path.name, wanted, shown(target))
        if is_table(path) and not is_csv:
            raise wrong(path.name, "a table, as its name says", "an archive or an array")
        if reading != USUAL and not is_csv:
            said = next(one.name for one in fields(reading) if getattr(reading, one.name))
            raise wrong(path.name, f"no {said}, which is for CSV files only", "one")
        if labels is not None and not is_idx:
            raise wrong(path.name, "no labels, which are for IDX files only", Path(labels).name)
        if is_csv:
            return read_table(path, contents, target, reading, go_on)
        if is_npz:
            return read_npz_dataset(path, contents)
    if is_idx:
        return read_idx_dataset(path, None if labels is None else Path(labels))
    raise wrong(path.name, "a CSV, NPZ or IDX file", "another kind")
