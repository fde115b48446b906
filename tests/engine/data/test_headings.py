import pytest
from files_for_tests import csv_file, refusal

from engine.data.readers import read_dataset
from engine.data.readers.headings import heading_of
from engine.data.readers.preview import look_at


def said(tmp_path, text: str, **arguments) -> tuple[int, tuple[str, ...], str]:
    """Examples, features, and what is said of the first row."""
    dataset = read_dataset(csv_file(tmp_path, text), **arguments)
    return (
        dataset.size,
        dataset.feature_names,
        "".join(note for note in dataset.notes if ", line " in note),
    )


@pytest.mark.parametrize(
    "text",
    [
        "0,1,2\n5.1,3.5,0\n4.9,3.0,1\n6.2,2.8,2\n",
        "0,1,2\n5,6,0\n7,8,1\n",
        "1,2,3\n5,6,0\n7,8,1\n9,9,1\n",
        "0,1\n0.5,1\n0.25,0\n",
        "0,1\n0,0.5\n1,0.25\n",
        "0,1,2,3\n0,1,2,7\n0,1,2,8\n",
        "0;1;2\n1,5;2,5;cat\n".replace(",", ".") + "0;1;dog\n",
    ],
)
def test_a_header_of_column_numbers_is_not_an_example(tmp_path, text):
    size, features, note = said(tmp_path, text)
    header, *rows = text.splitlines()
    assert size == len(rows)
    assert list(features) == header.replace(";", ",").split(",")[:-1]
    assert note == ("table.csv, line 1: taken as the names of the columns, because it counts them.")


@pytest.mark.parametrize("header", ["2020,2021,2022", "10,20,30", "7,8,9"])
def test_a_header_of_whole_numbers_above_nothing_but_decimals_is_not_an_example(tmp_path, header):
    rows = "1.5,2.5,3.5\n4.5,5.5,6.5\n7.5,8.5,9.5\n"
    size, features, note = said(tmp_path, f"{header}\n{rows}")
    assert (size, list(features)) == (3, header.split(",")[:-1])
    assert note == (
        "table.csv, line 1: taken as the names of the columns, "
        "because it alone has no decimal points."
    )
    assert said(tmp_path, f"{header}\n{rows}1,2,3\n")[0] == 5, "others have none, either"
    assert said(tmp_path, f"7,7,7\n{rows}")[0] == 4, "columns have different names"


def test_a_header_of_column_numbers_is_no_class_of_its_own(tmp_path):
    rows = "".join(f"{index}.5,{index},{index % 2}\n" for index in range(9))
    assert read_dataset(csv_file(tmp_path, f"0,1,2\n{rows}")).class_names == ("0", "1")


@pytest.mark.parametrize(
    "text", ["0,1\n1,0\n0,1\n", "1,2\n2,4\n3,6\n", "0,1,2\n0,2,1\n0,1,2\n", "1,2,3\n1,2,3\n4,2,5\n"]
)
def test_a_first_row_that_counts_the_columns_may_be_an_example_and_that_is_said(tmp_path, text):
    size, features, note = said(tmp_path, text)
    assert size == len(text.splitlines())
    assert features[0] == "column 1"
    assert note == (
        "table.csv, line 1: taken as an example, not as the names of the columns, "
        "because its numbers fit those below."
    )


@pytest.mark.parametrize("text", ["1,2,x\n3,4,y\n5,6,x\n", "\n1,2,x\n3,4,x\n5,6,y\n"])
def test_a_first_row_with_a_class_that_recurs_is_an_example(tmp_path, text):
    size, features, note = said(tmp_path, text)
    assert (size, features) == (3, ("column 1", "column 2"))
    line = text.index("1") + 1
    assert note == f"table.csv, line {line}: taken as an example, because 'x' occurs again below."


def test_the_class_may_stand_in_another_column(tmp_path):
    dataset = read_dataset(csv_file(tmp_path, "x,1,2\ny,3,4\nx,5,6\n"), target="column 1")
    assert dataset.size == 3
    assert dataset.class_names == ("x", "y")


def test_a_name_that_is_no_class_below_names_its_column(tmp_path):
    size, features, note = said(tmp_path, "0,1,target\n4,3,1\n4,3,2\n")
    assert (size, features) == (2, ("0", "1"))
    assert note == (
        "table.csv, line 1: taken as the names of the columns, because 'target' is not below."
    )


@pytest.mark.parametrize("text", ["a,b,c\n1,2,x\n3,4,y\n", "9,7,5\n1,2,3\n", "0.5,1,x\n1,2,y\n"])
def test_nothing_is_said_where_there_is_no_doubt(tmp_path, text):
    assert said(tmp_path, text)[2] == ""


def test_the_column_that_was_asked_for_settles_it(tmp_path):
    text = "0,1,2\n0,1,2\n1,0,1\n"
    assert said(tmp_path, text)[0] == 3
    assert said(tmp_path, text, target="1") == (2, ("0", "2"), "")
    assert said(tmp_path, text, target="column 2")[0] == 3


@pytest.mark.parametrize("first", ["5,NA,3", "5,?,x", "7,8,NA", "7,8,?"])
def test_a_first_row_with_a_missing_value_is_refused_instead_of_lost(tmp_path, first):
    message = refusal(csv_file(tmp_path, f"{first}\n1,2,3\n4,5,6\n"))
    assert message.startswith("table.csv, line 1, column 'column ")


def test_a_header_with_some_numbers_is_said_to_be_one(tmp_path):
    assert said(tmp_path, "5,height,3\n1,2,30\n4,5,60\n") == (
        2,
        ("5", "height"),
        "table.csv, line 1: taken as the names of the columns, although some are numbers.",
    )


def test_texts_that_all_recur_below_make_the_first_row_an_example(tmp_path):
    works = "Private", "State", "Self"
    rows = [f"{20 + i},{works[i % 3]},{5000 + i},{'<>'[i % 2]}50K" for i in range(30)]
    path = csv_file(tmp_path, "\n".join(rows) + "\n")
    first = heading_of(rows[0].split(","), [row.split(",") for row in rows[1:]], None)
    assert first.is_example
    assert "occur again below" in first.reason
    preview = look_at(str(path))
    assert [column.name for column in preview.columns] == [f"column {n}" for n in range(1, 5)]


def test_texts_of_which_one_does_not_recur_name_the_columns():
    first = heading_of(["2019", "city", "sort"], [["1", "city", "b"], ["2", "x", "a"]], None)
    assert not first.is_example
