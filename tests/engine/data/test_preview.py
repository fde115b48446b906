"""The beginning of a table tells how to read it; what is proposed reads it."""

import gzip

import pytest
from files_for_tests import csv_file
from hypothesis import given
from hypothesis import strategies as st

from engine.data.readers import USUAL, Reading, read_dataset
from engine.data.readers.preview import ROWS_SHOWN, look_again, look_at
from engine.errors import InputError

PLAIN = "a,b,kind\n" + "1.5,2,x\n3.5,4,y\n" * 10


def proposed(path, reading=USUAL):
    preview = look_at(path, reading)
    return preview.settings(preview.target, preview.ignored, preview.missing)


def test_a_table_of_names_alone_is_refused_for_its_lack_of_rows(tmp_path):
    path = csv_file(tmp_path, "a,b,label\n")
    preview = look_at(path)
    target, reading = preview.settings(preview.target, preview.ignored, preview.missing)
    with pytest.raises(InputError, match="expected rows of data below the names of the columns"):
        read_dataset(path, target, reading=reading)


def test_nothing_has_to_be_said_of_a_plain_table(tmp_path):
    assert proposed(csv_file(tmp_path, PLAIN)) == (None, USUAL)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PLAIN.encode("utf-8-sig"), {}),
        (PLAIN.encode("utf-16"), {"encoding": "utf-16"}),
        (PLAIN.encode("utf-16-le"), {"encoding": "utf-16"}),
        (PLAIN.replace("x", "ä").encode("cp1252"), {"encoding": "windows-1252"}),
        (PLAIN.replace("x", "\x81").encode("latin-1"), {"encoding": "latin-1"}),
        (PLAIN.replace(",", ";"), {}),
        (PLAIN.replace(",", "\t"), {}),
        (PLAIN.replace(",", ";").replace(".", ","), {"decimal": "comma"}),
        (
            "1,5;2,5;x\n3,5;4,5;y\n" * 10,
            {"decimal": "comma", "separator": "semicolon", "header": False},
        ),
        ("1.5,2,x\n3.5,4,y\n" * 10, {}),
        ("a,b\nb,a\n" * 10, {"header": False, "text": "one-hot"}),
        ("a,a,y\n" + "1.5,2,u\n2.5,4,v\n" * 10, {"header": True}),
        (",a,y\n" + "1.5,2,u\n2.5,4,v\n" * 10, {"header": True}),
        ("n,c,y\n" + "1.5,red,u\n2.5,blue,v\n" * 10, {"text": "one-hot"}),
        ("a,b,y\n" + "1.5,2,u\n2.5,3,v\n" * 10 + ",NA,v\n", {"missing": "drop"}),
        ("a,b,y\n" + "1.5,2,u\n,?,v\n" * 20, {"missing": "mean"}),
        (
            "day,x,y\n" + "2024-01-31,2.5,u\n2024-02-01,3.5,v\n" * 10,
            {"ignore": ("day",)},
        ),
        (
            "id,x,y\n" + "".join(f"{i},{i % 3}.5,{'uv'[i % 2]}\n" for i in range(20)),
            {"ignore": ("id",)},
        ),
        (
            "name,x,y\n" + "".join(f"n{i},{i % 3}.5,{'uv'[i % 2]}\n" for i in range(20)),
            {"ignore": ("name",)},
        ),
        ("x,none,y\n" + "1.5,,u\n2.5,,v\n" * 10, {"ignore": ("none",)}),
    ],
)
def test_what_has_to_be_said_is_proposed_and_reads_the_table(tmp_path, content, said):
    path = csv_file(tmp_path, content)
    target, reading = proposed(path)
    assert reading == Reading(**said)
    dataset = read_dataset(path, target, reading=reading)
    assert dataset.size >= 20
    assert dataset.classes == 2


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("kind,a,b\nu,1.5,2\nv,2.5,3\nu,3.5,4\nv,4,5\n" * 3, "kind"),
        ("a,label,b\n1.5,u,2\n2.5,v,3\n1,u,2\n2,v,3\n", "label"),
        ("place,size,price\nu,1.5,2\nv,2.5,3\nu,3.5,4\nv,4,5\n" * 3, "place"),
        ("size,place,price\n1,u,2\n4,v,3\n6,u,4\n2,v,5\n" * 3, "price"),
        ("a,b,c\n1,2,3\n4,5,6\n", "c"),
    ],
)
def test_the_target_is_named_so_or_text_at_an_end_or_the_last_column(tmp_path, text, target):
    assert look_at(csv_file(tmp_path, text)).target == target


CELLS = {
    "number": st.floats(-1e6, 1e6).map(lambda number: f"{number:.3f}"),
    "whole": st.integers(-999, 999).map(str),
    "text": st.sampled_from(["red", "green", "über", "a b"]),
    "gaps": st.sampled_from(["1.5", "2.5", "", "NA", "?"]),
    "date": st.dates().map(str),
    "flag": st.sampled_from(["true", "false"]),
}


@given(data=st.data())
def test_a_proposal_reads_any_table_or_says_why_not(folder, data):
    """The dialog shows either what it becomes or the sentence; nothing else is raised."""
    kinds = data.draw(st.lists(st.sampled_from([*CELLS]), min_size=1, max_size=5))
    rows = data.draw(st.lists(st.tuples(*(CELLS[kind] for kind in kinds)), min_size=2, max_size=30))
    rows = [(*row, "no" if index % 2 else "yes") for index, row in enumerate(rows)]
    names = [f"{kind} {place}" for place, kind in enumerate(kinds)] + ["class"]
    header = [names] if data.draw(st.booleans()) else []
    mark = data.draw(st.sampled_from([",", ";", "\t"]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "cp1252"]))
    text = "\n".join(mark.join(row) for row in [*header, *rows])
    path = csv_file(folder, text.encode(encoding))
    preview = look_at(path)
    target, reading = preview.settings(preview.target, preview.ignored, preview.missing)
    try:
        dataset = read_dataset(path, target, reading=reading)
    except InputError:
        return
    assert dataset.size <= len(rows) + 1
    if header:
        assert {name.partition(" = ")[0] for name in dataset.feature_names} <= set(names)


@given(data=st.data())
def test_a_proposal_is_found_again_in_what_it_says(folder, data):
    """A file that was imported is shown as it was, when its columns are asked for again."""
    content, said = data.draw(
        st.sampled_from(
            [
                (PLAIN.encode(), {}),
                (PLAIN.encode("utf-16"), {}),
                (PLAIN.replace(",", ";").replace(".", ",").encode(), {}),
                (b"1,5;2,5;x\n3,5;4,5;y\n" * 10, {}),
                (PLAIN.encode(), {"header": False}),
                (PLAIN.encode(), {"separator": "semicolon"}),
                (PLAIN.encode(), {"encoding": "latin-1", "decimal": "comma"}),
            ]
        )
    )
    path = csv_file(folder, content)
    preview = look_at(path, Reading(**said))
    names = [column.name for column in preview.columns]
    target = data.draw(st.sampled_from(names))
    others = [name for name in names if name != target]
    ignored = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    missing = data.draw(st.sampled_from(["refuse", "drop", "mean", "median"]))
    said_target, reading = preview.settings(target, ignored, missing)
    again = look_again(path, said_target, reading)
    assert (again.reading, again.columns, again.rows) == (
        preview.reading,
        preview.columns,
        preview.rows,
    )
    assert again.settings(target, ignored, missing) == (said_target, reading)


def test_a_preview_shows_the_first_rows_and_what_columns_hold(tmp_path):
    text = "n,w,when,c,gap\n" + "1.5,2,2024-01-01,red,\n2.5,3,2024-01-02,blue,\n" * 200
    preview = look_at(csv_file(tmp_path, gzip.compress(text.encode()), "t.csv.gz"))
    assert len(preview.rows) == ROWS_SHOWN
    assert preview.rows[0] == ("1.5", "2", "2024-01-01", "red", "")
    kinds = ["numbers", "whole numbers", "dates", "text", "nothing"]
    assert [column.kind for column in preview.columns] == kinds
    assert preview.columns[3].texts == 2
    assert [bool(column.reason) for column in preview.columns] == [False, False, True, False, True]


def test_a_text_among_numbers_is_told_before_it_is_refused(tmp_path):
    columns = look_at(csv_file(tmp_path, "a,b\n" + "1,2\n" * 5 + "ten,2\n")).columns
    assert [(column.kind, column.stray) for column in columns] == [
        ("numbers", "ten"),
        ("whole numbers", ""),
    ]


def test_only_the_beginning_is_looked_at(tmp_path):
    path = csv_file(tmp_path, PLAIN.encode() * 10_000 + b"\xff\xff,,,,\n")
    assert proposed(path) == (None, USUAL)


@pytest.mark.parametrize("content", [b"", b"\n\n", b'"a\n', b"\xff\xfe"])
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content):
    with pytest.raises(InputError) as error:
        look_at(csv_file(tmp_path, content))
    assert str(error.value).startswith("table.csv")


def test_what_is_said_is_not_looked_for(tmp_path):
    path = csv_file(tmp_path, "a;b\n1,5;2\n2,5;3\n")
    said = Reading("latin-1", "comma", "point", header=False)
    assert look_at(path, said).reading == said


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("a,b\n1,2\n3,4\n", (2, 3), id="below names"),
        pytest.param("1,2\n3,4\n", (1, 2), id="without names"),
        pytest.param('\na,b\n\n"x\ny",2\n\nz,4\n', (5, 7), id="after empty lines and within cells"),
    ],
)
def test_rows_are_numbered_as_messages_number_them(tmp_path, text, lines):
    assert look_at(csv_file(tmp_path, text)).lines == lines
