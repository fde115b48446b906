"""Files of data sets, and what is said of those that are refused."""

import struct
from pathlib import Path

import numpy as np
import pytest

from engine.data.readers import read_dataset
from engine.errors import InputError

IDX_CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 2, 3)
LABELS = np.array([7, 3, 7, 5], np.uint8)


def csv_file(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def npz_file(folder: Path, name: str = "points.npz", **arrays) -> Path:
    np.savez(folder / name, **arrays)
    return folder / name


def idx_bytes(values: np.ndarray) -> bytes:
    code = IDX_CODES[values.dtype.str[1:]]
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, code, values.ndim, *values.shape)
    return header + values.astype(values.dtype.newbyteorder(">")).tobytes()


def idx_files(folder: Path, inputs=IMAGES, labels=LABELS) -> Path:
    (folder / "my-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    path = folder / "my-images-idx3-ubyte"
    path.write_bytes(idx_bytes(inputs))
    return path


def refusal(path: Path, **arguments) -> str:
    """The message of a file that is refused, as one sentence that names it and says what for."""
    with pytest.raises(InputError) as error:
        read_dataset(path, **arguments)
    message = str(error.value)
    assert ": expected " in message
    assert ", found " in message
    assert "\n" not in message
    assert message.endswith(".")
    return message
