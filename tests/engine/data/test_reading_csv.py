import gzip

import numpy as np
import pytest
from files_for_tests import csv_file, refusal
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data import readers
from engine.data.readers import read_dataset

# What is read


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


# What is refused


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
