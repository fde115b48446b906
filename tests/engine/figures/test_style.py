import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from engine.figures.style import (
    SIZES,
    PlainNumbers,
    TicksApart,
    Typesetter,
    drawing,
    number_in_words,
    range_of,
    set_logarithmic,
)


@pytest.fixture
def typesetter() -> Typesetter:
    with drawing(SIZES["page"]):
        return Typesetter(Figure(figsize=(7, 4)))


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.05, "0.05"), (-2.5, "−2.5"), (2000, "2,000"), (1e-6, "10⁻⁶"), (2.5e7, "2.5×10⁷")],
)
def test_numbers_are_set_as_in_print(value: float, words: str) -> None:
    assert number_in_words(value) == words


@pytest.mark.parametrize(
    ("low", "high"), [(0.30012, 0.30031), (3.0012e-7, 3.0013e-7), (1_234_567, 1_234_568)]
)
def test_no_two_ticks_of_a_logarithmic_axis_say_the_same(low: float, high: float) -> None:
    axes = Figure().add_subplot()
    axes.set_yscale("log")
    set_logarithmic(axes.yaxis, low, high)
    axes.set_ylim(low, high)
    texts = axes.yaxis.get_major_formatter().format_ticks(list(axes.get_yticks()))
    assert len(texts) > 2
    assert len(set(texts)) == len(texts)


def test_a_tick_by_itself_is_as_short_as_usual() -> None:
    assert TicksApart()(0.1234567) == "0.123457"


def test_a_common_power_of_ten_is_set_as_in_print() -> None:
    axes = Figure().add_subplot()
    axes.yaxis.set_major_formatter(PlainNumbers())
    axes.set_ylim(0, 3e-7)
    axes.yaxis.get_major_formatter().format_ticks(list(axes.get_yticks()))
    assert axes.yaxis.get_major_formatter().get_offset() == "×10⁻⁷"


def test_a_text_that_fits_stays_as_it_is(typesetter: Typesetter) -> None:
    assert typesetter.wrapped("short", 3, 9) == "short"
    assert typesetter.shortened("short", 3, 9) == "short"
    assert typesetter.wrapped("", 3, 9) == ""


def test_a_long_text_is_broken_between_words(typesetter: Typesetter) -> None:
    rows = typesetter.wrapped("norm (loss per unit of coordinate)", 1.5, 9).split("\n")
    assert len(rows) == 2
    assert " ".join(rows) == "norm (loss per unit of coordinate)"
    assert all(typesetter.width(row, 9) <= 1.5 for row in rows)


def test_what_is_too_long_keeps_its_beginning_and_its_end(typesetter: Typesetter) -> None:
    short = typesetter.shortened("alphabet Japanese (hiragana), layer 12", 1.2, 9)
    assert short.startswith("alph")
    assert short.endswith("12")
    assert "…" in short
    longer = short.replace("…", "", 1)
    assert typesetter.width(short, 9) <= 1.2 < typesetter.width(longer + "mm", 9)


@given(
    text=st.text(alphabet="ab $_\n…(α", max_size=60),
    room=st.floats(0.4, 3.0),
    rows=st.integers(1, 3),
)
def test_a_text_set_into_a_room_never_leaves_it(text: str, room: float, rows: int) -> None:
    with drawing(SIZES["slide"]):
        typesetter = Typesetter(Figure(figsize=(7, 4)))
    made = typesetter.wrapped(text, room, 16, rows=rows).split("\n")
    assert len(made) <= rows
    assert all(typesetter.width(row, 16) <= room for row in made)


def test_limits_show_all_values_with_a_margin() -> None:
    low, high = range_of([np.array([1.0, np.nan]), np.array([3.0])], log=False)
    assert low == pytest.approx(0.9)
    assert high == pytest.approx(3.1)
    low, high = range_of([np.array([-1.0, 1.0, 100.0])], log=True, margin=0.5)
    assert (low, high) == pytest.approx((0.1, 1000.0))


@pytest.mark.parametrize("values", [[], [np.nan], [2.0, 2.0], [0.0]])
@pytest.mark.parametrize("log", [False, True])
def test_limits_are_never_empty(values: list[float], log: bool) -> None:
    low, high = range_of([np.array(values)], log=log)
    assert np.isfinite([low, high]).all()
    assert low < high


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.7), (0.5, 5.0), (1.0, 1e6)])
def test_a_logarithmic_axis_has_at_least_two_labels(low: float, high: float) -> None:
    axes = Figure().add_subplot()
    axes.set_yscale("log")
    set_logarithmic(axes.yaxis, low, high)
    axes.set_ylim(low, high)
    assert isinstance(axes.yaxis.get_major_locator(), LogLocator)
    inside = [tick for tick in axes.get_yticks() if low <= tick <= high]
    assert len(inside) >= 2


@pytest.mark.parametrize(
    ("low", "high"), [(2e-6, 3e3), (0.02, 3e3), (800, 1900), (210, 990), (1.01, 4.9), (3e-7, 9e-7)]
)
def test_ticks_of_a_logarithmic_axis_are_two_at_least_and_written_alike(
    low: float, high: float
) -> None:
    axes = Figure().add_subplot()
    axes.set_yscale("log")
    set_logarithmic(axes.yaxis, low, high)
    axes.set_ylim(low, high)
    places = list(axes.get_yticks())
    texts = axes.yaxis.get_major_formatter().format_ticks(places)
    seen = [text for place, text in zip(places, texts, strict=True) if low <= place <= high]
    assert len(seen) >= 2
    assert len({"10" in text and text[-1] in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" for text in seen}) == 1


@pytest.mark.parametrize("ratio", [1.2, 1.5, 1.95, 2.5, 4.0, 9.0, 90.0])
def test_a_short_logarithmic_axis_has_no_more_labels_than_it_has_room_for(ratio: float) -> None:
    for low in np.geomspace(0.01, 0.1, 25):
        axes = Figure().add_subplot()
        axes.set_yscale("log")
        set_logarithmic(axes.yaxis, low, ratio * low)
        axes.set_ylim(low, ratio * low)
        inside = [tick for tick in axes.get_yticks() if low <= tick <= ratio * low]
        assert 2 <= len(inside) <= 8, low
