import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.plots.crossings import crossings


@given(power=st.floats(0.2, 3), where=st.floats(1.5, 90))
def test_powers_cross_where_they_are_equal(power: float, where: float) -> None:
    x = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
    if min(abs(where - one) for one in x) < 1e-6:
        return
    [found] = crossings(x, [(one / where) ** power for one in x], [1.0] * len(x))
    assert found == pytest.approx(where)


def test_lines_that_touch_or_stay_apart_do_not_cross() -> None:
    x = [1.0, 2.0, 4.0]
    assert crossings(x, [1.0, 1.0, 1.0], [2.0, 2.0, 2.0]) == []
    assert crossings(x, [1.0, 2.0, 1.0], [2.0, 2.0, 2.0]) == []
    assert crossings([], [], []) == []


def test_each_crossing_is_found() -> None:
    there = crossings([1.0, 2.0, 3.0], [1.0, 4.0, 1.0], [2.0, 2.0, 2.0])
    assert np.all(np.diff(there) > 0)
    assert len(there) == 2
