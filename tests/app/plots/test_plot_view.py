from dataclasses import replace

import numpy as np
import pytest
from driving import go_round
from plots_to_show import (
    banded,
    hover,
    named_points,
    plot_of,
    shown,
    two_lines,
)
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT
from engine.plots import LAST_STEP, NEXT_STEP, Line, Mark, Plot


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    made = PlotView(LIGHT)
    shown(qtbot, made)
    return made


def ranges(view: PlotView) -> np.ndarray:
    return np.array(view.getPlotItem().getViewBox().viewRange())


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


def test_arrows_that_were_too_short_to_be_seen_are_there_once_the_plot_is_larger(
    view: PlotView, qtbot: QtBot
) -> None:
    x = np.arange(5.0)
    line = Line("one", x, 10 * x, came_from=10 * x - 0.4)
    view.resize(300, 120)
    go_round(qtbot)
    view.show_plot(plot_of(line))
    assert len(view._arrows["one"].heads.getData()[0] or ()) == 0
    view.resize(300, 900)
    qtbot.waitUntil(lambda: len(view._arrows["one"].heads.xData) == 5)


def test_numbers_that_stay_are_not_set_again(
    view: PlotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.show_plot(two_lines())
    monkeypatch.setattr(view._items["low"], "setData", lambda *_: pytest.fail("set again"))
    view.show_plot(two_lines())


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
    (left, right), (low, high) = ranges(view)
    assert left <= 0 < 10 <= right
    assert low <= 0 < 2 <= high  # in powers of ten


def test_a_plot_without_points_can_be_shown_and_exotic_ones_too(view: PlotView) -> None:
    view.show_plot(plot_of())
    view.show_plot(plot_of(Line("none", np.zeros(0), np.zeros(0))))
    view.show_plot(plot_of(Line("gap", np.zeros(1), np.full(1, np.nan)), log_y=True))
    view.show_plot(plot_of(Line("flat", np.arange(3.0), np.full(3, 7.0))))
    low, high = ranges(view)[1]
    assert low < 7 < high


def test_an_axis_of_nothing_has_no_made_up_numbers(view: PlotView) -> None:
    axis = view.getPlotItem().getAxis("left")
    gap = Line("gap", np.zeros(1), np.full(1, np.nan))
    zero = Line("zero", np.arange(2.0), np.zeros(2), "reference", "dotted", faint=True)
    for empty in (plot_of(), plot_of(gap, log_y=True), plot_of(zero)):
        view.show_plot(empty)
        assert not axis.style["showValues"]
        view.show_plot(plot_of(Line("one", np.zeros(1), np.full(1, 3.0))))
        assert axis.style["showValues"]


def test_a_theme_changes_the_colours_of_lines_that_are_drawn(view: PlotView) -> None:
    view.show_plot(plot_of(Line("one", np.arange(3.0), np.ones(3))))
    light = view._items["one"].opts["pen"].color().name()
    view.set_theme(DARK)
    assert view._items["one"].opts["pen"].color().name() != light


def test_in_a_presentation_lines_are_thicker_and_type_is_larger(view: PlotView) -> None:
    view.show_plot(two_lines())
    axis = view.getPlotItem().getAxis("left")
    before = axis.style["tickFont"].pointSizeF()
    assert view._items["low"].opts["pen"].width() == 2
    view.set_presentation(True)
    assert view._items["low"].opts["pen"].width() == 3
    assert axis.style["tickFont"].pointSizeF() > 1.3 * before
    view.set_presentation(False)
    assert axis.style["tickFont"].pointSizeF() == before


def test_dashes_on_a_rough_line_are_thin_because_thick_ones_paint_slowly(view: PlotView) -> None:
    x = np.arange(1000.0)
    noise = np.random.default_rng(0).normal(size=1000)
    view.show_plot(
        plot_of(Line("noise", x, noise, dash="dashed"), Line("ramp", x, x, dash="dashed"))
    )
    assert view._items["noise"].opts["pen"].width() == 1
    assert view._items["ramp"].opts["pen"].width() == 2


def test_the_logarithmic_axis_is_a_choice_that_updates_do_not_undo(view: PlotView) -> None:
    view.show_plot(two_lines())
    assert not view.log_y
    view.set_log(True)
    view.show_plot(two_lines(2.0))
    assert view.log_y
    low, high = ranges(view)[1]
    assert low <= np.log10(2.0) < np.log10(40.0) <= high < 2
    np.testing.assert_array_equal(view.lines["high"][1], np.linspace(20.0, 40.0, 11))
    view.set_log(False)
    assert ranges(view)[1][1] >= 40


def test_ticks_of_a_logarithmic_axis_are_round_numbers(view: PlotView) -> None:
    axis = view.getPlotItem().getAxis("left")
    view.show_plot(plot_of(Line("one", np.arange(2.0), np.array([0.001, 1000.0])), log_y=True))
    low, high = ranges(view)[1]
    ((_, values),) = axis.tickValues(low, high, 300)
    texts = axis.tickStrings(values, 1, 1)
    assert "1" in texts
    assert 3 <= len(texts) <= 8
    ((_, values),) = axis.tickValues(np.log10(0.2), np.log10(0.4), 300)
    assert "0.3" in axis.tickStrings(values, 1, 1)


@pytest.mark.parametrize("log", [False, True])
def test_arrows_go_from_points_of_a_line_to_where_the_next_step_takes_them(
    view: PlotView, log: bool
) -> None:
    x = np.arange(101.0)
    y = 1 + x / 100
    view.show_plot(plot_of(Line("one", x, y, towards=3 * y), Line("two", x, y), log_y=log))
    assert list(view._arrows) == ["one"]
    arrows = view._arrows["one"]
    x_shafts, y_shafts = arrows.shafts.getOriginalDataset()
    assert 20 <= len(x_shafts) / 2 <= 25
    np.testing.assert_array_equal(x_shafts[::2], x_shafts[1::2])
    np.testing.assert_allclose(y_shafts[1::2], 3 * y_shafts[::2])
    np.testing.assert_allclose(arrows.heads.getOriginalDataset()[1], y_shafts[1::2])
    drawn = arrows.shafts.getData()[1]
    np.testing.assert_allclose(drawn, np.log10(y_shafts) if log else y_shafts)
    assert ranges(view)[1][1] >= (np.log10(6) if log else 6), "the tips can be seen"


def test_arrows_too_short_to_be_seen_appear_when_zoomed_into(view: PlotView) -> None:
    x = np.arange(11.0)
    view.show_plot(plot_of(Line("one", x, 1 + x, towards=1 + x + 0.01)))
    assert not view._arrows["one"].shafts.curve.isVisible()
    view.getPlotItem().getViewBox().setYRange(1.0, 1.2)
    assert len(view._arrows["one"].shafts.getOriginalDataset()[0]) == 22


def test_a_line_that_is_switched_off_takes_its_pale_one_and_its_arrows_along(
    view: PlotView,
) -> None:
    x = np.arange(11.0)
    view.show_plot(
        plot_of(
            Line("the past", x, 50 + x, faint=True, before="one"),
            Line("one, first", x, 0.5 * x, faint=True),
            Line("one", x, 100 + x, towards=200 + x),
            Line("two", x, x),
        )
    )
    view.set_shown("one", False)
    assert not view._items["one"].isVisible()
    assert not view._items["the past"].isVisible()
    assert view._items["one, first"].isVisible(), "no name says whose past a line is"
    assert not view._arrows["one"].shafts.isVisible()
    assert ranges(view)[1][1] < 12, "what is left fills the view"
    view.set_shown("one", True)
    assert view._items["the past"].isVisible()
    view.set_shown(NEXT_STEP, False)
    assert view._items["one"].isVisible()
    assert not view._arrows["one"].heads.isVisible()


def test_a_line_stays_off_while_its_name_stays(view: PlotView) -> None:
    view.show_plot(two_lines())
    view.set_shown("low", False)
    view.show_plot(two_lines(2.0))
    assert not view._items["low"].isVisible()
    view.show_plot(plot_of(Line("other", np.arange(3.0), np.ones(3))))
    view.show_plot(two_lines())
    assert view._items["low"].isVisible()


@pytest.mark.parametrize("log", [False, True])
def test_a_band_lies_between_its_ends_and_is_within_the_view(view: PlotView, log: bool) -> None:
    plot = banded()
    view.show_plot(plot)
    view.set_log(log)
    x, y = view._bands["mean"].getData()
    low, high = plot.lines[0].band or (0, 0)
    drawn = np.log10(np.concatenate([high, low[::-1]])) if log else np.r_[high, low[::-1]]
    np.testing.assert_allclose(y, drawn)
    np.testing.assert_array_equal(x, np.r_[np.arange(11.0), np.arange(11.0)[::-1]])
    assert ranges(view)[1][0] <= drawn.min() < drawn.max() <= ranges(view)[1][1]


def test_a_band_moves_with_its_line_and_goes_off_with_it(view: PlotView) -> None:
    view.show_plot(banded())
    band = view._bands["mean"]
    view.show_plot(banded(3.0))
    assert view._bands["mean"] is band
    assert band.getData()[1].max() == 7.5
    view.set_shown("mean", False)
    assert not band.isVisible()


@pytest.mark.parametrize(("count", "filled"), [(3, True), (4, False)])
def test_of_more_than_three_bands_only_edges_are_drawn(
    view: PlotView, count: int, filled: bool
) -> None:
    x = np.arange(5.0)
    lines = [Line(f"line {k}", x, x + k, k, low=x + k - 2, high=x + k + 2) for k in range(count)]
    view.show_plot(plot_of(*lines))
    for band in view._bands.values():
        assert (band.opts["brush"] is not None) is filled
        assert (band.opts["pen"] is not None) is not filled


def test_a_band_comes_once_its_ends_are_known(view: PlotView) -> None:
    x = np.arange(3.0)
    view.show_plot(plot_of(Line("mean", x, x)))
    assert not view._bands
    view.show_plot(plot_of(Line("mean", x, x, low=x - 1, high=x + 1)))
    assert list(view._bands) == ["mean"]


def test_the_crosshair_reads_what_a_mean_is_uncertain_within(view: PlotView) -> None:
    view.show_plot(banded())
    hover(view, 5.0, 1.5)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "mean  1.5 ± 0.5"


def test_a_mark_stands_at_its_place_under_its_name_in_either_theme(view: PlotView) -> None:
    view.show_plot(banded(marks=()))
    assert not view._uprights
    view.show_plot(banded())
    (upright,) = view._uprights
    assert upright.value() == 4.0
    assert upright.label.toPlainText() == "chaos from 4"
    view.set_theme(DARK)
    assert upright.pen.color().name().upper() == DARK.ink
    view.show_plot(banded(marks=(Mark(6.0, "chaos from 6"),)))
    assert view._uprights == [upright]
    assert upright.value() == 6.0
    assert upright.label.toPlainText() == "chaos from 6"


def test_lines_of_one_point_differ_by_shape_because_a_projector_may_lack_colours(
    qtbot: QtBot, view: PlotView
) -> None:
    one = np.ones(1)
    lines = tuple(Line(dash, one, one, dash=dash) for dash in ("solid", "dashed", "dotted"))
    view.show_plot(plot_of(*lines))
    assert len({item.opts["symbol"] for item in view._items.values()}) == 3


def test_points_are_dots_over_names(view: PlotView) -> None:
    view.show_plot(named_points())
    symbols = [item.opts["symbol"] for item in view._items.values()]
    assert symbols == ["o", "t1"]
    for item in view._items.values():
        assert item.opts["pen"].style() == Qt.PenStyle.NoPen
    assert [entry.sample for entry in view.entries] == ["points", "triangles"]
    hover(view, 1.0, 2.0)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.heading == "tied lowest layer"
    assert view.crosshair.reading.text == "training  2"


def test_points_that_are_nowhere_are_left_out(view: PlotView) -> None:
    x, y = np.arange(4.0), np.array([np.nan, 1.0, np.nan, 2.0])
    nowhere = Line("none", x, np.full(4, np.nan), 1, "points")
    view.show_plot(plot_of(Line("some", x, y, 0, "points"), nowhere))
    np.testing.assert_array_equal(view.lines["some"], [[1, 3], [1, 2]])
    view.grab()
    assert not view._items["none"].scatter.isVisible()


def test_pale_arrows_show_where_the_last_meta_step_came_from(view: PlotView) -> None:
    x = np.arange(11.0)
    view.show_plot(plot_of(Line("one", x, 2 + x, came_from=1 + x)))
    y_shafts = view._arrows["one"].shafts.getOriginalDataset()[1]
    np.testing.assert_array_equal(y_shafts[::2], 1 + x)
    np.testing.assert_array_equal(y_shafts[1::2], 2 + x)
    assert view._arrows["one"].shafts.opts["pen"].color().alphaF() < 1
    assert [entry.name for entry in view.entries] == ["one", LAST_STEP]
    view.show_plot(plot_of(Line("one", x, 2 + x, towards=3 + x)))
    assert [entry.name for entry in view.entries] == ["one", NEXT_STEP]
    np.testing.assert_array_equal(view._arrows["one"].shafts.getOriginalDataset()[1][1::2], 3 + x)


@pytest.mark.parametrize(("place", "is_after"), [(2.0, True), (7.0, False)])
def test_the_name_of_a_mark_hides_as_little_as_can_be_of_what_begins_there(
    view: PlotView, place: float, is_after: bool
) -> None:
    view.show_plot(banded(marks=(Mark(place, "chaos"),)))
    view.grab()
    (upright,) = view._uprights
    middle = upright.label.mapRectToScene(upright.label.boundingRect()).center().x()
    assert (middle > view.in_pixels(place, 0).x()) == is_after


@pytest.mark.parametrize("log", [False, True])
def test_points_that_are_uncertain_have_an_upright_bar_each(view: PlotView, log: bool) -> None:
    x, y = np.arange(3.0), np.array([1.0, 2.0, 3.0])
    line = Line("accuracy", x, y, 0, "points", low=y - 0.5, high=y + 0.5)
    view.show_plot(Plot("rows", "Rows", "row", "accuracy", (line,), (-0.4, 2.4)))
    view.set_log(log)
    across, up = view._bands["accuracy"].getData()
    assert across.tolist() == [0, 0, 1, 1, 2, 2]
    ends = np.stack([y - 0.5, y + 0.5], axis=1).ravel()
    np.testing.assert_allclose(up, np.log10(ends) if log else ends)
    assert view._bands["accuracy"].opts["connect"] == "pairs"


def test_a_histogram_is_drawn_as_the_outline_of_its_bars(view: PlotView) -> None:
    shares = np.array([0.75, 0.25])
    line = Line("clean", np.array([0.25, 0.75]), shares, low=np.zeros(2), high=shares, width=0.5)
    view.show_plot(Plot("h", "H", "weight", "share", (line,), (0, 1), counts_x=False))
    x, y = view.lines["clean"]
    assert x.tolist() == [0.0, 0.5, 0.5, 1.0]
    assert y.tolist() == [0.75, 0.75, 0.25, 0.25]


@pytest.mark.parametrize("y", [[np.nan], [0.0], [0.0, np.nan]])
def test_marked_points_that_have_no_place_on_a_logarithmic_axis_are_nowhere(
    view: PlotView, y: list[float]
) -> None:
    """Without a warning, which would fail the test."""
    x = np.arange(float(len(y)))
    view.show_plot(replace(plot_of(Line("distance", x, np.array(y), single=True)), log_y=True))
    view.grab()
    view.show_plot(replace(plot_of(Line("distance", x, 1.0 + x, single=True)), log_y=True))
    view.grab()
    np.testing.assert_array_equal(view.lines["distance"], [x, 1.0 + x])
    view.show_plot(replace(plot_of(Line("distance", x, 0.0 * x, single=True)), log_y=True))
    view.set_log(False)
    view.grab()
    np.testing.assert_array_equal(view.lines["distance"], [x, 0.0 * x])
