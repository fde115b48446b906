import gzip
import struct

import numpy as np
import pytest
from files_for_tests import IDX_CODES, IMAGES, LABELS, idx_bytes, idx_files, refusal
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from real_data import real_digits_path

from engine.data.readers import read_dataset


@pytest.mark.parametrize("dtype", IDX_CODES)
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
