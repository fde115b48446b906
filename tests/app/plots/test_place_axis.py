from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import named_points, plot_of, shown
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.place_axis import PlaceAxis
from app.plots.plot_view import PlotView
from app.theme import LIGHT
from engine.data.readers.series import in_years
from engine.plots import Line

NAMES = named_points().x_names


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    return PlotView(LIGHT)


def axis_of(view: PlotView) -> PlaceAxis:
    axis = view.getPlotItem().getAxis("bottom")
    assert isinstance(axis, PlaceAxis)
    return axis


def test_names_stand_at_their_places(qtbot: QtBot, view: PlotView) -> None:
    shown(qtbot, view, width=900)
    view.show_plot(named_points())
    ((_, places),) = axis_of(view).tickValues(-0.5, 2.5, 800)
    assert places == [0, 1, 2]
    assert axis_of(view).tickStrings(places, 1, 1) == list(NAMES)


def test_names_are_shortened_before_they_lie_on_each_other(qtbot: QtBot, view: PlotView) -> None:
    shown(qtbot, view, width=230)
    view.show_plot(named_points())
    first, second, third = axis_of(view).tickStrings([0, 1, 2], 1, 1)
    assert "…" in first
    assert "…" in second
    assert third == "learned"


def test_counts_that_grow_by_factors_are_whole_and_some_are_left_out(
    qtbot: QtBot, view: PlotView
) -> None:
    names = tuple(f"{x:,}" for x in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))
    x = np.arange(10.0)
    plot = replace(named_points(), lines=(Line("a", x, x + 1),), x_range=(0.0, 9.0))
    view.show_plot(replace(plot, x_names=names))
    shown(qtbot, view, width=900)
    assert axis_of(view).tickValues(0, 9, 800) == [(None, [*x])]
    view.resize(230, 200)
    ((_, few),) = axis_of(view).tickValues(0, 9, 150)
    assert 2 <= len(few) < 10
    assert set(axis_of(view).tickStrings(few, 1, 1)) <= set(names)


def test_names_stand_where_the_plot_says(qtbot: QtBot, view: PlotView) -> None:
    places = (0.0, 1.0, 5.5, 6.0)
    line = Line("a", np.array(places), np.arange(4.0) + 1)
    plot = replace(named_points(), lines=(line,), x_range=(0.0, 6.0), x_places=places)
    view.show_plot(replace(plot, x_names=("1", "2", "45", "64")))
    shown(qtbot, view, width=900)
    assert axis_of(view).tickValues(0, 6, 800) == [(None, [*places])]
    assert axis_of(view).tickStrings([1.0, 5.5], 1, 1) == ["2", "45"]
    view.resize(230, 200)
    ((_, few),) = axis_of(view).tickValues(0, 6, 150)
    assert 6.0 not in few, "it has no room beside 5.5"


def test_an_axis_counts_again_after_names(qtbot: QtBot, view: PlotView) -> None:
    shown(qtbot, view)
    view.show_plot(named_points())
    view.show_plot(plot_of())
    assert axis_of(view).tickStrings([0.0, 5.0], 1, 5) == ["0", "5"]
    assert all(spacing >= 1 for spacing, _ in axis_of(view).tickSpacing(0.5, 2.5, 500))


def test_an_axis_that_does_not_count_has_ticks_between_whole_numbers() -> None:
    axis = PlaceAxis("bottom")
    axis.counts = False
    assert any(spacing < 1 for spacing, _ in axis.tickSpacing(0.5, 2.5, 500))


@pytest.mark.parametrize("first", [0, 1])
def test_no_tick_stands_below_where_counting_begins(
    qtbot: QtBot, view: PlotView, first: int
) -> None:
    shown(qtbot, view)
    view.show_plot(replace(plot_of(), x_range=(first, 4)))
    _, places = axis_of(view).tickValues(-0.2, 4.2, 400)[0]
    assert places == list(range(first, 5))


@pytest.mark.parametrize("width", [230, 900])
def test_dates_stand_at_a_dated_axis_as_many_as_have_room(
    qtbot: QtBot, view: PlotView, width: int
) -> None:
    places = in_years(np.arange(18_262.0, 18_382.0))  # from 2020-01-01 on
    line = Line("sold", places, np.arange(120.0))
    ends = float(places[0]), float(places[-1])
    dated = replace(plot_of(line), x_range=ends, counts_x=False, years_x=True, dates_x=True)
    shown(qtbot, view, width=width)
    view.show_plot(dated)
    low, high = axis_of(view).range
    ((_, ticks),) = axis_of(view).tickValues(low, high, width)
    texts = axis_of(view).tickStrings(ticks, 1, 1)
    assert len(set(texts)) == len(ticks) >= 2
    assert all(text.startswith(("2019-12", "2020-0")) for text in texts), texts
