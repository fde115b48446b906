"""Arrays of numbers that a person gives."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Floats
from engine.errors import InputError

MOST_VALUES: Final = 2**31
"""Most values of one array: 16 GiB."""

_FIRST_TO_ROUND: Final = 2**53  # whole numbers below it are held by double precision


def as_floats(name: str, values: ArrayLike, vector: str = "") -> Floats:
    """Make an array of double-precision floats of an argument; nothing of it is lost.

    Args:
        name: of the argument.
        values: integers or floats, in an array or whatever NumPy makes one of.
        vector: what is expected, if it can only be a vector: "a vector".

    Returns:
        A copy, in C order.

    Raises:
        InputError: it is not made of finite numbers that double precision holds, or has too many.
    """
    array = as_array(name, values)
    if array.dtype.kind not in "iuf":
        raise InputError(name, f"expected an array of numbers, found {_kind_of(array)}.")
    if array.size > MOST_VALUES:
        raise InputError(name, f"expected at most {MOST_VALUES:,} values, found {array.size:,}.")
    if vector and array.ndim != 1:
        raise InputError(name, f"expected {vector}, found shape {array.shape}.")
    try:
        with np.errstate(over="ignore"):
            floats = np.array(array, dtype=np.float64, order="C", subok=False)
    except MemoryError:
        raise InputError(name, f"{array.size:,} values do not fit into memory.") from None
    if not np.all(np.isfinite(floats)):
        raise InputError(name, "expected finite numbers.")
    is_whole = array.dtype.kind in "iu"
    if (is_whole and np.any(np.abs(floats) >= _FIRST_TO_ROUND)) or (
        array.dtype.itemsize > 8 and np.any(floats != array)
    ):
        raise InputError(name, "expected numbers that double precision holds without rounding.")
    return floats


def as_array(name: str, values: ArrayLike) -> np.ndarray:
    """What NumPy makes an array of, of whatever type; an array stays the one it is.

    Raises:
        InputError: nothing can be made of it, or it is masked.
    """
    if np.ma.is_masked(values):
        raise InputError(name, "expected an array without masked values.")
    try:
        return np.asarray(values)
    except Exception:  # whatever an object that offers itself as an array may raise
        raise InputError(name, "expected an array of numbers.") from None


def _kind_of(array: np.ndarray) -> str:
    kinds = {"c": "complex numbers", "b": "truth values", "O": "objects", "U": "text", "S": "text"}
    return kinds.get(array.dtype.kind, str(array.dtype))
