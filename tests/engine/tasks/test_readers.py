import builtins
import gzip
import io
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from real_data import real_digits_path

from engine.errors import InputError
from engine.tasks import readers
from engine.tasks.readers import read_dataset

IDX_CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
HEADER = "{{'descr': {}, 'fortran_order': False, 'shape': {}}}"
DIRECTORY_ENTRY = b"PK\x01\x02\x14\x03\x14\x00"
IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 2, 3)
LABELS = np.array([7, 3, 7, 5], np.uint8)

unhurried = settings(deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all the examples of a property."""
    return tmp_path_factory.mktemp("files")


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


# CSV: what is read


def test_a_csv_file_of_classes(tmp_path):
    path = csv_file(tmp_path, "width,height,kind\n1.5,2,cat\n3,4e1,ant\n-5,6,cat\n", "pets.csv")
    pets = read_dataset(path)
    assert (pets.name, pets.title, pets.kind) == ("pets", "pets.csv", "classification")
    assert pets.feature_names == ("width", "height")
    assert pets.class_names == ("ant", "cat")
    assert np.array_equal(pets.inputs, [[1.5, 2], [3, 40], [-5, 6]])
    assert np.array_equal(pets.targets, [1, 0, 1])
    assert pets.image_shape is None


def test_the_target_column_is_chosen_by_name(tmp_path):
    path = csv_file(tmp_path, "a,b,c\n1,2.5,3\n4,5.5,6\n")
    dataset = read_dataset(str(path), target="b")
    assert dataset.kind == "regression"
    assert dataset.feature_names == ("a", "c")
    assert np.array_equal(dataset.inputs, [[1, 3], [4, 6]])
    assert np.array_equal(dataset.targets, [2.5, 5.5])


@pytest.mark.parametrize("first", ["5.1,3.5,0", "5,3,0", "5.1,3.5,setosa", " 5, 3.5,setosa"])
def test_a_first_row_of_numbers_is_data(tmp_path, first):
    dataset = read_dataset(csv_file(tmp_path, f"{first}\n4.9,3.0,1\n"))
    assert dataset.size == 2
    assert dataset.feature_names == ("column 1", "column 2")
    assert read_dataset(tmp_path / "table.csv", target="column 3").size == 2


@pytest.mark.parametrize("first", ["a,b,c", "0,1,target", "1x1,1x2,label", "v.1,2,c"])
def test_a_first_row_with_names_is_a_header(tmp_path, first):
    dataset = read_dataset(csv_file(tmp_path, f"{first}\n4.9,3.0,1\n4,3,2\n"))
    assert dataset.size == 2
    assert [*dataset.feature_names] == first.split(",")[:2]


@pytest.mark.parametrize("separator", [",", ";", "\t", ", ", "; "])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_line_ends_and_byte_order_marks(tmp_path, separator, newline, encoding):
    rows = [["größe", "b", "c"], ["1", "2", "x"], ["3", "4", "y"], []]
    text = newline.join(separator.join(row) for row in rows)
    dataset = read_dataset(csv_file(tmp_path, text.encode(encoding)))
    assert dataset.feature_names == ("größe", "b")
    assert dataset.class_names == ("x", "y")
    assert np.array_equal(dataset.inputs, [[1, 2], [3, 4]])


def test_quotes_blank_lines_and_rows_of_empty_cells(tmp_path):
    text = '\n"a; b";"c ";"d"\n\n"1";"2";" x,y "\n  \n;;\n3; "4";"say ""z"""\n\n'
    dataset = read_dataset(csv_file(tmp_path, text))
    assert dataset.feature_names == ("a; b", "c")
    assert dataset.class_names == ('say "z"', "x,y")
    assert np.array_equal(dataset.inputs, [[1, 2], [3, 4]])


def test_a_tsv_file_and_compressed_ones(tmp_path):
    text = b"a\tb\n1\tx\n2\ty\n"
    plain = read_dataset(csv_file(tmp_path, text, "t.tsv"))
    packed = read_dataset(csv_file(tmp_path, gzip.compress(text), "t.csv.gz"))
    assert (packed.name, packed.title) == ("t", "t.csv.gz")
    assert np.array_equal(plain.inputs, packed.inputs)


@pytest.mark.parametrize(
    ("cells", "kind", "class_names"),
    [
        (["1", "2", "1"], "classification", ("1", "2")),
        (["10", "9", "10"], "classification", ("9", "10")),
        (["1.0", "2", "1e0"], "classification", ("1", "2")),
        (["-1", "+1", "-1"], "classification", ("-1", "1")),
        (["b", "a", "b"], "classification", ("a", "b")),
        (["1", "a", "2.5"], "classification", ("1", "2.5", "a")),
        (["1", "2", "2.5"], "regression", ()),
        (["1e300", "2", "3"], "regression", ()),
        (["0.5", "0.5", "0.5"], "regression", ()),
        ([str(i) for i in range(50)], "classification", tuple(str(i) for i in range(50))),
        ([str(i) for i in range(51)], "regression", ()),
        ([f"c{i:02}" for i in range(50)], "classification", tuple(f"c{i:02}" for i in range(50))),
    ],
)
def test_text_and_few_integers_are_classes_and_other_numbers_are_to_predict(
    tmp_path, cells, kind, class_names
):
    dataset = read_dataset(csv_file(tmp_path, "a,b\n" + "".join(f"0,{cell}\n" for cell in cells)))
    assert dataset.kind == kind
    assert dataset.class_names == class_names
    if kind == "regression":
        assert np.array_equal(dataset.targets, [float(cell) for cell in cells])
    elif cells[0] != "1.0":
        read = [dataset.class_names[index] for index in dataset.targets]
        assert read == [cell.removeprefix("+") for cell in cells]


@unhurried
@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8),
        elements=st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_finite_floats_survive_a_csv_file_bit_for_bit(folder, values):
    header = ",".join(f"f{index}" for index in range(values.shape[1]))
    rows = [",".join(repr(float(cell)) for cell in row) for row in values]
    rows = [f"{row},{index + 0.5}" for index, row in enumerate(rows)]
    path = csv_file(folder, "\n".join([f"{header},target", *rows]))
    dataset = read_dataset(path)
    assert dataset.inputs.tobytes() == values.tobytes()
    assert np.array_equal(dataset.targets, np.arange(len(values)) + 0.5)


# CSV: what is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,wide,c\n1,2,x\n1,abc,y\n", ", line 3, column 'wide': expected a number, found 'abc'."),
        ("a,b,c\n1,2,x\n1,,y\n", ", line 3, column 'b': expected a number, found an empty cell."),
        ("a,b,c\n1, ,x\n", ", line 2, column 'b': expected a number, found an empty cell."),
        ("a,b,c\n\n1,nan,x\n", ", line 3, column 'b': expected a number, found 'nan'."),
        ("a,b,c\n-inf,1,x\n", ", line 2, column 'a': expected a number, found '-inf'."),
        ("a,b,c\n1e999,1,x\n", ", line 2, column 'a': expected a number, found '1e999'."),
        ("a,b,c\n1_000,1,x\n", ", line 2, column 'a': expected a number, found '1_000'."),
        ("a;b\n1,5;x\n", ", line 2, column 'a': expected a number, found '1,5'."),
        ("1,2,3\n1,x,3\n", ", line 2, column 'column 2': expected a number, found 'x'."),
        ('a,b\n"1\n2",x\n', ", line 3, column 'a': expected a number, found '1\\n2'."),
        (f"a,b\n{'y' * 999},x\n", f", line 2, column 'a': expected a number, found "
             f"'{'y' * 12}...{'y' * 13}'."),
        ("a,b\n1,x\n2,\n", ", line 3, column 'b': expected a number or the name of a class, "
                           "found an empty cell."),
        ("a,b\n1,x\n2,NaN\n", ", line 3, column 'b': expected a number or the name of a class, "
                              "found 'NaN'."),
        ("a,b\n1,0.5\n2,-inf\n", ", line 3, column 'b': expected a number or the name of a class, "
                                 "found '-inf'."),
        ("a,b\n0,n/a\n" + "".join(f"0,{i}\n" for i in range(60)),
         ", line 2, column 'b': expected a number, or at most 50 classes in the column, "
         "found 'n/a'."),
        ("a,b,c\n1,2,x\n1,2\n", ", line 3: expected 3 cells, found 2."),
        ("a,b,c\n1,2,x,\n", ", line 2: expected 3 cells, found 4."),
        ("a,b\n1,x\n2,x\n", ", column 'b': expected at least two classes, found only 'x'."),
        ("a,b\n1,4\n2,4\n", ", column 'b': expected at least two classes, found only '4'."),
        ("a,b,a\n1,2,3\n", ", line 1: expected a different name for each column, found 'a' twice."),
        ("\na,,c\n1,2,3\n", ", line 2: expected a name for each column, found an empty cell."),
        ("a\n1\n", ", line 1: expected two or more columns between commas, semicolons or tabs, "
                   "found 1."),
        ("", ", line 1: expected two or more columns between commas, semicolons or tabs, found 0."),
        ("\n \n", ", line 1: expected two or more columns between commas, semicolons or tabs, "
                  "found 0."),
        ("a,b\n", ": expected rows of data below the names of the columns, found none."),
        (b"a,b\n1,x\n2,caf\xe9\n", ", line 3: expected UTF-8 text, found the byte 0xe9."),
        ("a,b\n1,x\n".encode("utf-16"), ", line 1: expected UTF-8 text, found the byte 0xff."),
        ('a,b\n1,"x\n2,y\n', ", line 3: expected well-formed CSV, found a mistake (unexpected end "
                             "of data)."),
        ('a,b\n1,"x"y\n', ", line 2: expected well-formed CSV, found a mistake (',' expected "
                          "after '\"')."),
        ("a,b\n1," + "x" * 200_000, ", line 2: expected well-formed CSV, found a mistake (field "
                                    "larger than field limit (131072))."),
    ],
)  # fmt: skip
def test_a_wrong_csv_file_is_refused_with_the_place_of_the_mistake(tmp_path, text, message):
    assert refusal(csv_file(tmp_path, text, "iris.csv")) == f"iris.csv{message}"


def test_an_unknown_target_column_is_refused_with_those_there_are(tmp_path):
    path = csv_file(tmp_path, "a,b\n1,2\n")
    message = refusal(path, target="c")
    assert message == "table.csv, line 1: expected a column named 'c', found ['a', 'b']."


def test_a_csv_file_with_too_many_numbers_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_VALUES", 4)
    path = csv_file(tmp_path, "a,b,c\n1,2,x\n3,4,y\n")
    assert read_dataset(path).size == 2
    csv_file(tmp_path, "a,b,c\n1,2,x\n3,4,y\n5,6,x\n")
    assert refusal(path) == "table.csv: expected at most 4 numbers, found more."


# NPZ: what is read


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


# NPZ: what is refused


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
    monkeypatch.setattr(readers, "MAX_BYTES", 10_000)
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


# IDX


@pytest.mark.parametrize("dtype", IDX_CODES)
@unhurried
@given(data=st.data())
def test_idx_files_of_every_type_keep_their_values(folder, dtype, data):
    elements = st.floats(width=int(dtype[1]) * 8, allow_nan=False, allow_infinity=False)
    shapes = hnp.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=5)
    values = data.draw(
        hnp.arrays(dtype, shapes.filter(lambda shape: shape[0] > 1),
                   elements=elements if dtype[0] == "f" else None)
    )  # fmt: skip
    labels = np.arange(len(values), dtype=np.int16) - 1
    dataset = read_dataset(idx_files(folder, values, labels))
    flat = values.reshape(len(values), -1).astype(float)
    assert np.array_equal(dataset.inputs, flat / 255 if dtype == "u1" else flat)
    assert dataset.image_shape == (values.shape[1:] if values.ndim == 3 else None)
    assert np.array_equal(dataset.targets, np.arange(len(values)))
    assert dataset.class_names == tuple(str(label) for label in labels)


@pytest.mark.parametrize(("dtype", "kind"), [
    ("u1", "classification"), ("i1", "classification"), ("i2", "classification"),
    ("i4", "classification"), ("f4", "regression"), ("f8", "regression"),
])  # fmt: skip
def test_labels_of_every_type(tmp_path, dtype, kind):
    dataset = read_dataset(idx_files(tmp_path, labels=np.array([7, 3, 7, 5], dtype)))
    assert dataset.kind == kind
    expected = [2, 0, 2, 1] if kind == "classification" else [7, 3, 7, 5]
    assert np.array_equal(dataset.targets, expected)


@pytest.mark.parametrize(
    ("inputs", "labels"),
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"),
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("rows-idx2-double", "rows-idx1-double"),
    ],
)
def test_labels_are_found_beside_their_inputs(tmp_path, inputs, labels):
    for name, values in ((inputs, IMAGES), (labels, LABELS)):
        content = idx_bytes(values)
        packed = gzip.compress(content) if name.endswith(".gz") else content
        (tmp_path / name).write_bytes(packed)
    dataset = read_dataset(tmp_path / inputs)
    assert dataset.title == inputs
    assert dataset.name in inputs
    assert dataset.class_names == ("3", "5", "7")
    assert np.array_equal(dataset.inputs * 255, IMAGES.reshape(4, 6))


def test_labels_may_be_given_and_names_may_say_nothing(tmp_path):
    (tmp_path / "pictures").write_bytes(gzip.compress(idx_bytes(IMAGES)))
    (tmp_path / "answers").write_bytes(idx_bytes(LABELS))
    dataset = read_dataset(tmp_path / "pictures", labels=str(tmp_path / "answers"))
    assert np.array_equal(dataset.targets, [2, 0, 2, 1])
    assert refusal(tmp_path / "pictures") == (
        'pictures: expected its labels to be given, found no "idx3-" in its name to find them by.'
    )


def test_missing_labels_are_named(tmp_path):
    path = idx_files(tmp_path)
    (tmp_path / "my-labels-idx1-ubyte").unlink()
    assert refusal(path) == (
        "my-images-idx3-ubyte: expected its labels beside it in my-labels-idx1-ubyte, "
        "found no such file."
    )
    message = refusal(path, labels=tmp_path / "answers")
    assert message == f"answers: expected a file, found none at {tmp_path / 'answers'}."


@unhurried
@given(st.data())
def test_an_idx_file_of_any_other_length_is_refused(folder, data):
    whole = idx_bytes(IMAGES)
    length = data.draw(st.integers(0, len(whole) - 1))
    path = idx_files(folder)
    for content in (whole[:length], whole + whole[: length + 1]):
        path.write_bytes(content)
        assert refusal(path).startswith("my-images-idx3-ubyte: expected ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected an IDX file of 1 to 3 dimensions, starting 00 00, a type from 08 to 0e, "
              "and 01 to 03, found nothing."),
        (b"\0\0\x0a\3" + bytes(99), "expected an IDX file of 1 to 3 dimensions, starting 00 00, a "
                                    "type from 08 to 0e, and 01 to 03, found 00 00 0a 03."),
        (b"\0\0\x08\0", "expected an IDX file of 1 to 3 dimensions, starting 00 00, a type from "
                        "08 to 0e, and 01 to 03, found 00 00 08 00."),
        (b"text", "expected an IDX file of 1 to 3 dimensions, starting 00 00, a type from 08 to "
                  "0e, and 01 to 03, found 74 65 78 74."),
        (idx_bytes(IMAGES)[:10], "expected an IDX header of 16 bytes, found 10."),
        (idx_bytes(IMAGES)[:-1], "expected 24 bytes of values for its shape (4, 2, 3), found 23."),
        (struct.pack(">BBBB3I", 0, 0, 14, 3, *[2**32 - 1] * 3),
         "expected at most 268,435,456 values, found the shape "
         "(4294967295, 4294967295, 4294967295)."),
        (idx_bytes(IMAGES[:0]), "expected examples × features or examples × rows × columns, "
                                "found the shape (0, 2, 3)."),
        (idx_bytes(np.full((4, 1), np.nan)), "expected finite numbers, found NaN or infinity in "
                                             "example 1 of 4."),
        (idx_bytes(LABELS), "expected inputs of two or three dimensions, found one, as labels "
                            "have."),
    ],
)  # fmt: skip
def test_a_wrong_idx_file_is_refused(tmp_path, content, message):
    path = idx_files(tmp_path)
    path.write_bytes(content)
    assert refusal(path) == f"my-images-idx3-ubyte: {message}"


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (LABELS[:3], "expected 4 targets, one for each example in my-images-idx3-ubyte, "
                     "found the shape (3,)."),
        (IMAGES, "expected 4 targets, one for each example in my-images-idx3-ubyte, "
                 "found the shape (4, 2, 3)."),
        (LABELS * 0, "expected at least two classes, found only '0'."),
        (np.array([0, 1, np.nan, 2]), "expected finite numbers, found NaN or infinity in example "
                                      "3 of 4."),
    ],
)  # fmt: skip
def test_wrong_labels_are_refused_by_the_name_of_their_file(tmp_path, labels, message):
    assert refusal(idx_files(tmp_path, labels=labels)) == f"my-labels-idx1-ubyte: {message}"


def test_the_published_digits_are_read():
    digits = read_dataset(real_digits_path())
    assert (digits.size, digits.features, digits.image_shape) == (10_000, 784, (28, 28))
    assert digits.class_names == tuple("0123456789")
    assert digits.targets[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(digits.targets).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert (digits.inputs.min(), digits.inputs.max()) == (0.0, 1.0)
    assert digits.inputs.mean() == pytest.approx(0.1325, abs=1e-4)


# Any file


@pytest.mark.parametrize("name", ["t.csv", "t.npz", "t-idx3-ubyte", "t"])
def test_missing_files_and_folders_are_refused(tmp_path, name):
    path = tmp_path / name
    assert refusal(path) == f"{name}: expected a file, found none at {path}."
    path.mkdir()
    assert refusal(path) == f"{name}: expected a file, found a folder."


def test_a_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", str(path))

    path = csv_file(tmp_path, "a,b\n1,x\n2,y\n")
    monkeypatch.setattr(Path, "open", refuse)
    expected = "table.csv: expected a file that can be read, found an error (Permission denied)."
    assert refusal(path) == expected


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"a,b\n1,2\n"])
def test_other_kinds_of_file_are_refused(tmp_path, content):
    path = csv_file(tmp_path, content, "notes.txt")
    assert refusal(path) == "notes.txt: expected a CSV, NPZ or IDX file, found another kind."


def test_a_target_column_is_refused_where_there_are_no_columns(tmp_path):
    for path in (npz_file(tmp_path, x=POINTS, y=[0, 1, 1]), idx_files(tmp_path)):
        assert refusal(path, target="y") == (
            f"{path.name}: expected no target column, which is for CSV files only, found 'y'."
        )


def test_a_file_of_labels_is_refused_where_the_file_has_its_own(tmp_path):
    table = csv_file(tmp_path, "a,b\n1,x\n2,y\n")
    archive = npz_file(tmp_path, "my-idx3-points.npz", x=POINTS, y=[0, 1, 1])
    assert read_dataset(archive).size == 3
    for path in (archive, table):
        assert refusal(path, labels=tmp_path / "answers") == (
            f"{path.name}: expected no labels, which are for IDX files only, found answers."
        )


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_files_that_are_too_large_when_unpacked_are_refused(tmp_path, monkeypatch, pack):
    text = b"a,b\n1,x\n2,y\n" + b"\n" * 988
    path = csv_file(tmp_path, pack(text))
    monkeypatch.setattr(readers, "MAX_BYTES", 1000)
    assert read_dataset(path).size == 2
    monkeypatch.setattr(readers, "MAX_BYTES", 999)
    assert refusal(path) == "table.csv: expected at most 999 bytes when unpacked, found more."


@pytest.mark.parametrize("damage", [
    lambda packed: packed[:-4],
    lambda packed: packed[:-8] + bytes(8),
    lambda packed: packed[:10] + b"\xff" * 8 + packed[18:],
], ids=["cut short", "checksum", "content"])  # fmt: skip
def test_a_damaged_gzip_file_is_refused(tmp_path, damage):
    path = csv_file(tmp_path, damage(gzip.compress(b"a,b\n1,x\n2,y\n" * 9)), "t.csv.gz")
    assert refusal(path) == "t.csv.gz: expected an intact gzip file, found a damaged one."


def whole_files() -> dict[str, bytes]:
    archive = io.BytesIO()
    np.savez_compressed(archive, x=POINTS, y=[0, 1, 1])
    table = b"a,b,c\n1,2.5,x\n3,4,y\n5,6,x\n"
    return {
        "t.npz": archive.getvalue(),
        "t.csv": table,
        "t.csv.gz": gzip.compress(table),
        "my-images-idx3-ubyte": idx_bytes(IMAGES),
    }


@pytest.mark.parametrize("name", whole_files())
@unhurried
@given(data=st.data())
def test_whatever_the_damage_a_file_is_read_or_refused(folder, name, data):
    content = bytearray(whole_files()[name])
    places = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    for place, byte in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[place] = byte
    idx_files(folder)
    path = csv_file(folder, bytes(content[: data.draw(st.integers(0, len(content)))]), name)
    try:
        dataset = read_dataset(path)
    except InputError as error:
        named = str(error)
    else:
        named = dataset.title
        assert np.isfinite(dataset.inputs).all()
    assert name in named
