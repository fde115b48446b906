from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plots_for_tests import class_map, level_map

from engine.figures.figure import draw, render
from engine.figures.maps import levels_of


@given(
    low=st.floats(-1e6, 1e6),
    span=st.one_of(st.just(0.0), st.floats(1e-3, 1e6)),
    log=st.booleans(),
)
def test_levels_enclose_the_values_in_a_readable_number(low: float, span: float, log: bool) -> None:
    plot = replace(level_map(log=log), values=np.array([[low, low + span], [low, low]]))
    levels = levels_of([plot])
    assert (np.diff(levels) > 0).all()
    assert 2 <= len(levels) <= 20
    if not log:
        tiny = 1e-9 * (abs(low) + span)
        assert levels[0] <= low + tiny
        assert low + span <= levels[-1] + tiny


@pytest.mark.parametrize("top", [1.5, 5.0, 80.0, 1e3, 1e9, 1e30])
def test_logarithmic_levels_enclose_the_values(top: float) -> None:
    plot = replace(level_map(log=True), values=np.array([[0.7, top], [0.0, -1.0]]))
    levels = levels_of([plot])
    assert levels[0] <= 0.7 * (1 + 1e-9)
    assert top <= levels[-1] * (1 + 1e-9)
    assert 3 <= len(levels) <= 20


def test_levels_are_common_to_all_frames() -> None:
    first, second = level_map(), replace(level_map(), values=10 * level_map().values)
    levels = levels_of([first, second])
    assert levels[-1] >= second.values.max()
    np.testing.assert_array_equal(levels, levels_of([second, first]))


def test_regions_of_classes_meet_half_way() -> None:
    [axes] = draw(class_map()).axes
    borders = [
        vertex
        for collection in axes.collections
        if not collection.get_facecolor().size
        for path in collection.get_paths()
        for vertex in np.asarray(path.vertices)[:, 0]
    ]
    assert borders
    assert all(min(abs(x - 1), abs(x - 2)) < 0.15 for x in borders)


@pytest.mark.parametrize("make", [level_map, class_map])
@pytest.mark.parametrize("values", [0.5, np.nan])
def test_a_map_of_one_value_or_of_none_can_be_drawn(make: object, values: float) -> None:
    plot = make()  # type: ignore[operator]
    flat = replace(plot, values=np.full_like(plot.values, values))
    assert render(flat, "svg")


def test_a_map_of_a_single_place_can_be_drawn() -> None:
    one = np.array([1.0])
    assert render(replace(level_map(), x=one, y=one, values=np.array([[3.0]])), "svg")


def test_classes_without_a_name_are_numbered() -> None:
    plot = replace(class_map(("first",)), points=())
    [axes] = draw(plot).axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["first", "class 2", "class 3"]


def test_a_class_may_have_a_comma_in_its_name() -> None:
    names = ("San Jose, CA", "Reno", "Elko, NV")
    [axes] = draw(class_map(names)).axes
    legend = axes.get_legend()
    assert legend is not None
    assert tuple(text.get_text() for text in legend.get_texts()) == names


def test_no_place_of_a_map_is_left_out_by_rounding() -> None:
    values = np.full((21, 31), 0.7)
    values[0, 0] = 1.5
    plot = replace(level_map(), y=np.linspace(0, 1, 21), values=values, paths=())
    axes = draw(plot).axes[0]
    lowest = axes.collections[0].get_paths()[0]
    assert lowest.contains_point((0.0, 0.5))


def test_earlier_paths_that_look_the_same_have_one_name_in_the_legend() -> None:
    plot = level_map()
    (path,) = plot.paths
    earlier = [replace(path, name=f"meta-iteration {n}", faint=True) for n in (0, 9, 18)]
    figure = draw(replace(plot, paths=(*earlier, replace(path, name="meta-iteration 27"))))
    [legend] = [*figure.legends, *(one for axes in figure.axes if (one := axes.get_legend()))]
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["earlier meta-iterations", "meta-iteration 27"]
