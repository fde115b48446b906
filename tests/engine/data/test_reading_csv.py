import gzip

import numpy as np
import pytest
from files_for_tests import csv_file, refusal
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.readers import limits, read_dataset

UTF_8 = "UTF-8 text (save it as UTF-8, or choose the encoding)"

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
        (["1", "a", "b"], "classification", ("1", "a", "b")),
        (["1.0", "a"], "classification", ("1.0", "a")),
        (["1", "2", "2.5"], "regression", ()),
        (["1e300", "2", "3"], "regression", ()),
        (["0.5", "0.5", "0.5"], "regression", ()),
        ([str(i) for i in range(50)], "classification", tuple(str(i) for i in range(50))),
        ([str(i) for i in range(51)], "regression", ()),
        (
            [f"c{i:02}" for i in range(50)] * 2,
            "classification",
            tuple(f"c{i:02}" for i in range(50)),
        ),
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
        ("5,2,3\n1,x,3\n", ", line 2, column 'column 2': expected a number, found 'x'."),
        ('a,b\n"1\n2",x\n', ", line 3, column 'a': expected a number, found '1\\n2'."),
        (f"a,b\n{'y' * 999},x\n", f", line 2, column 'a': expected a number, found "
             f"'{'y' * 39}…{'y' * 18}'."),
        ("a,b\n1,x\n2,\n", ", line 3, column 'b': expected a number or the name of a class, "
                           "found an empty cell."),
        ("a,b\n1,x\n2,NaN\n", ", line 3, column 'b': expected a number or the name of a class, "
                              "found 'NaN'."),
        ("a,b\n1,0.5\n2,-inf\n", ", line 3, column 'b': expected a number or the name of a class, "
                                 "found '-inf'."),
        ("a,b\n0,low\n" + "".join(f"0,{i}\n" for i in range(60)),
         ", line 2, column 'b': expected a number, as in most rows of the column, found 'low'."),
        ("a,b\n" + "".join(f"0,{i} of 60\n" for i in range(60)),
         ", line 2, column 'b': expected a number, or at most 50 classes in the column, "
         "found '0 of 60'."),
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
        (b"a,b\n1,x\n2,caf\xe9\n", f", line 3: expected {UTF_8}, found the byte 0xe9."),
        ("a,b\n1,x\n".encode("utf-16"), f", line 1: expected {UTF_8}, found the byte 0xff."),
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


@pytest.mark.parametrize(
    "mark", ["NA", "N/A", "n/a", "#N/A", "<NA>", "null", "NULL", "?", "nan", "inf", "", "  "]
)
@pytest.mark.parametrize("others", [["1.5", "2.5", "4"], ["1", "2", "2"], ["cat", "dog", "cat"]])
def test_what_stands_for_a_missing_value_is_neither_a_number_nor_a_class(tmp_path, mark, others):
    cells = [*others, mark, mark]
    message = refusal(csv_file(tmp_path, "a,b\n" + "".join(f"0,{cell}\n" for cell in cells)))
    found = repr(mark) if mark.strip() else "an empty cell"
    assert message == (
        f"table.csv, line 5, column 'b': expected a number or the name of a class, found {found}."
    )


@pytest.mark.parametrize(
    "written",
    ["1,5", "-1,5", "1,234", "1,234.5", "1.234,5", "1.234.567", "1 234", "1\u00a0234,5", "1'234",
     "1_000", "$5", "5 €", "12%", "1,5e3"],
)  # fmt: skip
def test_numbers_written_in_another_way_are_refused_and_do_not_become_classes(tmp_path, written):
    text = "a;b\n" + f"0;{written}\n" * 3 + "0;7\n0;8,25\n"
    assert refusal(csv_file(tmp_path, text)) == (
        "table.csv, line 2, column 'b': expected a number with a decimal point and no other "
        f"signs, found {written!r}."
    )


@given(
    numbers=st.lists(st.integers(-99, 99).map(str), min_size=5, max_size=9),
    words=st.lists(
        st.sampled_from(["cat", "dog", "1st", "10-20", "1.2.3"]), min_size=1, max_size=4
    ),
    random=st.randoms(use_true_random=False),
)
def test_a_column_that_is_mostly_numbers_has_no_text(folder, numbers, words, random):
    cells = numbers + words
    random.shuffle(cells)
    message = refusal(csv_file(folder, "a,b\n" + "".join(f"0,{cell}\n" for cell in cells)))
    place = next(index for index, cell in enumerate(cells) if cell in words)
    assert message == (
        f"table.csv, line {place + 2}, column 'b': expected a number, as in most rows of the "
        f"column, found {cells[place]!r}."
    )


@pytest.mark.parametrize("labels", [
    ["cat", "dog", "dog"], ["none", "mild", "severe"], ["1st", "2nd", "1st"],
    ["0", "x", "y", "z"], ["10-20", "20-30", "10-20"], ["a", "1"],
])  # fmt: skip
def test_labels_in_text_are_classes(tmp_path, labels):
    rows = "".join(f"0,{label}\n" for label in labels)
    dataset = read_dataset(csv_file(tmp_path, f"a,b\n{rows}"))
    assert [dataset.class_names[index] for index in dataset.targets] == labels
    has_numbers = any(label.isdigit() for label in labels)
    wanted = ("table.csv, column 'b': numbers among its texts are taken as names of classes.",)
    assert dataset.notes == (wanted if has_numbers else ())


@pytest.mark.parametrize("cell", ["2026-01-{:02}", "0x{:x}", "id {}", "{}h"])
def test_texts_that_hardly_recur_are_no_classes(tmp_path, cell):
    rows = "".join(f"{i}.5,{cell.format(i)}\n" for i in range(11))
    message = refusal(csv_file(tmp_path, f"a,b\n{rows}"))
    assert "expected a number, or classes that recur in the column, found" in message
    assert len(read_dataset(csv_file(tmp_path, f"a,b\n{rows}{rows}")).class_names) == 11


@pytest.mark.parametrize("minus", "−–")
def test_another_minus_is_no_class(tmp_path, minus):
    rows = "".join(f"{i}.5,{minus}{i}.25\n" for i in range(5))
    message = refusal(csv_file(tmp_path, f"a,b\n{rows}"))
    assert "expected a number with a decimal point and no other signs" in message


def test_whole_numbers_that_are_taken_as_classes_are_noted(tmp_path):
    few = read_dataset(csv_file(tmp_path, "a,age\n0,31\n0,42\n0,31\n"))
    assert few.notes == (
        "table.csv, column 'age': the 2 different whole numbers are taken as classes.",
    )
    assert not read_dataset(csv_file(tmp_path, "a,age\n0,31\n0,42.5\n")).notes


def test_an_unknown_target_column_is_refused_with_those_there_are(tmp_path):
    path = csv_file(tmp_path, "a,b\n1,2\n")
    message = refusal(path, target="c")
    assert message == "table.csv, line 1: expected a column named 'c', found ['a', 'b']."


@pytest.mark.parametrize(
    ("limit", "most", "what"), [("NUMBERS", 4, "numbers"), ("ROWS", 2, "rows")]
)
def test_a_csv_file_with_too_much_in_it_is_refused(tmp_path, monkeypatch, limit, most, what):
    monkeypatch.setattr(limits, f"MAX_{limit}", most)
    path = csv_file(tmp_path, "a,b,c\n1,2,x\n3,4,y\n")
    assert read_dataset(path).size == 2
    csv_file(tmp_path, "a,b,c\n1,2,x\n3,4,y\n5,6,x\n")
    assert refusal(path) == f"table.csv: expected at most {most} {what}, found more."


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_rows_with_nothing_in_them_are_counted(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(limits, "MAX_EMPTY_ROWS", 5)
    text = "\n\na,b\n1,x\n,\n\n2,y\n\n"
    assert read_dataset(csv_file(tmp_path, pack(text.encode()))).size == 2
    message = refusal(csv_file(tmp_path, pack(f"{text}\n".encode())))
    assert message == "table.csv: expected at most 5 rows with nothing in them, found more."


@pytest.mark.parametrize("row", ["1," + "9" * 99, "1," * 50, '1,"\n' + "x\n" * 50])
def test_a_row_that_is_too_long_is_refused_before_all_of_it_is_read(tmp_path, monkeypatch, row):
    monkeypatch.setattr(limits, "MAX_ROW", 60)
    path = csv_file(tmp_path, f"a,b\n1,{'x' * 57}\n1,y\n")
    assert read_dataset(path).size == 2
    message = refusal(csv_file(tmp_path, f"a,b\n{row}"))
    assert message.endswith(": expected rows of at most 60 characters, found a longer one.")


def test_the_line_of_what_is_no_text_is_named_far_down(tmp_path):
    text = b"a,b\r\n" + b"1,x\r\n2,y\r\n" * 5000 + b"1,\xff\r\n"
    message = refusal(csv_file(tmp_path, text))
    assert message == (f"table.csv, line 10002: expected {UTF_8}, found the byte 0xff.")
