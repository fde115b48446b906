"""What a field may hold is told in words, read from the type that its model gives it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from engine.experiments.choices import one_of
from engine.experiments.values import in_digits, values_at, values_of

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (int, "a whole number"),
        (float, "a number"),
        (bool, "true or false"),
        (str, "text"),
        (Count, "a whole number of at least 0"),
        (Annotated[float, Field(gt=0)], "a number of more than 0"),
        (Annotated[float, Field(lt=1)], "a number of less than 1"),
        (Annotated[float, Field(gt=0, le=1)], "a number of more than 0 and at most 1"),
        (Annotated[int, Field(ge=1, le=2000)], "a whole number from 1 to 2,000"),
        (Annotated[int, Field(ge=1)] | None, "a whole number of at least 1"),
        (Count | Share, "a whole number of at least 0, or a fraction from 0.0 to 1.0"),
        (tuple[Count, ...], "a list of whole numbers of at least 0"),
        (Annotated[tuple[int, ...], Field(max_length=3)], "a list of at most 3 whole numbers"),
        (float | tuple[float, ...] | tuple[tuple[float, ...], ...], "a number, or a list of them"),
        (Annotated[str, Field(pattern="^[a-z]+$")], "a single line of text"),
        (Annotated[str, Field(max_length=9)], "text of at most 9 characters"),
        (Literal["a", "b", "c"], "'a', 'b' or 'c'"),
        (Annotated[str, one_of({"only": None})], "'only'"),
    ],
)
def test_a_type_is_told_as_what_was_expected(annotation: Any, words: str) -> None:
    assert values_of(annotation).words == words


def test_an_entry_of_a_catalogue_is_called_by_its_title() -> None:
    class Entry:
        title = "The first"

    assert values_of(Annotated[str, one_of({"first": Entry})]).choices == {"first": "The first"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e6, "1,000,000"), (-2048, "−2,048"), (0.25, "0.25"), (2**63, "2⁶³"), (2**-16, "2⁻¹⁶")],
)
def test_a_limit_is_written_as_people_do(value: float, text: str) -> None:
    assert in_digits(value) == text


class Inner(BaseModel):
    sizes: tuple[Count, ...] = ()


class Outer(BaseModel):
    inner: Inner


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (["inner", "sizes"], "a list of whole numbers of at least 0"),
        (["inner", "sizes", 3], "a whole number of at least 0"),
    ],
)
def test_a_field_is_found_by_its_path(path: list[str | int], words: str) -> None:
    found = values_at(Outer, path)
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize("path", [["inner"], ["outer"], ["inner", "sizes", "x"]])
def test_a_table_and_what_does_not_exist_hold_no_value(path: list[str | int]) -> None:
    assert values_at(Outer, path) is None
