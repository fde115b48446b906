"""Arrays as the bytes of NumPy's own ``.npy`` files, which other programs read, too."""

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_npy(array: NDArray[Any]) -> bytes:
    """The same bytes as `numpy.save` writes.

    Raises:
        ValueError: it holds Python's objects.
    """
    if array.flags.c_contiguous and array.dtype.names is None and not array.dtype.hasobject:
        return head_of(array.dtype.str, array.shape) + array.tobytes()
    return _saved(array)


def from_npy(content: bytes) -> NDArray[Any]:
    """The array, read-only.

    Raises:
        ValueError, EOFError: these are not the bytes of an array, or it holds Python's objects.
    """
    array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    array.setflags(write=False)
    return array


@lru_cache(maxsize=1024)
def head_of(kind: str, shape: tuple[int, ...]) -> bytes:
    """What stands before the numbers, in C's order: of a run's arrays the same again and again."""
    file = io.BytesIO()
    told = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, told)
    return file.getvalue()


def _saved(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
