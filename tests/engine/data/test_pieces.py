"""Far down in a CSV file, rows are read many at once where they are plain: nobody can tell."""

import numpy as np
import pytest
from files_for_tests import csv_file
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.data.readers import limits, read_dataset
from engine.data.readers.headings import ROWS_BELOW
from engine.errors import InputError

_NAMES = "a,b,c"
_loadtxt = np.loadtxt
_MARKS = '"x, y"|"1"| "1"|"1"2|1"|"|""|"a""b"|"1""2"|"x "| x|" y"|" "|""""|"""x"'
_INTEGERS = "-0|007|-9|12-3|-|9007199254740993|9223372036854775808|-9223372036854775809"
_NUMBERS = "nan|NA|1_0|1,5|1e999|٣|1\u00a0|\u20281|#|0x10|1\0|\x0c1|1d2"
_CELLS = st.one_of(
    st.integers(-9, 9).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(f"x|y|| |{_MARKS}|{_NUMBERS}|{_INTEGERS}".split("|")),
)
_PLAIN_CELLS = st.sampled_from(["0", "1", "2.5", "x", "y"])
_INTEGER_CELLS = st.one_of(st.integers(-9, 9).map(str), st.sampled_from(_INTEGERS.split("|")))
_ROW = st.one_of(
    st.lists(_CELLS, min_size=3, max_size=3).map(",".join),
    st.lists(_INTEGER_CELLS, min_size=3, max_size=3).map(",".join),
    st.lists(_PLAIN_CELLS, min_size=3, max_size=3).map(",".join),
    st.sampled_from(["", " ", ",,", "1,2", "1,2,3,4"]),
)


def _read(folder, first, below, rows, end, last_end):
    """What is read, or how it is refused; an odd row below makes all be read one by one."""
    text = end.join([_NAMES, *[first] * ROWS_BELOW, below, *rows]) + last_end
    try:
        found = read_dataset(csv_file(folder, text))
    except InputError as error:
        return str(error)
    return found.class_names, found.inputs.tobytes(), found.targets.tobytes(), found.notes


@given(
    rows=st.lists(_ROW, min_size=1, max_size=6),
    last=st.sampled_from(["x", "0.25", "3"]),
    end=st.sampled_from(["\n", "\n", "\r\n", "\r"]),
    has_last_end=st.booleans(),
)
@example(rows=['1",2,x', '3,"4'], last="x", end="\n", has_last_end=True)
@example(rows=['"1"2,2,x'], last="x", end="\n", has_last_end=True)
@example(rows=['"1"2,"2",x'], last="x", end="\n", has_last_end=True)
@example(rows=['1,2,"x, y"', '1,2,"y"'], last="x", end="\n", has_last_end=True)
@example(rows=["1,2,x", "", "1,2,y"], last="3", end="\n", has_last_end=True)
@example(rows=['1,2,"x', 'y"'], last="x", end="\n", has_last_end=True)
@example(rows=['1,2,"x'], last="x", end="\n", has_last_end=False)
@example(rows=["1,2,x", "1,2,y"], last="3", end="\n", has_last_end=True)
@example(rows=["", "1,2,x", "1,NA,y"], last="x", end="\r\n", has_last_end=True)
@example(rows=["", "1,2,x", "1,NA,y"], last="x", end="\r", has_last_end=True)
@example(rows=["1e999,2,x"], last="x", end="\n", has_last_end=True)
@example(rows=["1,2,x\0", "1,2,x"], last="x", end="\n", has_last_end=True)
@example(rows=["1,-0,3"], last="3", end="\n", has_last_end=True)
@example(rows=["9007199254740993,9223372036854775808,3"], last="3", end="\n", has_last_end=True)
@example(rows=['1,2,"a""b"', '1,2,a"b'], last="x", end="\n", has_last_end=True)
@example(rows=['"1","2","x"', '"1","2"," x"'], last="x", end="\n", has_last_end=True)
@example(rows=['"1",2,x', '""', '"",""', "1,2,y"], last="x", end="\n", has_last_end=True)
@settings(max_examples=300)
def test_what_is_read_many_at_once_is_what_is_read_one_by_one(
    tmp_path_factory, rows, last, end, has_last_end
):
    folder = tmp_path_factory.mktemp("tables")
    plain = f"1,2,{last}"
    ends = end, end * has_last_end
    found = _read(folder, plain, plain, rows, *ends)
    assert found == _read(folder, plain, f'1, "2",{last}', rows, *ends)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("wrong", ["?,2,x", "1,2", "1,2,NA", "1,2,\udcff"])
@pytest.mark.parametrize("empty", [0, 3])
def test_the_line_of_a_fault_is_counted_through_all_blocks(tmp_path, end, wrong, empty):
    rows = ["1,2,x"] * 100_000 + [""] * empty + ["1,2,y", wrong, "1,2,x"]
    text = end.join([_NAMES, *rows]).encode(errors="surrogateescape")
    with pytest.raises(InputError) as error:
        read_dataset(csv_file(tmp_path, text))
    assert f"line {100_003 + empty}" in str(error.value)


def test_the_line_of_the_first_text_among_numbers_is_counted_too(tmp_path):
    rows = ["1,2,3.5"] * 100_000 + ["", "1,2,x", "1,2,y"]
    with pytest.raises(InputError) as error:
        read_dataset(csv_file(tmp_path, "\n".join([_NAMES, *rows])))
    assert "line 100003, column 'c'" in str(error.value)


@pytest.mark.parametrize("digits", ["9223372036854775808", "-9223372036854775809", "9" * 30])
def test_an_integer_beyond_the_largest_is_never_another_number(tmp_path, monkeypatch, digits):
    def as_older_versions_do(lines, kind, **how):  # it went by way of a float, of any size
        wrapped = np.iinfo(np.int64).min
        return _loadtxt([line.replace(digits, str(wrapped)) for line in lines], kind, **how)

    rows = ["1,2,3", "4,5,6"] * 2 * ROWS_BELOW
    path = csv_file(tmp_path, "\n".join([_NAMES, *rows, f"{digits},2,3"]))
    for loadtxt in (_loadtxt, as_older_versions_do):
        monkeypatch.setattr(np, "loadtxt", loadtxt)
        assert read_dataset(path).inputs[-1].tolist() == [float(digits), 2.0]


def test_many_lines_with_nothing_in_them(tmp_path, recwarn):
    text = "\n".join([_NAMES, *["1,2,x"] * ROWS_BELOW]) + "\n" * 90_000 + "1,2,y"
    assert read_dataset(csv_file(tmp_path, text)).class_names == ("x", "y")
    assert not recwarn.list


def test_rows_that_begin_in_one_block_and_end_in_another(tmp_path):
    rows = ['1,2,"x', f'{"y" * 300}"'] * 2_000
    dataset = read_dataset(csv_file(tmp_path, "\n".join([_NAMES, *rows, "1,2,z"])))
    assert dataset.size == 2_001
    assert len(dataset.class_names) == 2


def test_a_large_file_of_rows_that_have_to_be_read_one_by_one_is_refused(tmp_path, monkeypatch):
    odd = ['1, "2",x'] * 20_000
    path = csv_file(tmp_path, "\n".join([_NAMES, *["1,2,y"] * 20_000, *odd]))
    assert read_dataset(path).size == 40_000
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", 2_000_000)
    with pytest.raises(InputError, match=r"table.csv, line \d+: expected plain rows in so large"):
        read_dataset(path)


def test_a_fault_in_a_file_as_large_as_may_be_is_named_all_the_same(tmp_path, monkeypatch):
    text = "\n".join([_NAMES, *["1,2,x"] * 100_000, "?,2,x"])
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", len(text))
    with pytest.raises(InputError, match="line 100002, column 'a': expected a number"):
        read_dataset(csv_file(tmp_path, text))
