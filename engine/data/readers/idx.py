"""IDX files, as MNIST is published in them: one of inputs, and one of labels."""

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset
from engine.data.readers.arrays import Data, Declared, check_together, joined
from engine.data.readers.contents import Contents, opened
from engine.data.readers.refusals import wrong

NAME: Final = re.compile(r"idx[1-3]-")
"""What the name of such a file has in it."""

_TYPES: Final = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_DIMENSIONS: Final = 3


def read_idx(path: Path) -> NDArray[Any]:
    """The array of one IDX file, as it is; raises `InputError` like `read_dataset`."""
    return _read(path).values


def read_idx_dataset(path: Path, labels: Path | None) -> Dataset:
    """A data set of a file of inputs and one of labels, by default the one beside it."""
    inputs = _declared(path)
    if len(inputs.shape) == 1:
        raise wrong(path.name, "inputs of two or three dimensions", "one, as labels have")
    labels = labels or _labels_beside(path)
    check_together(inputs, _declared(labels))
    targets = _read(labels)
    return joined(path, _read(path), targets)


def _declared(path: Path) -> Declared:
    with opened(path) as contents:
        return _header(path.name, contents)


def _read(path: Path) -> Data:
    with opened(path) as contents:
        declared = _header(path.name, contents)
        start = _start(len(declared.shape))
        contents.stream.seek(start)
        body = contents.stream.read(declared.size)
    declared.check_size(len(body))
    return Data(np.frombuffer(body, declared.dtype).reshape(declared.shape), path.name)


def _header(origin: str, contents: Contents) -> Declared:
    """What a file says about its array; its size is that of the file."""
    head = contents.beginning(_start(_MOST_DIMENSIONS))
    dimensions = head[3] if len(head) > 3 else 0
    if head[:2] != b"\0\0" or not 1 <= dimensions <= _MOST_DIMENSIONS or head[2] not in _TYPES:
        wanted = (
            "an IDX file of 1 to 3 dimensions, starting 00 00, a type from 08 to 0e, and 01 to 03"
        )
        raise wrong(origin, wanted, head[:4].hex(" ") or "nothing")
    start = _start(dimensions)
    if len(head) < start:
        raise wrong(origin, f"an IDX header of {start} bytes", f"{len(head)}")
    shape = tuple(int(size) for size in np.frombuffer(head, ">u4", dimensions, 4))
    declared = Declared(origin, shape, np.dtype(_TYPES[head[2]]))
    declared.check_size(declared.size)
    size = contents.size(start + declared.size)
    declared.check_size(size - start, "more" if size > start + declared.size else "")
    return declared


def _start(dimensions: int) -> int:
    """Where the values begin."""
    return 4 + 4 * dimensions


def _labels_beside(path: Path) -> Path:
    """The file of labels that goes with a file of inputs, by its name."""
    name = NAME.sub("idx1-", path.name).replace("images", "labels")
    if name == path.name:
        raise wrong(path.name, "its labels to be given", 'no "idx3-" in its name to find them by')
    for candidate in (name, f"{name}.gz", name.removesuffix(".gz")):
        if path.with_name(candidate).exists():
            return path.with_name(candidate)
    raise wrong(path.name, f"its labels beside it in {name}", "no such file")
