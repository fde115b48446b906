"""Opening a zip archive, once it is known that the list of what is in it is not too long."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from engine.data.readers import limits
from engine.data.readers.refusals import wrong
from engine.errors import InputError

PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What may have packed a member: what NumPy and every other program use."""

_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    ValueError,
)
"""What the parser of a damaged archive may raise."""

_ENTRY: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_END_64: Final = b"PK\x06\x06"
_LONGEST_TAIL: Final = 2**16 + 200  # the end, a comment, and the ends of large archives


@contextmanager
def opened_archive(
    origin: str, stream: BinaryIO, most: int, kind: str
) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Args:
        origin: how a message calls it.
        stream: the archive, at any place.
        most: members that there may be.
        kind: of a file it should be: "NPZ file".

    Raises:
        InputError: it is none, or too long a one; also while it is read.
    """
    try:
        _check_list(origin, stream, most)
        with zipfile.ZipFile(stream) as archive:
            yield archive
    except InputError:
        raise
    except _FAULTS as error:
        raise wrong(origin, f"an intact {kind}", "a damaged or encrypted one") from error


def _check_list(origin: str, stream: BinaryIO, most: int) -> None:
    """Refuse a list of members that is too long, before it is read."""
    size = stream.seek(0, 2)
    tail_start = stream.seek(max(0, size - _LONGEST_TAIL))
    tail = stream.read()
    place = len(tail) - _END_SIZE
    if tail[place : place + 4] != _END or tail[-2:] != b"\0\0":  # there is a comment behind it
        place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise zipfile.BadZipFile
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    large = tail.rfind(_END_64, 0, place)
    if large >= 0:
        length = max(length % 0xFFFFFFFF, int.from_bytes(tail[large + 40 : large + 48], "little"))
    if length > limits.MAX_NAMES_BYTES:
        wanted = f"a list of members of at most {limits.MAX_NAMES_BYTES:,} bytes"
        raise wrong(origin, wanted, f"{length:,}")
    stream.seek(max(0, tail_start + place - length - _LONGEST_TAIL))
    if stream.read().count(_ENTRY) > most:
        raise wrong(origin, f"at most {most:,} members", "more")
