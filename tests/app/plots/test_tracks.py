import numpy as np
import pytest

from app.plots.tracks import Track
from engine.plots import Line

X = np.arange(5.0)


def track(y: list[float], x: np.ndarray = X, *, log: bool = False) -> Track:
    return Track(Line("one", x, np.array(y)), log=log)


def test_the_nearest_point_has_a_value() -> None:
    gap = track([1.0, np.nan, np.nan, 4.0, 5.0])
    assert gap.nearest(1.2) == 0
    assert gap.nearest(2.2) == 3
    assert gap.nearest(99) == 4


def test_nothing_stands_for_a_gap() -> None:
    gap = track([1.0, np.nan, 3.0, 4.0, 5.0])
    assert gap.at(1.0) is None
    assert gap.at(1.4) is None
    assert gap.at(1.6) == 2


def test_a_line_ends_half_a_step_after_its_last_point() -> None:
    short = track([1.0, 2.0, 3.0, 4.0, 5.0])
    assert short.at(4.4) == 4
    assert short.at(4.6) is None
    assert short.at(-0.6) is None


def test_points_of_another_sampling_stand_for_what_is_around_them() -> None:
    coarse = track([1.0, 2.0, 3.0, 4.0, 5.0], 10 * X)
    assert [coarse.at(x) for x in (0, 4, 6, 14, 40, 46)] == [0, 0, 1, 1, 4, None]


def test_a_line_that_goes_down_in_x_is_read_by_its_own_indices() -> None:
    down = track([1.0, 2.0, 3.0, 4.0, 5.0], X[::-1])
    assert down.nearest(0.1) == 4
    assert down.at(3.9) == 0


def test_only_positive_numbers_have_a_place_on_a_logarithmic_axis() -> None:
    mixed = track([1.0, -1.0, 0.0, 4.0, 5.0], log=True)
    assert mixed.at(1.0) is None
    assert mixed.nearest(2.0) == 3


@pytest.mark.parametrize("y", [[], [np.nan]])
def test_a_line_without_values_is_never_read(y: list[float]) -> None:
    nothing = track(y, X[: len(y)])
    assert nothing.nearest(0) is None
    assert nothing.at(0) is None


def test_a_single_point_stands_for_itself_alone() -> None:
    one = track([1.0], X[:1])
    assert one.at(0) == 0
    assert one.at(1) is None


def test_between_points_that_were_measured_one_by_one_nothing_is_read() -> None:
    line = Line("measured", np.array([1.0, 10.0, 20.0]), np.array([3.0, 2.0, 1.0]), single=True)
    track = Track(line, log=False)
    assert [track.at(x) for x in (1.0, 10.0, 20.0)] == [0, 1, 2]
    assert [track.at(x) for x in (2.0, 12.0, 19.0)] == [None] * 3
    assert track.nearest(12.0) == 1
