"""Data sets from files that people open: CSV, NPZ and IDX.

Nothing in a file is run: no pickles, no expressions. What a file declares about its size is checked
before memory is set aside for it. Every message starts with the name of the file.
"""

import csv
import gzip
import io
import math
import re
import reprlib
import zipfile
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.data.dataset import Dataset, pixel_names
from engine.errors import InputError

MAX_BYTES: Final = 2**31
"""Largest content of a file, unpacked."""

MAX_VALUES: Final = 2**28
"""Most values in one array or table: 2 GiB as float64."""

MAX_CSV_CLASSES: Final = 50
"""A CSV column of integers with more distinct values than this holds numbers to predict."""

_INPUT_ARRAYS: Final = ("x", "X", "inputs", "data", "images")
_TARGET_ARRAYS: Final = ("y", "labels", "targets", "target")
_NUMPY_COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IDX_TYPES: Final = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_IDX_NAME: Final = re.compile(r"idx[1-3]-")
_MISSING: Final = ("", "nan", "inf", "infinity")


def read_dataset(
    path: Path | str, target: str | None = None, labels: Path | str | None = None
) -> Dataset:
    """Read a data set from a file, which may be compressed with gzip.

    - CSV (``.csv``, ``.tsv``): columns of numbers and one column to predict, between commas,
      semicolons or tabs. The first row names the columns, unless it is all numbers or has a number
      with a decimal point. Text, and integers of at most `MAX_CSV_CLASSES` distinct values, are
      classes; other numbers are numbers to predict.
    - NPZ (``.npz``): an array of inputs (N, D), or images (N, H, W), named x, X, inputs, data or
      images; and an array (N,) named y, labels, targets or target. Integers, booleans and text are
      classes; floating-point numbers are numbers to predict.
    - IDX (``train-images-idx3-ubyte``, say): inputs (N, D) or images (N, H, W) in one file and what
      to predict in another, told apart like the arrays of an NPZ file.

    Unsigned bytes as inputs of NPZ and IDX files are divided by 255.

    Args:
        path: the file.
        target: the column of a CSV file to predict; the last one by default.
        labels: the file of labels that belongs to an IDX file; by default the one beside it with
            "labels-idx1" in its name for "images-idx3".

    Raises:
        InputError: a file cannot be read, or is not such a data set.
    """
    path = Path(path)
    contents = _contents(path)
    name = path.name.lower().removesuffix(".gz")
    is_csv = name.endswith((".csv", ".tsv"))
    is_npz = not is_csv and (name.endswith(".npz") or contents.startswith(b"PK\x03\x04"))
    is_idx = not (is_csv or is_npz) and (_IDX_NAME.search(name) or contents.startswith(b"\0\0"))
    if target is not None and not is_csv:
        raise _wrong(path.name, "no target column, which is for CSV files only", repr(target))
    if labels is not None and not is_idx:
        raise _wrong(path.name, "no labels, which are for IDX files only", Path(labels).name)
    if is_csv:
        return _read_csv(path, contents, target)
    if is_npz:
        return _read_npz(path, contents)
    if is_idx:
        return _read_idx(path, contents, None if labels is None else Path(labels))
    raise _wrong(path.name, "a CSV, NPZ or IDX file", "another kind")


def _wrong(origin: str, expected: str, found: str) -> InputError:
    return InputError(origin, f"expected {expected}, found {found}.")


def _contents(path: Path) -> bytearray:
    """What a file contains, unpacked if it is compressed with gzip."""
    contents = bytearray()
    try:
        if path.is_dir():
            raise _wrong(path.name, "a file", "a folder")
        if not path.is_file():
            raise _wrong(path.name, "a file", f"none at {path.absolute()}")
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"
            stream = gzip.GzipFile(fileobj=file) if packed else file
            while chunk := stream.read(2**20):
                contents += chunk
                if len(contents) > MAX_BYTES:
                    raise _wrong(path.name, f"at most {MAX_BYTES:,} bytes when unpacked", "more")
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _wrong(path.name, "an intact gzip file", "a damaged one") from error
    except OSError as error:
        raise _wrong(path.name, "a file that can be read", f"an error ({error.strerror})") from None
    return contents


class _Data(NamedTuple):
    """Values as they are in a file, and how a message calls them: "points.npz, array 'x'"."""

    values: NDArray[Any]
    origin: str


class _Targets(NamedTuple):
    """Class indices with the names of the classes, or numbers to predict with no names."""

    values: NDArray[Any]
    class_names: tuple[str, ...]


def _dataset(path: Path, inputs: _Data, targets: _Data) -> Dataset:
    """Check arrays of inputs, (N, D) or (N, H, W), and of targets (N,), and join them."""
    shape = inputs.values.shape
    if len(shape) not in (2, 3) or 0 in shape:
        wanted = "examples × features or examples × rows × columns"
        raise _wrong(inputs.origin, wanted, f"the shape {shape}")
    if targets.values.shape != shape[:1]:
        wanted = f"{shape[0]} targets, one for each example in {inputs.origin}"
        raise _wrong(targets.origin, wanted, f"the shape {targets.values.shape}")
    image_shape = None
    features = tuple(f"feature {index + 1}" for index in range(shape[1]))
    if len(shape) == 3:
        image_shape = (shape[1], shape[2])
        features = pixel_names(image_shape)
    numbers = _numbers(inputs).reshape(shape[0], -1)
    if inputs.values.dtype == np.uint8:
        numbers = numbers / 255.0
    return Dataset(_stem(path), path.name, numbers, *_targets(targets), features, image_shape)


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem


def _numbers(data: _Data) -> NDArray[np.float64]:
    """The values as finite float64 numbers."""
    if data.values.dtype.kind not in "iufb":
        raise _wrong(data.origin, "numbers", f"the type {data.values.dtype}")
    with np.errstate(over="ignore"):
        numbers = np.asarray(data.values, np.float64)
    finite = np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=1)
    if not finite.all():
        place = f"NaN or infinity in example {int(finite.argmin()) + 1} of {len(numbers)}"
        raise _wrong(data.origin, "finite numbers", place)
    return numbers


def _targets(data: _Data) -> _Targets:
    """Floating-point numbers as they are; of anything else, indices of its distinct values."""
    match data.values.dtype.kind:
        case "f":
            return _Targets(_numbers(data), ())
        case "i" | "u" | "b" | "U":
            labels, indices = np.unique(data.values, return_inverse=True)
            return _classes(indices, [str(label) for label in labels], data.origin)
        case _:
            raise _wrong(data.origin, "numbers or text", f"the type {data.values.dtype}")


def _classes(indices: NDArray[np.int64], names: Sequence[str], origin: str) -> _Targets:
    if len(names) < 2:
        raise _wrong(origin, "at least two classes", f"only {names[0]!r}")
    return _Targets(indices, tuple(names))


def _read_csv(path: Path, contents: bytearray, target: str | None) -> Dataset:
    rows = _rows(path, contents)
    line, first = next(rows, (1, []))
    names = [cell.strip() for cell in first]
    if _is_data(first):
        names = [f"column {index + 1}" for index in range(len(first))]
        rows = chain([(line, first)], rows)
    _check_names(f"{path.name}, line {line}", names, target)
    place = len(names) - 1 if target is None else names.index(target)
    features = tuple(names[:place] + names[place + 1 :])
    values, lines, outcomes = array("d"), list[int](), list[str]()
    for line, cells in rows:
        if len(cells) != len(names):
            raise _wrong(f"{path.name}, line {line}", f"{len(names)} cells", str(len(cells)))
        outcomes.append(cells.pop(place).strip())
        lines.append(line)
        values.extend(_parse(f"{path.name}, line {line}", features, cells))
        if len(values) > MAX_VALUES:
            raise _wrong(path.name, f"at most {MAX_VALUES:,} numbers", "more")
    if not lines:
        raise _wrong(path.name, "rows of data below the names of the columns", "none")
    inputs = np.frombuffer(values).reshape(len(lines), -1)
    targets = _parse_targets(path, names[place], lines, outcomes)
    return Dataset(_stem(path), path.name, inputs, *targets, features)


def _rows(path: Path, contents: bytearray) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file that have anything in them, each with its (last) line's number."""
    try:
        contents.decode("utf-8")
    except UnicodeDecodeError as error:
        line = contents.count(b"\n", 0, error.start) + 1
        byte = f"the byte 0x{contents[error.start]:02x}"
        raise _wrong(f"{path.name}, line {line}", "UTF-8 text", byte) from None
    text = io.TextIOWrapper(io.BytesIO(contents), "utf-8-sig", newline="")
    header = next((line for line in text if line.strip()), "")
    text.seek(0)
    separator = max(",;\t", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))
    reader = csv.reader(text, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise _wrong(
            f"{path.name}, line {reader.line_num}", "well-formed CSV", f"a mistake ({error})"
        ) from None


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a first row cannot be the names of columns."""
    numbers = [_number(cell) is not None for cell in cells]
    return all(numbers) or any(
        number and "." in cell for number, cell in zip(numbers, cells, strict=True)
    )


def _check_names(origin: str, names: Sequence[str], target: str | None) -> None:
    if len(names) < 2:
        wanted = "two or more columns between commas, semicolons or tabs"
        raise _wrong(origin, wanted, str(len(names)))
    if "" in names:
        raise _wrong(origin, "a name for each column", "an empty cell")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise _wrong(origin, "a different name for each column", f"{name!r} twice")
    if target is not None and target not in names:
        raise _wrong(origin, f"a column named {target!r}", reprlib.repr(names))


def _number(cell: str) -> float | None:
    """The finite number that a cell holds; None for anything else."""
    try:
        number = math.nan if "_" in cell else float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _parse(origin: str, names: Sequence[str], cells: Sequence[str]) -> list[float]:
    """The finite numbers in the cells of one row, of the columns of these names."""
    try:
        numbers = list(map(float, cells))
    except ValueError:
        numbers = [math.nan]
    if all(map(math.isfinite, numbers)) and "_" not in "".join(cells):
        return numbers
    wrong = (pair for pair in zip(names, cells, strict=True) if _number(pair[1]) is None)
    name, cell = next(wrong)
    raise _wrong(f"{origin}, column {name!r}", "a number", _shown(cell))


def _shown(cell: str) -> str:
    return reprlib.repr(cell) if cell.strip() else "an empty cell"


def _parse_targets(path: Path, name: str, lines: Sequence[int], cells: Sequence[str]) -> _Targets:
    """The column to predict: its cells as classes or as numbers, as `read_dataset` says."""
    for line, cell in zip(lines, cells, strict=True):
        if cell.lower().lstrip("+-") in _MISSING:
            origin = f"{path.name}, line {line}, column {name!r}"
            raise _wrong(origin, "a number or the name of a class", _shown(cell))
    origin = f"{path.name}, column {name!r}"
    numbers = [_number(cell) for cell in cells]
    if None not in numbers:
        values = np.array(numbers, np.float64)
        whole = np.all(values == np.floor(values)) and np.all(np.abs(values) < 2**53)
        if whole and len(np.unique(values)) <= MAX_CSV_CLASSES:
            return _targets(_Data(values.astype(np.int64), origin))
        return _Targets(values, ())
    labels = sorted(set(cells))
    if len(labels) > MAX_CSV_CLASSES:
        first = numbers.index(None)
        origin = f"{path.name}, line {lines[first]}, column {name!r}"
        wanted = f"a number, or at most {MAX_CSV_CLASSES} classes in the column"
        raise _wrong(origin, wanted, _shown(cells[first]))
    index = {label: place for place, label in enumerate(labels)}
    return _classes(np.array([index[cell] for cell in cells]), labels, origin)


def _read_npz(path: Path, contents: bytearray) -> Dataset:
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            inputs = _find_array(path, archive, _INPUT_ARRAYS)
            targets = _find_array(path, archive, _TARGET_ARRAYS)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _wrong(path.name, "an intact NPZ file", "a damaged or encrypted one") from error
    return _dataset(path, inputs, targets)


def _find_array(path: Path, archive: zipfile.ZipFile, names: Sequence[str]) -> _Data:
    """The first array of an archive that has one of the names."""
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    name = next((name for name in names if name in members), None)
    if name is None:
        raise _wrong(path.name, f"an array named {' or '.join(names)}", reprlib.repr([*members]))
    info = members[name]
    origin = f"{path.name}, array {name!r}"
    if info.compress_type not in _NUMPY_COMPRESSIONS:
        raise _wrong(origin, "a compression that NumPy uses", f"type {info.compress_type}")
    if info.file_size > MAX_BYTES:
        raise _wrong(origin, f"at most {MAX_BYTES:,} bytes", f"{info.file_size:,}")
    return _Data(_parse_npy(archive.read(info), origin), origin)


def _parse_npy(contents: bytes, origin: str) -> NDArray[Any]:
    """An array of the .npy format whose header agrees with the bytes that follow it."""
    stream = io.BytesIO(contents)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    try:
        shape, fortran_order, dtype = readers[npy.read_magic(stream)](stream)
    except Exception:  # a hostile header can make the parser fail in any way
        raise _wrong(origin, "an array that NumPy wrote", "a damaged header") from None
    if dtype.hasobject:
        raise _wrong(origin, "numbers", "pickled Python objects, which are never opened")
    body = memoryview(contents)[stream.tell() :]
    _check_size(origin, shape, dtype, len(body))
    return np.ndarray(shape, dtype, body, order="F" if fortran_order else "C")


def _check_size(origin: str, shape: tuple[int, ...], dtype: np.dtype[Any], size: int) -> None:
    count = math.prod(shape)
    if min(shape, default=0) < 0 or count > MAX_VALUES:
        raise _wrong(origin, f"at most {MAX_VALUES:,} values", f"the shape {shape}")
    if count * dtype.itemsize != size:
        wanted = f"{count * dtype.itemsize:,} bytes of values for its shape {shape}"
        raise _wrong(origin, wanted, f"{size:,}")


def _read_idx(path: Path, contents: bytearray, labels: Path | None) -> Dataset:
    inputs = _parse_idx(path, contents)
    if inputs.values.ndim == 1:
        raise _wrong(path.name, "inputs of two or three dimensions", "one, as labels have")
    labels = labels or _labels_beside(path)
    return _dataset(path, inputs, _parse_idx(labels, _contents(labels)))


def read_idx(path: Path) -> NDArray[Any]:
    """The array of one IDX file, as it is; raises `InputError` like `read_dataset`."""
    return _parse_idx(path, _contents(path)).values


def _parse_idx(path: Path, contents: bytearray) -> _Data:
    head = bytes(contents[:4])
    if (
        len(head) < 4
        or head[:2] != b"\0\0"
        or head[2] not in _IDX_TYPES
        or head[3] not in (1, 2, 3)
    ):
        wanted = (
            "an IDX file of 1 to 3 dimensions, starting 00 00, a type from 08 to 0e, and 01 to 03"
        )
        raise _wrong(path.name, wanted, head.hex(" ") or "nothing")
    dtype, dimensions = np.dtype(_IDX_TYPES[head[2]]), head[3]
    start = 4 + 4 * dimensions
    if len(contents) < start:
        raise _wrong(path.name, f"an IDX header of {start} bytes", f"{len(contents)}")
    shape = tuple(int(size) for size in np.frombuffer(contents, ">u4", dimensions, 4))
    _check_size(path.name, shape, dtype, len(contents) - start)
    return _Data(np.frombuffer(contents, dtype, -1, start).reshape(shape), path.name)


def _labels_beside(path: Path) -> Path:
    """The file of labels that goes with a file of inputs, by its name."""
    name = _IDX_NAME.sub("idx1-", path.name).replace("images", "labels")
    if name == path.name:
        raise _wrong(path.name, "its labels to be given", 'no "idx3-" in its name to find them by')
    for candidate in (name, f"{name}.gz", name.removesuffix(".gz")):
        if path.with_name(candidate).exists():
            return path.with_name(candidate)
    raise _wrong(path.name, f"its labels beside it in {name}", "no such file")
