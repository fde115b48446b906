"""A stack of arrays that can outgrow the memory meant for it."""

import tempfile
import weakref
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError

Words = NDArray[np.uint16]
_WORD_BYTES = 2


class Stack:
    """Arrays of 16-bit words, last in, first out.

    Args:
        memory: bytes that may be held in memory; what comes beyond goes to a temporary file, which
            is mapped into memory while it is read. None: all of them.

    Attributes:
        nbytes: bytes of all the arrays, wherever they are.
        file_bytes: bytes of those in the file.
    """

    def __init__(self, memory: int | None = None) -> None:
        self._memory = memory
        self._arrays: list[Words | int] = []  # or how many words are at the end of the file
        self._file: IO[bytes] | None = None
        self.nbytes = 0
        self.file_bytes = 0

    def __len__(self) -> int:
        return len(self._arrays)

    def push(self, array: Words) -> None:
        """Put an array on top.

        Raises:
            InputError: the file cannot be written.
        """
        in_memory = self.nbytes - self.file_bytes
        if self._memory is None or in_memory + array.nbytes <= self._memory:
            self._arrays.append(array)
        else:
            self._write(array)
            self._arrays.append(array.size)
            self.file_bytes += array.nbytes
        self.nbytes += array.nbytes

    def pop(self) -> Words:
        """Take the array on top; it is to be read before the next push."""
        array = self._arrays.pop()
        if isinstance(array, int):
            self.file_bytes -= _WORD_BYTES * array
            assert self._file is not None, "what went into a file was written to it"
            array = np.memmap(self._file, np.uint16, "r", self.file_bytes, (array,))
        self.nbytes -= array.nbytes
        return array

    def _write(self, array: Words) -> None:
        """Write rather than map: a full disk is an error then, not the end of the program."""
        try:
            if self._file is None:
                self._file = _temporary_file()
                weakref.finalize(self, self._file.close)
            self._file.seek(self.file_bytes)
            view = array.data.cast("B")
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise InputError(
                "training.buffer_megabytes",
                "expected a larger value, or room for the rest of the information "
                f"buffer in {tempfile.gettempdir()}: {error.strerror}.",
            ) from None


def _temporary_file() -> IO[Any]:
    return tempfile.TemporaryFile(buffering=0, prefix="retrograde-")
