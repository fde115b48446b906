import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plot_view import PlotView
from app.theme import DARK, LIGHT
from engine.plots import Line, Plot


def plot_of(*lines: Line, log_y: bool = False) -> Plot:
    return Plot("key", "A title", "steps", "loss (nats)", lines, (0, 10), log_y=log_y)


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    made = PlotView(LIGHT)
    qtbot.addWidget(made)
    return made


def test_lines_are_drawn_with_the_numbers_given(view: PlotView) -> None:
    x, y = np.arange(5.0), np.array([3.0, np.nan, 1.0, 2.0, 5.0])
    view.show_plot(plot_of(Line("one", x, y)))
    np.testing.assert_array_equal(view.lines["one"][1], y)


def test_new_numbers_reuse_the_items(view: PlotView) -> None:
    view.show_plot(plot_of(Line("one", np.arange(3.0), np.ones(3))))
    items = dict(view._items)
    view.show_plot(plot_of(Line("one", np.arange(4.0), np.zeros(4))))
    assert view._items == items
    assert len(view.lines["one"][1]) == 4


def test_a_very_long_line_keeps_its_extremes(view: PlotView) -> None:
    random = np.random.default_rng(0)
    y = random.normal(size=100_001)
    y[70_000] = 50.0
    y[:500] = np.nan
    view.show_plot(plot_of(Line("long", np.arange(len(y), dtype=float), y)))
    x_drawn, y_drawn = view.lines["long"]
    assert len(x_drawn) == len(y_drawn) <= 2002
    assert np.nanmax(y_drawn) == 50.0
    assert np.nanmin(y_drawn) == np.nanmin(y)
    assert abs(x_drawn[np.nanargmax(y_drawn)] - 70_000) < 200


def test_the_axes_carry_names_and_the_range_holds_all_points(view: PlotView) -> None:
    view.show_plot(plot_of(Line("one", np.arange(3.0), np.array([1.0, 10.0, 100.0])), log_y=True))
    item = view.getPlotItem()
    assert item.getAxis("left").labelText == "loss (nats)"
    assert item.getAxis("bottom").labelText == "steps"
    (left, right), (low, high) = item.getViewBox().viewRange()
    assert left <= 0 < 10 <= right
    assert low <= 0 < 2 <= high  # in powers of ten


def test_a_plot_without_points_can_be_shown_and_exotic_ones_too(view: PlotView) -> None:
    view.show_plot(plot_of())
    view.show_plot(plot_of(Line("none", np.zeros(0), np.zeros(0))))
    view.show_plot(plot_of(Line("gap", np.zeros(1), np.full(1, np.nan)), log_y=True))
    view.show_plot(plot_of(Line("flat", np.arange(3.0), np.full(3, 7.0))))
    low, high = view.getPlotItem().getViewBox().viewRange()[1]
    assert low < 7 < high


def test_a_theme_changes_the_colours_of_lines_that_are_drawn(view: PlotView) -> None:
    view.show_plot(plot_of(Line("one", np.arange(3.0), np.ones(3))))
    light = view._items["one"].opts["pen"].color().name()
    view.set_theme(DARK)
    assert view._items["one"].opts["pen"].color().name() != light
