import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.plots import (
    apart,
    bytes_in_words,
    digits_between,
    digits_to_see,
    number_in_words,
    reads_as,
    ticks_in_words,
    with_separators,
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.integers(0, 2**50).map(float)


def test_numbers_are_as_short_as_usual_where_that_tells_them_apart() -> None:
    assert apart([0.3, 0.25, 1.0], 3) == ["0.3", "0.25", "1"]
    assert apart([0.30012, 0.30031], 3) == ["0.3001", "0.3003"]
    assert apart([0.5, 0.5], 3) == ["0.5", "0.5"]
    assert apart([], 3) == []


def test_what_is_no_number_does_not_lengthen_the_others() -> None:
    assert apart([math.nan, 0.123456, math.nan], 3) == ["nan", "0.123", "nan"]


def test_ticks_in_even_steps_read_as_even_steps() -> None:
    assert ticks_in_words([0.1, 0.1025, 0.105], 3) == ["0.1", "0.1025", "0.105"]
    assert ticks_in_words([1250.0, 1252.5, 1255.0], 3) == ["1,250", "1,252.5", "1,255"]
    assert ticks_in_words([1_000_000.0, 1_002_500.0], 3, bytes_in_words) == ["1 MB", "1.0025 MB"]
    assert ticks_in_words([0.1, 1 / 3], 3) == ["0.1", "0.333"]


@given(
    st.sampled_from([1.0, 2.0, 2.5, 5.0]),
    st.integers(-6, 6),
    st.integers(-40, 400),
    st.integers(2, 9),
)
def test_round_ticks_say_where_they_are(step: float, power: int, first: int, count: int) -> None:
    values = [round((first + n) * step * 10.0**power, 12) for n in range(count)]
    assert reads_as(ticks_in_words(values, 3), values)


def test_bytes_are_told_apart() -> None:
    assert apart([2_000_100.0, 2_000_200.0], 3, bytes_in_words) == ["2.0001 MB", "2.0002 MB"]


@given(st.lists(numbers, max_size=6))
def test_different_numbers_have_different_texts(values: list[float]) -> None:
    assert len(set(apart(values, 3))) >= len(set(values))


@given(st.lists(sizes, max_size=6))
def test_different_sizes_have_different_texts(values: list[float]) -> None:
    assert len(set(apart(values, 3, bytes_in_words))) >= len(set(values))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_successive_numbers_of_a_column_are_told_apart(values: list[float]) -> None:
    digits = digits_between(np.array(values), 6)
    texts = [number_in_words(value, digits) for value in values]
    for (one, text), (next_one, next_text) in pairwise(zip(values, texts, strict=True)):
        assert one == next_one or text != next_text


@pytest.mark.parametrize(
    ("value", "span", "digits"),
    [(0.3, 1.0, 4), (0.30012, 2e-4, 7), (12345.0, 10.0, 7), (0.0, 1e-9, 4), (1.0, 0.0, 4)],
)
def test_a_readout_has_the_digits_that_a_pixel_changes(
    value: float, span: float, digits: int
) -> None:
    assert digits_to_see(value, span, 4) == digits


@pytest.mark.parametrize(
    ("text", "apart"),
    [("1250.5", "1,250.5"), ("−20000", "−20,000"), ("0.12345", "0.12345"), ("1e+06", "1e+06")],
)
def test_thousands_are_apart_in_a_text_that_is_a_number(text: str, apart: str) -> None:
    assert with_separators(text) == apart


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_words_is_the_number(value: float) -> None:
    assert float(number_in_words(value, 17).replace(",", "")) == value


def test_texts_with_units_are_left_to_those_who_wrote_them() -> None:
    assert reads_as(["0 B", "500 B", "1 kB"], [0.0, 500.0, 1000.0])
