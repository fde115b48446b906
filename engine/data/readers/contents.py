"""Opening a file of data: an ordinary one, and unpacked as it is read if gzip packed it."""

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from engine.data.readers.refusals import wrong
from engine.files import what_is_at

_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 2**18


class Contents(NamedTuple):
    """What a file contains.

    Attributes:
        stream: from its beginning, unpacked.
        is_packed: whether that has to be worked out.
        bytes_on_disk: of the file itself.
    """

    stream: BinaryIO
    is_packed: bool
    bytes_on_disk: int

    def beginning(self, size: int) -> bytes:
        """The first bytes, if there are so many; the stream stays at its beginning."""
        head = self.stream.read(size)
        self.stream.seek(0)
        return head

    def size(self, most: int) -> int:
        """Bytes in all, or ``most + 1`` if there are more; the stream goes to its beginning.

        What is packed is unpacked once for that, and none of it is kept.
        """
        if not self.is_packed:
            return min(self.bytes_on_disk, most + 1)
        size = count(self.stream, most)
        self.stream.seek(0)
        return size


class Watched(io.BufferedIOBase):
    """What a file contains, read in parts.

    Args:
        stream: its contents.
        go_on: called before each part is read; what it raises ends that.
    """

    def __init__(self, stream: BinaryIO, go_on: Callable[[], object]) -> None:
        self._stream, self._go_on = stream, go_on

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes; none at the end."""
        self._go_on()
        return self._stream.read(-1 if size is None else size)


@contextmanager
def opened(path: Path) -> Iterator[Contents]:
    """Open a file.

    Raises:
        InputError: it is none, cannot be read, or is a damaged gzip file; also while it is read.
    """
    try:
        if (found := what_is_at(path)) != "a file":
            place = found if found != "nothing" else f"none at {path.absolute()}"
            raise wrong(path.name, "a file", place)
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if file.read(len(_GZIP)) == _GZIP:
                file.seek(0)
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield Contents(cast(BinaryIO, unpacked), True, size)
            else:
                file.seek(0)
                yield Contents(file, False, size)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise wrong(path.name, "an intact gzip file", "a damaged one") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise wrong(path.name, "a file that can be read", f"an error ({reason})") from None


def count(stream: BinaryIO, most: int) -> int:
    """Bytes from here on, none of which is kept; ``most + 1`` if there are more than ``most``."""
    size = 0
    while size <= most and (chunk := stream.read(_CHUNK)):
        size += len(chunk)
    return min(size, most + 1)
