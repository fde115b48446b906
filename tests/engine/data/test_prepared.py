"""A table is read as a person says, and what is said changes nothing else."""

import numpy as np
import pytest
from files_for_tests import csv_file, npz_file, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.readers import Reading, limits, read_dataset

MIXED = "colour,size,when,kind\nred,1.5,2024-01-31,a\nblue,,2024-02-01,b\n?,2.5,1.2.2024,a\n"
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text("abcdefgh äöü", min_size=1, max_size=5).map(str.strip).filter(bool)


def read(folder, content, **said):
    target = said.pop("target", None)
    return read_dataset(csv_file(folder, content), target, reading=Reading(**said))


# Whatever is said, plain tables are the same data set


@pytest.mark.parametrize(
    "said",
    [
        {"encoding": "utf-8"},
        {"separator": "comma"},
        {"decimal": "point"},
        {"header": True},
        {"missing": "refuse"},
        {"missing": "drop"},
        {"missing": "mean"},
        {"text": "one-hot"},
        {"dates": "days"},
    ],
)
@given(data=st.data())
def test_a_plain_table_is_the_same_to_the_bit_whatever_is_said(folder, said, data):
    columns = data.draw(st.integers(1, 4))
    row = st.tuples(*[NUMBERS] * columns, st.sampled_from(["cat", "dog", "Ärger"]))
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    rows += [(*[0.5] * columns, "cat"), (*[0.5] * columns, "dog")]
    names = ",".join(f"f{index}" for index in range(columns))
    text = "\n".join([f"{names},kind", *(",".join(map(str, one)) for one in rows)])
    plain, prepared = read(folder, text), read(folder, text, **said)
    assert prepared.inputs.tobytes() == plain.inputs.tobytes()
    assert prepared.targets.tobytes() == plain.targets.tobytes()
    assert (prepared.feature_names, prepared.class_names, prepared.notes, prepared.fill) == (
        plain.feature_names,
        plain.class_names,
        plain.notes,
        plain.fill,
    )


# Encodings


@pytest.mark.parametrize(
    ("encoding", "bytes_of"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("windows-1252", "cp1252"),
        ("latin-1", "latin-1"),
    ],
)
def test_every_encoding_gives_the_same_letters(tmp_path, encoding, bytes_of):
    text = "größe,b,art\n" + "1,2,für\n3,4,über\n" * 20_000  # in several blocks
    dataset = read(tmp_path, text.encode(bytes_of), encoding=encoding)
    assert dataset.feature_names == ("größe", "b")
    assert dataset.class_names == ("für", "über")
    assert dataset.size == 40_000


@pytest.mark.parametrize(
    ("content", "encoding"), [(b"a,b\n1,\x81\n", "windows-1252"), (b"\xff\xfea\x00,", "utf-16")]
)
def test_bytes_that_are_no_text_of_an_encoding_are_refused(tmp_path, content, encoding):
    message = refusal(csv_file(tmp_path, content), reading=Reading(encoding=encoding))
    assert "text (choose another encoding, or save it as UTF-8)" in message


# Numbers


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=10))
def test_decimal_commas_give_the_numbers_that_points_give(folder, rows):
    rows += [(0.25, 0.5)]
    with_points = "\n".join(["a;b", *(f"{a!r};{b!r}" for a, b in rows)])
    plain = read(folder, with_points)
    prepared = read(folder, with_points.replace(".", ","), decimal="comma")
    assert prepared.inputs.tobytes() == plain.inputs.tobytes()
    assert prepared.targets.tobytes() == plain.targets.tobytes()


@pytest.mark.parametrize(
    ("cell", "decimal", "wanted"),
    [
        ("1.500", "comma", "a number with a decimal comma and no other signs"),
        ("1.500,5", "comma", "a number with a decimal comma and no other signs"),
        ("1,500", "point", "a number with a decimal point and no other signs"),
        ("1_000", "comma", "a number with a decimal comma and no other signs"),
        ("inf", "comma", "a number"),
    ],
)
@pytest.mark.parametrize("column", ["x", "y"])
def test_a_number_that_might_be_another_one_is_refused(tmp_path, column, cell, decimal, wanted):
    rows = f"{cell};7\n" if column == "x" else f"7;{cell}\n"
    path = csv_file(tmp_path, f"x;y\n1;2\n3;4\n{rows}")
    message = refusal(path, reading=Reading(decimal=decimal, missing="mean"))
    if column == "x":
        assert message == f"table.csv, line 4, column 'x': expected {wanted}, found {cell!r}."
    else:
        assert "line 4, column 'y': expected a number" in message


# Names and columns


def test_names_that_are_missing_or_occur_twice_get_numbers_where_the_header_is_certain(tmp_path):
    text = ",a,a,b\n1,2,3,x\n4,5,6,y\n"
    dataset = read(tmp_path, text, header=True)
    assert dataset.feature_names == ("column 1", "a", "a (2)")
    assert any("are numbered" in note for note in dataset.notes)
    assert "a name for each column" in refusal(csv_file(tmp_path, text))


@given(names=st.lists(st.sampled_from(["a", "a (2)", "", "column 2", "b"]), min_size=2, max_size=9))
def test_every_column_gets_a_name_and_the_first_to_have_one_keeps_it(folder, names):
    rows = [[*names, "z"], *([number] * (len(names) + 1) for number in "12")]
    text = "\n".join(";".join(row) for row in rows)
    told = read(folder, text, header=True, separator="semicolon").feature_names
    assert len(set(told)) == len(names)
    for place, name in enumerate(names):
        if name and names.index(name) == place:
            assert told[place] == name


def test_a_first_row_of_text_can_be_an_example(tmp_path):
    dataset = read(tmp_path, "x,a\ny,b\n", header=False, text="one-hot")
    assert dataset.size == 2
    assert dataset.feature_names == ("column 1 = x", "column 1 = y")


def test_ignored_columns_are_left_out_whatever_they_hold(tmp_path):
    text = "id,x,note,y\na1,1.5,,u\nb7,2.5,?,v\n"
    dataset = read(tmp_path, text, ignore=("note", "id"))
    assert dataset.feature_names == ("x",)
    assert dataset.inputs.tolist() == [[1.5], [2.5]]
    last = read(tmp_path, "x,y,note\n1.5,u,\n2.5,v,\n", ignore=("note",))
    assert last.class_names == ("u", "v"), "the last column that is not ignored is predicted"


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"ignore": ("z",)}, "expected a column named 'z'"),
        ({"ignore": ("x",), "target": "x"}, "that is not ignored, found 'x'"),
        ({"ignore": ("x",)}, "a column to predict and a feature"),
    ],
)
def test_columns_that_cannot_be_ignored_are_named(tmp_path, said, part):
    path = csv_file(tmp_path, "x,y\n1,2\n")
    target = said.pop("target", None)
    assert part in refusal(path, target=target, reading=Reading(**said))


# Missing cells


def test_rows_with_missing_cells_are_dropped_and_counted(tmp_path):
    dataset = read(tmp_path, "a,b,y\n1,2,u\n,2,v\n3,NA,u\n5,6,?\n7,8,v\n", missing="drop")
    assert dataset.inputs.tolist() == [[1, 2], [7, 8]]
    assert dataset.notes == ("table.csv: 3 of 5 rows are left out, because a cell is missing.",)


@pytest.mark.parametrize("missing", ["mean", "median"])
def test_missing_numbers_stay_open_until_the_data_are_divided(tmp_path, missing):
    dataset = read(tmp_path, "a,b,y\n1,2,u\n,2,v\n3,2,\n", missing=missing)
    assert np.array_equal(dataset.inputs, [[1, 2], [np.nan, 2]], equal_nan=True)
    assert dataset.fill == missing
    assert dataset.notes == (
        "table.csv: 1 of 3 rows is left out, because its target is missing.",
        f"table.csv: 1 missing cell is filled with the {missing} of the training part.",
    )


def test_a_table_of_nothing_but_missing_cells_is_refused(tmp_path):
    path = csv_file(tmp_path, "a,y\n,1\n,2\n")
    assert "rows with missing cells only" in refusal(path, reading=Reading(missing="drop"))


# Text and dates


@given(cells=st.lists(WORDS, min_size=2, max_size=30))
def test_each_text_is_a_column_with_a_one_where_it_stands(folder, cells):
    rows = [f"{cell};{'uv'[index % 2]}" for index, cell in enumerate(cells)]
    text = "\n".join(["word;y", *rows])
    dataset = read(folder, text, text="one-hot", separator="semicolon", header=True)
    names = [name.removeprefix("word = ") for name in dataset.feature_names]
    assert names == sorted(set(cells))
    assert (dataset.inputs.sum(axis=1) == 1).all()
    assert [names[place] for place in dataset.inputs.argmax(axis=1)] == cells


def test_a_missing_text_is_none_of_the_others(tmp_path):
    dataset = read(tmp_path, MIXED, text="one-hot", missing="mean", dates="days")
    places = [dataset.feature_names.index(f"colour = {text}") for text in ("blue", "red")]
    assert dataset.inputs[:, places].tolist() == [[0, 1], [1, 0], [0, 0]]
    assert any("all 0 where it is missing (1 rows)" in note for note in dataset.notes)


def test_texts_of_dropped_rows_make_no_columns(tmp_path):
    dataset = read(tmp_path, MIXED, text="one-hot", missing="drop", ignore=("when",), target="size")
    assert dataset.feature_names == ("colour = red", "kind = a")


def test_dates_are_days(tmp_path):
    dataset = read(tmp_path, MIXED, ignore=("colour", "size"), dates="days")
    assert dataset.inputs[:, 0].tolist() == [19753, 19754, 19754]
    assert any("dates are days since 1970-01-01" in note for note in dataset.notes)
    to_predict = read(
        tmp_path, MIXED, ignore=("colour", "size"), target="when", dates="days", text="one-hot"
    )
    assert to_predict.kind == "regression", "days are numbers, however few there are"
    assert to_predict.targets.ravel().tolist() == [19753, 19754, 19754]
    assert any("dates are days since 1970-01-01" in note for note in to_predict.notes)


@pytest.mark.parametrize("sign", ["-", "+"])
def test_a_sign_alone_is_a_class_and_a_text(tmp_path, sign):
    rows = "".join(
        f"{index},{sign if index % 2 else 'u'},{'+-'[index % 2]}\n" for index in range(20)
    )
    dataset = read(tmp_path, f"a,b,y\n{rows}", text="one-hot", missing="drop")
    assert dataset.size == 20
    assert sorted(dataset.class_names) == ["+", "-"]
    assert dataset.inputs[:, 1:].sum(axis=1).tolist() == [1.0] * 20


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_among_numbers_is_a_missing_value(tmp_path, dash):
    rows = "".join(f"{dash if index == 3 else index},{'uv'[index % 2]}\n" for index in range(20))
    dataset = read(tmp_path, f"a,y\n{rows}", missing="drop")
    assert dataset.inputs.ravel().tolist() == [index for index in range(20) if index != 3]
    assert any("1 of 20 rows is left out" in note for note in dataset.notes)


def test_text_and_dates_are_refused_unless_it_is_said_what_becomes_of_them(tmp_path):
    path = csv_file(tmp_path, "c,x,y\nred,1,u\nblue,2,v\n")
    message = refusal(path, reading=Reading(missing="drop"))
    assert message == "table.csv, line 2, column 'c': expected a number, found 'red'."
    path = csv_file(tmp_path, "c,y\n01/02/2024,u\n02/02/2024,v\n")
    message = refusal(path, reading=Reading(dates="days"))
    assert "expected a date such as 2024-01-31 or 31.01.2024, found '01/02/2024'" in message


def test_more_texts_than_can_be_columns_are_refused(tmp_path):
    rows = "".join(f"word{index},{'uv'[index % 2]}\n" for index in range(limits.MAX_TEXTS + 1))
    message = refusal(csv_file(tmp_path, f"w,y\n{rows}"), reading=Reading(text="one-hot"))
    assert f"line {limits.MAX_TEXTS + 2}, column 'w': expected at most 100 different" in message


# Many rows


@given(seed=st.integers(0, 10**6), is_odd=st.booleans(), missing=st.sampled_from(["drop", "mean"]))
@settings(max_examples=10)
def test_many_rows_are_the_same_whether_they_are_plain_or_have_to_be_looked_at(
    folder, seed, is_odd, missing
):
    """Stretches of plain numbers are read at once; a cell that is missing in one changes that."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(9000, 3)).round(3)
    gaps = random.random(size=(9000, 3)) < (1e-4 if is_odd else 0)
    gaps[:, 0] = False
    rows = [
        f"{i};{';'.join('NA' if gap else str(value) for gap, value in zip(*row, strict=True))};"
        f"{'uvw'[i % 3]}"
        for i, row in enumerate(zip(gaps, values, strict=True))
    ]
    text = "\n".join(["id;a;b;c;kind", *rows])
    dataset = read(folder, text, ignore=("id",), missing=missing)
    kept = ~gaps.any(axis=1) if missing == "drop" else np.full(9000, True)
    wanted = np.where(gaps, np.nan, values)[kept]
    assert dataset.inputs.tobytes() == wanted.tobytes()
    assert np.array_equal(dataset.targets, (np.arange(9000) % 3)[kept])


def test_what_is_wrong_far_down_is_named_by_its_line(tmp_path):
    rows = "".join(f"{i}.5,{i},{'uv'[i % 2]}\n" for i in range(9000))
    path = csv_file(tmp_path, f"a,b,y\n{rows}x,1,u\n")
    message = refusal(path, reading=Reading(ignore=("b",)))
    assert message == "table.csv, line 9002, column 'a': expected a number, found 'x'."


@pytest.mark.parametrize("reading", [Reading(), Reading(missing="drop"), Reading("latin-1")])
def test_reading_goes_on_as_long_as_it_may(tmp_path, reading):
    path = csv_file(tmp_path, "a,y\n" + "1.5,u\n2.5,v\n" * 100_000)
    asked = []
    whole = read_dataset(path, reading=reading, go_on=lambda: asked.append(None))
    assert whole.size == 200_000
    assert len(asked) > 10

    def no_longer():
        if len(asked) > 5:
            raise RuntimeError
        asked.append(None)

    asked.clear()
    with pytest.raises(RuntimeError):
        read_dataset(path, reading=reading, go_on=no_longer)
    assert len(asked) == 6


# Limits and other files


def test_rows_and_numbers_are_limited(tmp_path, monkeypatch):
    path = csv_file(tmp_path, "a,b,y\n" + "1,2,u\n3,4,v\n" * 4)
    said = {"reading": Reading(missing="drop")}
    monkeypatch.setattr(limits, "MAX_ROWS", 7)
    assert "at most 7 rows" in refusal(path, **said)
    monkeypatch.setattr(limits, "MAX_ROWS", 100)
    monkeypatch.setattr(limits, "MAX_COLUMNS", 2)
    assert "at most 2 columns" in refusal(path, **said)
    monkeypatch.setattr(limits, "MAX_COLUMNS", 3)
    monkeypatch.setattr(limits, "MAX_NUMBERS", 15)
    assert "at most 15 numbers" in refusal(path, **said)


def test_a_row_of_another_length_is_named(tmp_path):
    path = csv_file(tmp_path, "a,b\n1,2\n1,2,3\n")
    message = refusal(path, reading=Reading(missing="drop"))
    assert message == "table.csv, line 3: expected 2 cells, found 3."


def test_other_kinds_of_file_take_no_such_word(tmp_path):
    path = npz_file(tmp_path, x=[[1.0], [2.0]], y=[0, 1])
    message = refusal(path, reading=Reading(decimal="comma"))
    assert message == "points.npz: expected no decimal, which is for CSV files only, found one."
