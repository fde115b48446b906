"""Arrays of inputs and of what to predict, joined to a data set."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, pixel_names
from engine.data.readers import limits
from engine.data.readers.refusals import wrong

_BLOCK: Final = 2**20
_FEW_CLASSES: Final = 50


class Declared(NamedTuple):
    """What a file says about an array.

    Attributes:
        origin: how a message calls it: "points.npz, array 'x'".
        shape: of the array.
        dtype: of its values.
    """

    origin: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Bytes of its values."""
        return math.prod(self.shape) * self.dtype.itemsize

    def check_size(self, size: int, found: str = "") -> None:
        """Refuse an array that is too large, or not of the size of its values.

        Args:
            size: of its values in the file, in bytes.
            found: the same in words.
        """
        if min(self.shape, default=0) < 0 or math.prod(self.shape) > limits.MAX_VALUES:
            found = f"the shape {self.shape}"
            raise wrong(self.origin, f"at most {limits.MAX_VALUES:,} values", found)
        if self.size != size:
            wanted = f"{self.size:,} bytes of values for its shape {self.shape}"
            raise wrong(self.origin, wanted, found or f"{size:,}")


class Data(NamedTuple):
    """Values as they are in a file, and how a message calls them."""

    values: NDArray[Any]
    origin: str


class Targets(NamedTuple):
    """Class indices with the names of the classes, or numbers to predict with no names."""

    values: NDArray[Any]
    class_names: tuple[str, ...]


def check_together(inputs: Declared, targets: Declared) -> None:
    """Refuse arrays that cannot be inputs, (N, D) or (N, H, W), and targets, (N,)."""
    shape = inputs.shape
    if len(shape) not in (2, 3) or 0 in shape:
        wanted = "examples × features or examples × rows × columns"
        raise wrong(inputs.origin, wanted, f"the shape {shape}")
    if targets.shape != shape[:1]:
        wanted = f"{shape[0]} targets, one for each example in {inputs.origin}"
        raise wrong(targets.origin, wanted, f"the shape {targets.shape}")
    if inputs.dtype.kind not in "iufb":
        raise wrong(inputs.origin, "numbers", f"the type {inputs.dtype}")
    if targets.dtype.kind not in "iufbU" or not targets.dtype.itemsize:
        raise wrong(targets.origin, "numbers or text", f"the type {targets.dtype}")


def joined(path: Path, inputs: Data, targets: Data) -> Dataset:
    """A data set of arrays that have been checked together."""
    shape = inputs.values.shape
    predicted = as_targets(targets)
    image_shape = None
    features = tuple(f"feature {index + 1}" for index in range(shape[1]))
    if len(shape) == 3:
        image_shape = (shape[1], shape[2])
        features = pixel_names(image_shape)
    numbers = _numbers(inputs).reshape(shape[0], -1)
    if inputs.values.dtype == np.uint8:
        numbers = numbers / 255.0
    return Dataset(stem(path), path.name, numbers, *predicted, features, image_shape)


def stem(path: Path) -> str:
    """What a data set is called that comes from a file."""
    return Path(path.name.removesuffix(".gz")).stem


def as_targets(data: Data) -> Targets:
    """Floating-point numbers as they are; of anything else, indices of its distinct values."""
    values = data.values
    if values.dtype.kind == "f":
        return Targets(_numbers(data), ())
    if (values == values[0]).all():
        return as_classes(np.zeros(len(values), np.int64), [str(values[0])], data.origin)
    labels, indices = np.unique(values, return_inverse=True)
    if len(labels) > max(_FEW_CLASSES, len(values) // 2):
        wanted = "labels that occur again, or floating-point numbers to predict"
        found = f"{len(labels):,} different ones in {len(values):,} examples"
        raise wrong(data.origin, wanted, found)
    return as_classes(indices, [str(label) for label in labels], data.origin)


def as_classes(indices: NDArray[np.int64], names: Sequence[str], origin: str) -> Targets:
    """Indices of classes, of which there must be two."""
    if len(names) < 2:
        raise wrong(origin, "at least two classes", f"only {names[0]!r}")
    return Targets(indices, tuple(names))


def _numbers(data: Data) -> NDArray[np.float64]:
    """The values as finite float64 numbers; a block at a time, until all are known to be finite."""
    values, width = data.values, max(1, data.values[0].size)
    rows = max(1, _BLOCK // width)
    for start in range(0, len(values), rows):
        block = values[start : start + rows]
        with np.errstate(over="ignore"):
            finite = np.isfinite(np.asarray(block, np.float64)).reshape(len(block), -1).all(axis=1)
        if not finite.all():
            example = start + int(finite.argmin()) + 1
            place = f"NaN or infinity in example {example} of {len(values)}"
            raise wrong(data.origin, "finite numbers", place)
    return np.asarray(values, np.float64)
