"""NPZ files, which NumPy writes: zip archives of arrays."""

import io
import reprlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

import numpy as np
from numpy.lib import format as npy

from engine.data.dataset import Dataset
from engine.data.readers import limits
from engine.data.readers.archives import PACKINGS, opened_archive
from engine.data.readers.arrays import Data, Declared, check_together, joined
from engine.data.readers.contents import Contents, count
from engine.data.readers.refusals import wrong

MOST_ARRAYS: Final = 10_000
"""In one file."""

_INPUTS: Final = ("x", "X", "inputs", "data", "images")
_TARGETS: Final = ("y", "labels", "targets", "target")
_LONGEST_HEADER: Final = 20_000  # NumPy reads half of it
_READ_AT_ONCE: Final = 2**26
_HEADERS: Final[dict[tuple[int, int], Any]] = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}


class _Member(NamedTuple):
    """An array in an archive: where it is, what its header says, and how long that is."""

    info: zipfile.ZipInfo
    declared: Declared
    fortran_order: bool
    start: int


def read_npz_dataset(path: Path, contents: Contents) -> Dataset:
    """A data set of two arrays of an archive; both headers are read before either array is."""
    stream = _seekable(path.name, contents)
    with opened_archive(path.name, stream, MOST_ARRAYS, "NPZ file") as archive:
        inputs, targets = _find(path, archive, _INPUTS), _find(path, archive, _TARGETS)
        check_together(inputs.declared, targets.declared)
        predicted = _load(archive, targets)
        return joined(path, _load(archive, inputs), predicted)


def _seekable(origin: str, contents: Contents) -> BinaryIO:
    """The archive; in memory, if it is packed a second time."""
    if not contents.is_packed:
        return contents.stream
    most = limits.MAX_WRAPPED_BYTES
    if contents.size(most) > most:
        raise wrong(origin, f"at most {most:,} bytes when unpacked", "more")
    return io.BytesIO(contents.stream.read())


def read_npz_arrays(path: Path, contents: Contents, most: int) -> dict[str, Data]:
    """All arrays of an archive by their names; every header is read before any array is.

    Args:
        path: of the archive.
        contents: what is in it.
        most: bytes that the arrays may take together.

    Raises:
        InputError: it is damaged, holds anything but arrays of plain values, or too many of them.
    """
    stream = _seekable(path.name, contents)
    with opened_archive(path.name, stream, MOST_ARRAYS, "NPZ file") as archive:
        names = [info.filename.removesuffix(".npy") for info in archive.infolist()]
        members = {name: _find(path, archive, (name,)) for name in names}
        total = sum(member.declared.size for member in members.values())
        if total > most:
            raise wrong(path.name, f"arrays of at most {most:,} bytes together", f"{total:,}")
        return {name: _load(archive, member) for name, member in members.items()}


def _find(path: Path, archive: zipfile.ZipFile, names: Sequence[str]) -> _Member:
    """The first array of an archive that has one of the names."""
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    name = next((name for name in names if name in members), None)
    if name is None:
        raise wrong(path.name, f"an array named {' or '.join(names)}", reprlib.repr([*members]))
    info = members[name]
    origin = f"{path.name}, array {name!r}"
    if info.compress_type not in PACKINGS:
        raise wrong(origin, "a compression that NumPy uses", f"type {info.compress_type}")
    if info.file_size > limits.MAX_BYTES:
        raise wrong(origin, f"at most {limits.MAX_BYTES:,} bytes", f"{info.file_size:,}")
    with archive.open(info) as member:
        beginning = io.BytesIO(member.read(_LONGEST_HEADER))
    try:
        shape, fortran_order, dtype = _HEADERS[npy.read_magic(beginning)](beginning)
    except Exception:  # a hostile header can make the parser fail in any way
        raise wrong(origin, "an array that NumPy wrote", "a damaged header") from None
    if dtype.hasobject:
        raise wrong(origin, "numbers", "pickled Python objects, which are never opened")
    declared, start = Declared(origin, shape, dtype), beginning.tell()
    declared.check_size(info.file_size - start)
    return _Member(info, declared, fortran_order, start)


def _load(archive: zipfile.ZipFile, member: _Member) -> Data:
    """The values of an array; if they are many, once it is known that they are all there."""
    info, declared = member.info, member.declared
    if info.file_size > _READ_AT_ONCE and info.compress_type != zipfile.ZIP_STORED:
        with archive.open(info) as stream:
            size = count(cast(BinaryIO, stream), info.file_size)
        declared.check_size(size - member.start)
    with archive.open(info) as stream:
        stream.read(member.start)
        body = stream.read()
    declared.check_size(len(body))
    order: Any = "F" if member.fortran_order else "C"
    return Data(np.ndarray(declared.shape, declared.dtype, body, order=order), declared.origin)
