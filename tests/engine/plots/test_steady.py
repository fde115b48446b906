from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plots_for_tests import level_map, lines, pictures

from engine.plots import Line, Plot
from engine.plots.steady import Steady

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5)


def plot_of(values: list[float]) -> Plot:
    y = np.array(values)
    return replace(lines(), lines=(Line("one", np.arange(float(len(y))), y),))


@given(st.lists(numbers, min_size=2, max_size=6))
def test_a_plot_has_room_for_all_that_it_has_shown(moments: list[list[float]]) -> None:
    steady = Steady([plot_of(moments[0])])
    seen = moments[0]
    for values in moments[1:]:
        seen = [*seen, *values]
        held = steady.hold(plot_of(values))
        assert isinstance(held, Plot)
        assert held.y_covers == (min(seen), max(seen))


def test_a_logarithmic_axis_makes_room_for_what_is_above_zero() -> None:
    steady = Steady([replace(plot_of([-1.0, 0.0, 2.0, 5.0]), log_y=True)])
    held = steady.hold(replace(plot_of([1.0]), log_y=True))
    assert isinstance(held, Plot)
    assert held.y_covers == (1.0, 5.0)


def test_what_has_shown_nothing_yet_takes_no_room() -> None:
    held = Steady([]).hold(plot_of([float("nan")]))
    assert isinstance(held, Plot)
    assert held.y_covers is None


def test_colours_of_pictures_mean_the_same_at_all_moments() -> None:
    first = replace(pictures(), limits=(-1.0, 2.0))
    held = Steady([first]).hold(replace(first, limits=(-3.0, 1.0)))
    assert getattr(held, "limits", None) == (-3.0, 2.0)


def test_maps_stay_as_they_are_and_what_has_not_changed_is_the_same_object() -> None:
    steady, still = Steady([]), plot_of([1.0, 2.0])
    assert steady.hold(still) is steady.hold(still)
    assert steady.hold(one_map := level_map()) is one_map
