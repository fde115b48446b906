from dataclasses import replace

import numpy as np
import pytest
from plots_for_tests import lines

from engine.plots import Line, Showing, with_left_out

X = np.arange(4.0)
HALF = Line("half", X, np.array([1.0, 0.0, -2.0, np.nan]))


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("", "2 values of 0 or less are not on the logarithmic axis"),
        ("so far", "so far; 2 values of 0 or less are not on the logarithmic axis"),
    ],
)
def test_a_logarithmic_axis_says_how_many_values_it_has_no_place_for(
    caption: str, expected: str
) -> None:
    assert with_left_out(caption, [HALF], log=True) == expected
    assert with_left_out(caption, [HALF], log=False) == caption


def test_gaps_and_what_is_pale_do_not_count() -> None:
    above = Line("above", X, np.array([1.0, np.nan, 2.0, 3.0]))
    assert with_left_out("", [above, replace(HALF, faint=True)], log=True) == ""


def test_a_figure_tells_of_what_is_shown_on_the_axis_that_was_chosen() -> None:
    plot = replace(lines(), lines=(HALF, Line("above", X, X + 1)), log_y=True, caption="")
    assert "2 values" in Showing().of(plot).caption
    assert Showing(log_y=False).of(plot).caption == ""
    assert Showing(hidden=frozenset({"half"})).of(plot).caption == ""
