import builtins
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from files_for_tests import POINTS, npz_file, refusal

from engine.data.readers import limits, read_dataset

HEADER = "{{'descr': {}, 'fortran_order': False, 'shape': {}}}"
DIRECTORY_ENTRY = b"PK\x01\x02\x14\x03\x14\x00"

# What is read


@pytest.mark.parametrize("inputs", ["x", "X", "inputs", "data", "images"])
@pytest.mark.parametrize("targets", ["y", "labels", "targets", "target"])
def test_the_names_of_arrays(tmp_path, inputs, targets):
    values = {"other": np.zeros(1), inputs: POINTS, targets: np.array([0.5, 1.5, 2.5])}
    dataset = read_dataset(npz_file(tmp_path, **values))
    assert (dataset.name, dataset.title, dataset.kind) == ("points", "points.npz", "regression")
    assert np.array_equal(dataset.inputs, POINTS)
    assert np.array_equal(dataset.targets, [0.5, 1.5, 2.5])
    assert dataset.feature_names == ("feature 1", "feature 2")


@pytest.mark.parametrize(
    ("labels", "indices", "names"),
    [
        (np.array([30, -2, 30]), [1, 0, 1], ("-2", "30")),
        (np.array([9, 10, 9], np.uint8), [0, 1, 0], ("9", "10")),
        (np.array([True, False, True]), [1, 0, 1], ("False", "True")),
        (np.array(["dog", "cat", "dog"]), [1, 0, 1], ("cat", "dog")),
    ],
)
def test_labels_become_class_indices(tmp_path, labels, indices, names):
    dataset = read_dataset(npz_file(tmp_path, x=POINTS, y=labels))
    assert np.array_equal(dataset.targets, indices)
    assert dataset.class_names == names


@pytest.mark.parametrize(
    "dtype", ["bool", "i1", "u2", ">i4", "u8", "f2", "<f4", ">f8", "longdouble"]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_inputs_of_any_numeric_type_and_layout(tmp_path, dtype, order):
    values = np.asarray(POINTS.astype(dtype), order=order)
    dataset = read_dataset(npz_file(tmp_path, x=values, y=[0, 1, 1]))
    assert np.array_equal(dataset.inputs, values.astype(float))
    assert dataset.inputs.flags.c_contiguous


def test_images_of_bytes_are_scaled_to_0_to_1(tmp_path):
    images = np.array([[[0, 255, 51]], [[102, 1, 2]]], np.uint8)
    dataset = read_dataset(npz_file(tmp_path, images=images, labels=[4, 2]))
    assert dataset.image_shape == (1, 3)
    assert np.array_equal(dataset.inputs, [[0, 1, 0.2], [0.4, 1 / 255, 2 / 255]])
    assert dataset.feature_names == ("pixel 0,0", "pixel 0,1", "pixel 0,2")


def test_a_compressed_npz_file_under_any_name(tmp_path):
    with (tmp_path / "archive").open("wb") as file:
        np.savez_compressed(file, x=POINTS, y=[0, 1, 1])
    assert np.array_equal(read_dataset(tmp_path / "archive").inputs, POINTS)


# What is refused


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x_train": POINTS, "y": [0, 1, 1]},
         ": expected an array named x or X or inputs or data or images, found ['x_train', 'y']."),
        ({"x": POINTS}, ": expected an array named y or labels or targets or target, "
                        "found ['x']."),
        ({"x": POINTS, "y": [0, 1]}, ", array 'y': expected 3 targets, one for each example in "
                                     "points.npz, array 'x', found the shape (2,)."),
        ({"x": POINTS, "y": np.eye(3)}, ", array 'y': expected 3 targets, one for each example in "
                                        "points.npz, array 'x', found the shape (3, 3)."),
        ({"x": np.zeros(3), "y": [0, 1, 1]},
         ", array 'x': expected examples × features or examples × rows × columns, "
         "found the shape (3,)."),
        ({"x": np.zeros((2, 1, 1, 1)), "y": [0, 1]},
         ", array 'x': expected examples × features or examples × rows × columns, "
         "found the shape (2, 1, 1, 1)."),
        ({"x": np.zeros((0, 4)), "y": np.zeros(0)},
         ", array 'x': expected examples × features or examples × rows × columns, "
         "found the shape (0, 4)."),
        ({"x": np.float64(3), "y": [0, 1]},
         ", array 'x': expected examples × features or examples × rows × columns, "
         "found the shape ()."),
        ({"x": POINTS + 1j, "y": [0, 1, 1]},
         ", array 'x': expected numbers, found the type complex128."),
        ({"x": POINTS.astype("U3"), "y": [0, 1, 1]},
         ", array 'x': expected numbers, found the type <U3."),
        ({"x": POINTS, "y": np.array(["a", "b", "a"], "S1")},
         ", array 'y': expected numbers or text, found the type |S1."),
        ({"x": POINTS, "y": [8, 8, 8]},
         ", array 'y': expected at least two classes, found only '8'."),
        ({"x": [[0.0], [np.nan], [1.0]], "y": [0, 1, 1]},
         ", array 'x': expected finite numbers, found NaN or infinity in example 2 of 3."),
        ({"x": POINTS, "y": [0.0, 1.0, np.inf]},
         ", array 'y': expected finite numbers, found NaN or infinity in example 3 of 3."),
        ({"x": np.array([[1], [2], ["1e400"]], np.longdouble), "y": [0, 1, 1]},
         ", array 'x': expected finite numbers, found NaN or infinity in example 3 of 3."),
    ],
)  # fmt: skip
def test_wrong_arrays_are_refused_by_name(tmp_path, arrays, message):
    assert refusal(npz_file(tmp_path, **arrays)) == f"points.npz{message}"


class Trap:
    """A pickle of it writes a file when it is opened."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return builtins.open, (str(self.path), "w")


@pytest.mark.parametrize("name", ["x", "y"])
def test_a_pickle_is_refused_and_never_opened(tmp_path, name):
    trap = np.array([Trap(tmp_path / "sprung"), 1, 2], object)
    arrays = {"x": POINTS, "y": [0, 1, 1]} | {name: trap}
    message = refusal(npz_file(tmp_path, **arrays))
    assert message == (
        f"points.npz, array '{name}': expected numbers, found pickled Python objects, "
        "which are never opened."
    )
    assert not (tmp_path / "sprung").exists()
    pickle.loads(pickle.dumps(trap[0])).close()
    assert (tmp_path / "sprung").exists(), "the trap works"


def npy_bytes(header: str, body: bytes, version: tuple[int, int] = (1, 0)) -> bytes:
    size = struct.pack("<H" if version == (1, 0) else "<I", len(header))
    return b"\x93NUMPY" + bytes(version) + size + header.encode() + body


def archive_with(folder: Path, x: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "bomb.npz"
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("x.npy", x)
        archive.writestr("y.npy", npy_bytes(HEADER.format("'<i8'", "(2,)"), bytes(15) + b"\1"))
    return path


def test_a_header_written_by_hand_is_read(tmp_path):
    for version in [(1, 0), (2, 0)]:
        x = npy_bytes(HEADER.format("'<f8'", "(2, 1)"), bytes(16), version)
        assert np.array_equal(read_dataset(archive_with(tmp_path, x)).inputs, [[0], [0]])


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (npy_bytes(HEADER.format("'<f8'", "(2, 4611686018427387904)"), bytes(16)),
         "expected at most 268,435,456 values, found the shape (2, 4611686018427387904)."),
        (npy_bytes(HEADER.format("'<U0'", "(2, 4611686018427387904)"), b""),
         "expected at most 268,435,456 values, found the shape (2, 4611686018427387904)."),
        (npy_bytes(HEADER.format("'<f8'", "(-2, -1)"), bytes(16)),
         "expected at most 268,435,456 values, found the shape (-2, -1)."),
        (npy_bytes(HEADER.format("'<f8'", "(2, 4)"), bytes(16)),
         "expected 64 bytes of values for its shape (2, 4), found 16."),
        (npy_bytes(HEADER.format("'<f8'", "(2, 1)"), bytes(17)),
         "expected 16 bytes of values for its shape (2, 1), found 17."),
        (npy_bytes(HEADER.format("'nonsense'", "(2, 1)"), bytes(16)),
         "expected an array that NumPy wrote, found a damaged header."),
        (npy_bytes("__import__('os').getcwd()", bytes(16)),
         "expected an array that NumPy wrote, found a damaged header."),
        (npy_bytes("-" * 9000 + "1", bytes(16)),
         "expected an array that NumPy wrote, found a damaged header."),
        (npy_bytes("(" * 9000, bytes(16)),
         "expected an array that NumPy wrote, found a damaged header."),
        (npy_bytes(HEADER.format("'<f8'", "(2, 1)"), bytes(16), (9, 9)),
         "expected an array that NumPy wrote, found a damaged header."),
        (npy_bytes(" " * 20_000 + HEADER.format("'<f8'", "(2, 1)"), bytes(16)),
         "expected an array that NumPy wrote, found a damaged header."),
        (b"", "expected an array that NumPy wrote, found a damaged header."),
    ],
)  # fmt: skip
def test_a_header_that_disagrees_with_its_file_is_refused_before_memory_is_taken(
    tmp_path, x, message
):
    assert refusal(archive_with(tmp_path, x)) == f"bomb.npz, array 'x': {message}"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 10_000)
    path = archive_with(tmp_path, npy_bytes(HEADER.format("'|u1'", "(2, 100000)"), bytes(200_000)))
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    message = refusal(path)
    assert message.startswith("bomb.npz, array 'x': expected at most 10,000 bytes, found 200,0")


def test_a_compression_that_numpy_does_not_write_is_refused(tmp_path):
    path = archive_with(tmp_path, b"x", zipfile.ZIP_BZIP2)
    expected = "bomb.npz, array 'x': expected a compression that NumPy uses, found type 12."
    assert refusal(path) == expected


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"not a zip file",
        lambda whole: whole[:-30],
        lambda whole: whole[:60],
        lambda whole: whole[:-6] + b"\xff" + whole[-5:],
        lambda whole: whole.replace(b"NUMPY", b"NUMPU"),
        lambda whole: whole.replace(DIRECTORY_ENTRY + b"\0", DIRECTORY_ENTRY + b"\1"),
    ],
    ids=["empty", "text", "cut short", "cut to the start", "offset", "checksum", "encrypted"],
)  # fmt: skip
def test_a_damaged_archive_is_refused(tmp_path, damage):
    whole = archive_with(tmp_path, npy_bytes(HEADER.format("'<f8'", "(2, 1)"), bytes(16)), 0)
    damaged = damage(whole.read_bytes())
    assert damaged != whole.read_bytes()
    whole.write_bytes(damaged)
    expected = "bomb.npz: expected an intact NPZ file, found a damaged or encrypted one."
    assert refusal(whole) == expected
