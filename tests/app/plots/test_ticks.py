import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ticker import MaxNLocator

from app.plots.ticks import round_numbers

STEPS = [1, 2, 2.5, 5, 10]


@given(
    thousandths=st.integers(1, 10**7),
    widths_below=st.floats(-20, 20),
    most=st.integers(2, 12),
)
def test_the_numbers_are_matplotlibs(thousandths: int, widths_below: float, most: int) -> None:
    width = thousandths / 1000
    low = round(widths_below * width, 3)
    high = low + width
    expected = MaxNLocator(most, steps=STEPS).tick_values(low, high)
    found = np.array(round_numbers(low, high, most))

    def inside(values: np.ndarray) -> np.ndarray:
        slack = 1e-6 * width
        return values[(values > low + slack) & (values < high - slack)]

    np.testing.assert_allclose(inside(found), inside(expected), rtol=1e-9, atol=1e-9 * width)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 1.0, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-1.0, 1.0, 4, [-1.0, -0.5, 0.0, 0.5, 1.0]),
        (3.0, 97.0, 4, [0.0, 25.0, 50.0, 75.0, 100.0]),
    ],
)
def test_they_are_round(low: float, high: float, most: int, expected: list[float]) -> None:
    np.testing.assert_allclose(round_numbers(low, high, most), expected)


def test_a_range_of_nothing_is_one_number() -> None:
    assert round_numbers(2.0, 2.0, 5) == [2.0]
