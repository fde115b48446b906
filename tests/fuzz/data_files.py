"""Damaged files of data."""

import gzip
import io
import struct
import zipfile
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from engine.data.dataset import Dataset
from engine.data.drawings import read_drawings
from engine.data.readers import read_dataset
from engine.data.readers.preview import ROWS_SHOWN, look_again, look_at
from fuzz.cases import Case, Kind
from fuzz.mutations import mutated

_TABLES = [
    b"a,b,c\n1,2.5,x\n3,4,y\n5,6,x\n",
    b"0,1,2\n0.5,1,0\n1.5,2,1\n2.5,2,1\n",
    b"1;2;x\n3;4;y\n5;6;x\n",
    b"width\theight\n1\t0.5\n2\t1.5\n3\t2.5\n",
    b'"a; b";"c"\r\n1;"1,5"\r\n2;"2,5"\r\n',
]
_CELLS = [
    b"NA", b"N/A", b"null", b"?", b"x", b",", b";", b"1,234.5", b"$5", b"a" * 3000, b"\n\n\n",
    b'""', b"\n1,2,x", b"-" * 200,
]  # fmt: skip
_HEADERS = [
    b"(2,)", b"(-1, 2)", b"()", b"'O'", b"'|O'", b"'<U0'", b"'<f16'", b"'<c16'", b"'V0'", b"True",
    b"[('a', '<f8')]", b"(4611686018427387904,)", b"'descr'", b"__import__('os')", b"\x02\x00",
    b"\x03\x00", b"1" * 9000, b"(" * 3000,
]  # fmt: skip
_NAMES = [b"x.npy", b"y.npy", b"x", b"labels.npy", b"../x.npy", b""]
_PATHS = ["", "a/b/c.png", "x.png", "a/b/c/", "/", "__MACOSX/a/b/c.png", "Greek/one/\x1b.png"]


def _sometimes_packed(random: Random, name: str, content: bytes) -> tuple[str, bytes]:
    if random.random() < 0.7:
        return name, content
    packed = gzip.compress(content, 1, mtime=0)
    return f"{name}.gz", mutated(random, packed, []) if random.random() < 0.5 else packed


def _table(random: Random) -> Case:
    content = mutated(random, random.choice(_TABLES), _CELLS)
    suffix = random.choice([".csv", ".csv", ".tsv"])
    return dict([_sometimes_packed(random, f"table{suffix}", content)])


def _idx(random: Random) -> Case:
    shape = random.choice([(4, 2, 3), (4, 6)])
    images = struct.pack(f">4B{len(shape)}I", 0, 0, 8, len(shape), *shape) + bytes(range(24))
    labels = struct.pack(">4BI", 0, 0, 8, 1, 4) + bytes([1, 2, 1, 3])
    if random.random() < 0.3:
        labels = mutated(random, labels, [])
    else:
        images = mutated(random, images, [])
    case = dict([_sometimes_packed(random, "my-images-idx3-ubyte", images)])
    return {**case, "my-labels-idx1-ubyte": labels}


def _npy(array: object) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.asarray(array))
    return content.getvalue()


def _npz(random: Random) -> Case:
    inputs = [np.arange(6.0).reshape(3, 2), np.zeros((3, 2, 2), np.uint8)]
    targets = [[0, 1, 1], [0.5, 1.5, 2.5], ["a", "b", "a"], [True, False, True]]
    members = {"x.npy": _npy(random.choice(inputs)), "y.npy": _npy(random.choice(targets))}
    inner = random.random() < 0.6
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", random.choice([0, 8, 8, 12, 14])) as archive:
        for name, array in members.items():
            archive.writestr(name, mutated(random, array, _HEADERS) if inner else array)
    whole = content.getvalue()
    if not inner:
        whole = mutated(random, whole, _NAMES)
    return dict([_sometimes_packed(random, "points.npz", whole)])


def _png() -> bytes:
    content = io.BytesIO()
    Image.fromarray(np.eye(28) > 0).save(content, "PNG")
    return content.getvalue()


def _drawings(random: Random) -> Case:
    image, content = _png(), io.BytesIO()
    with zipfile.ZipFile(content, "w", random.choice([0, 8])) as archive:
        for alphabet in ("Greek", "Latin"):
            for name in (f"{alphabet}/one/1.png", f"{alphabet}/two/1.png"):
                archive.writestr(
                    name, mutated(random, image, []) if random.random() < 0.2 else image
                )
        if random.random() < 0.3:
            info = zipfile.ZipInfo("odd")
            info.filename = random.choice(_PATHS)
            archive.writestr(info, image)
    whole = content.getvalue()
    return {"few.zip": mutated(random, whole, _NAMES) if random.random() < 0.6 else whole}


def _read_dataset(path: Path) -> Dataset:
    return _checked(read_dataset(path))


def _read_as_proposed(path: Path) -> Dataset:
    """What the dialog that imports a table does with it."""
    preview = look_at(path)
    assert len(preview.rows) <= ROWS_SHOWN, "a preview is short"
    target, reading = preview.settings(preview.target, preview.ignored, preview.missing)
    assert look_again(path, target, reading).reading == preview.reading, "it is found again"
    return _checked(read_dataset(path, target, reading=reading))


def _checked(dataset: Dataset) -> Dataset:
    known = dataset.inputs[~np.isnan(dataset.inputs)] if dataset.fill else dataset.inputs
    assert np.isfinite(known).all(), "inputs are finite"
    assert dataset.inputs.shape == (dataset.size, len(dataset.feature_names)), "names fit"
    assert dataset.targets.shape == (dataset.size,), "every example has a target"
    assert dataset.classes != 1, "there are two classes or none"
    assert all(len(note) <= 300 and note.isprintable() for note in dataset.notes), "notes are lines"
    return dataset


DATA_FILES = {
    "CSV": Kind(_table, _read_dataset),
    "CSV as proposed": Kind(_table, _read_as_proposed),
    "IDX": Kind(_idx, _read_dataset),
    "NPZ": Kind(_npz, _read_dataset),
    "drawings": Kind(_drawings, read_drawings),
}
