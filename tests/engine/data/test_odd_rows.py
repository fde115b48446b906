"""Rows with nothing in them, and characters that no text has."""

import pytest
from files_for_tests import csv_file

from engine.data.readers import USUAL, Reading, read_dataset
from engine.errors import InputError


@pytest.mark.parametrize("reading", [USUAL, Reading(missing="drop")])
def test_rows_of_empty_cells_are_counted_as_left_out(tmp_path, reading):
    path = csv_file(tmp_path, "a,b,c\n1,2,x\n,,\n\n3,4,y\n,,\n")
    dataset = read_dataset(path, reading=reading)
    assert f"{path.name}: 2 rows are left out, because all cells are empty." in dataset.notes
    assert sum("left out" in note for note in dataset.notes) == 1


@pytest.mark.parametrize("reading", [USUAL, Reading(missing="drop")])
@pytest.mark.parametrize("row", ["1,2\0,x", "1,2,x\0"])
def test_a_nul_character_is_named_with_its_place(tmp_path, reading, row):
    path = csv_file(tmp_path, f"a,b,c\n1,2,x\n{row}\n3,4,y\n")
    with pytest.raises(InputError) as error:
        read_dataset(path, reading=reading)
    column = 2 if row.endswith(",x") else 3
    assert str(error.value).startswith(f"{path.name}, line 3, column {column}: expected text, ")
    assert "a NUL character" in str(error.value)
