from hypothesis import given
from hypothesis import strategies as st

from app.plots.rows import in_rows

WIDE = 400


@given(sizes=st.lists(st.integers(1, WIDE), min_size=1, max_size=12))
def test_nothing_overlaps_or_runs_out_and_the_order_stays(sizes: list[int]) -> None:
    places = in_rows(sizes, WIDE)
    end, last = 0, 0
    for (x, row), size in zip(places, sizes, strict=True):
        assert row in (last, last + 1)
        assert x >= end if row == last else x == 0
        assert x + size <= WIDE
        end, last = x + size, row


def test_what_fits_in_a_row_stands_close_together() -> None:
    assert in_rows([100, 50, 120], WIDE) == [(0, 0), (106, 0), (162, 0)]


def test_columns_are_as_wide_as_what_is_usual_and_few_rows_matter_more() -> None:
    assert in_rows([126, 117] * 4 + [140], 427)[-3:] == [(0, 2), (132, 2), (264, 2)]
    assert in_rows([], WIDE) == []
