import gzip
import io
import os
from pathlib import Path

import numpy as np
import pytest
from files_for_tests import IMAGES, POINTS, csv_file, idx_bytes, idx_files, npz_file, refusal
from hypothesis import given
from hypothesis import strategies as st

from engine.data.readers import limits, read_dataset
from engine.errors import InputError


@pytest.mark.parametrize("name", ["t.csv", "t.npz", "t-idx3-ubyte", "t"])
def test_missing_files_and_folders_are_refused(tmp_path, name):
    path = tmp_path / name
    assert refusal(path) == f"{name}: expected a file, found none at {path}."
    path.mkdir()
    assert refusal(path) == f"{name}: expected a file, found a folder."


@pytest.mark.parametrize("name", ["t.csv", "t.npz", "t-idx3-ubyte", "t"])
def test_pipes_and_devices_are_refused_and_not_waited_for(tmp_path, name):
    path = tmp_path / name
    os.mkfifo(path)
    assert refusal(path) == f"{name}: expected a file, found no ordinary file."
    assert refusal(Path(os.devnull)).endswith("expected a file, found no ordinary file.")


@pytest.mark.parametrize("name", ["t\0.csv", "t" * 300 + ".csv", "t" * 300 + "-idx3-ubyte"])
def test_names_that_no_file_can_have_are_refused(tmp_path, name):
    assert " expected a file" in refusal(tmp_path / name)


def test_a_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", str(path))

    path = csv_file(tmp_path, "a,b\n1,x\n2,y\n")
    monkeypatch.setattr(Path, "open", refuse)
    expected = "table.csv: expected a file that can be read, found an error (Permission denied)."
    assert refusal(path) == expected


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"a,b\n1,2\n"])
def test_other_kinds_of_file_are_refused(tmp_path, content):
    path = csv_file(tmp_path, content, "notes.md")
    assert refusal(path) == "notes.md: expected a CSV, NPZ or IDX file, found another kind."


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
    text = b"a,b\n" + b"1,x\n2,y\n" * 124 + b"1,x\n"
    path = csv_file(tmp_path, pack(text))
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", 1000)
    assert read_dataset(path).size == 249
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", 999)
    assert refusal(path) == "table.csv: expected at most 999 bytes when unpacked, found more."


def test_a_table_that_was_packed_beyond_measure_is_refused_before_it_is_parsed(
    tmp_path, monkeypatch
):
    content = gzip.compress(b"a,b\n1,x\n2,y\n" + b"3,x\n" * 2500)
    path = csv_file(tmp_path, content, "t.csv.gz")
    monkeypatch.setattr(limits, "SMALL_TEXT_BYTES", 500)
    assert read_dataset(path).size == 2502
    monkeypatch.setattr(limits, "MAX_UNPACKING", 10)
    expected = f"t.csv.gz: expected at most {10 * len(content):,} bytes when unpacked, found more."
    assert refusal(path) == expected


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
