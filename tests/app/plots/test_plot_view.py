import numpy as np
import pytest
from plots_to_show import (
    ALT,
    banded,
    drag,
    hover,
    move,
    named_points,
    plot_of,
    shown,
    two_lines,
    wheel,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.arrows import LAST_STEP, NEXT_STEP
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT
from engine.plots import Line, Mark


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
            Line("one, first", x, 50 + x, faint=True),
            Line("one", x, 100 + x, towards=200 + x),
            Line("two", x, x),
        )
    )
    view.set_shown("one", False)
    assert not view._items["one"].isVisible()
    assert not view._items["one, first"].isVisible()
    assert not view._arrows["one"].shafts.isVisible()
    assert ranges(view)[1][1] < 12, "what is left fills the view"
    view.set_shown("one", True)
    assert view._items["one, first"].isVisible()
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


def test_the_wheel_zooms_and_updates_do_not_undo_it(view: PlotView) -> None:
    view.show_plot(two_lines())
    whole = ranges(view)
    wheel(view, 5)
    zoomed = ranges(view)
    assert np.all(zoomed[:, 1] - zoomed[:, 0] < 0.9 * (whole[:, 1] - whole[:, 0]))
    view.show_plot(two_lines(7.0))
    np.testing.assert_array_equal(ranges(view), zoomed)
    assert not view.follows


def test_dragging_pans(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    whole = ranges(view)
    drag(qtbot, view, QPoint(60, 0))
    moved = ranges(view)
    assert moved[0][0] < whole[0][0] - 0.5
    np.testing.assert_allclose(moved[0][1] - moved[0][0], whole[0][1] - whole[0][0])
    view.show_plot(two_lines(2.0))
    np.testing.assert_array_equal(ranges(view), moved)


@pytest.mark.parametrize("way", ["double click", "Home", "0"])
def test_everything_is_shown_again_and_followed(qtbot: QtBot, view: PlotView, way: str) -> None:
    view.show_plot(two_lines())
    wheel(view, 5)
    view.show_plot(two_lines(3.0))
    if way == "double click":
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(view, Qt.Key.Key_Home if way == "Home" else Qt.Key.Key_0)
    assert ranges(view)[1][1] >= 60
    view.show_plot(two_lines(4.0))
    assert ranges(view)[1][1] >= 80


def test_keys_zoom_and_pan(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    whole = ranges(view)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    zoomed = ranges(view)
    assert np.all(zoomed[:, 0] > whole[:, 0])
    assert np.all(zoomed[:, 1] < whole[:, 1])
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert np.all(ranges(view) > zoomed)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    np.testing.assert_allclose(ranges(view), whole)


def test_the_crosshair_snaps_to_the_nearest_x_and_names_the_nearest_line(
    qtbot: QtBot, view: PlotView
) -> None:
    view.show_plot(two_lines())
    with qtbot.waitSignal(view.hovered, check_params_cb=lambda name: name == "high"):
        hover(view, 4.3, 12.0)
    reading = view.crosshair.reading
    assert reading is not None
    assert reading.heading == "steps 4"
    assert reading.text == "high  14"
    assert abs(reading.at.x() - view.in_pixels(4, 0).x()) < 1
    assert view._items["high"].opts["pen"].widthF() > view._items["low"].opts["pen"].widthF()


def test_the_crosshair_goes_with_the_pointer(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    view.clearFocus()
    assert not view.crosshair.isVisible(), "it costs nothing where nobody reads"
    hover(view, 4.3, 12.0)
    assert view.crosshair.isVisible()
    move(view.viewport(), QPointF(2, 2))
    assert not view.crosshair.isVisible()
    assert view._items["high"].opts["pen"].width() == 2


def test_the_crosshair_reads_logarithmic_axes(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    view.set_log(True)
    hover(view, 5.0, np.log10(1.4))
    reading = view.crosshair.reading
    assert reading is not None
    assert reading.text == "low  1.5"
    assert abs(reading.at.y() - view.in_pixels(5, np.log10(1.5)).y()) < 1


def test_the_crosshair_follows_numbers_that_change_under_it(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    hover(view, 0.0, 1.0)
    view.show_plot(two_lines(2.0))
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "low  2"


def test_the_crosshair_reads_bytes_and_arrows_in_words(qtbot: QtBot, view: PlotView) -> None:
    x, y = np.arange(3.0), np.full(3, 1500.0)
    view.show_plot(plot_of(Line("buffer", x, y, towards=2 * y), bytes_y=True))
    hover(view, 1.0, 1500.0)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "buffer  1.5 kB → 3 kB"


def test_the_crosshair_never_reads_lines_that_are_off_or_gaps(qtbot: QtBot, view: PlotView) -> None:
    x = np.arange(4.0)
    view.show_plot(
        plot_of(Line("one", x, np.array([1.0, np.nan, 1.0, 1.0])), Line("two", x, x + 1))
    )
    view.set_shown("two", False)
    hover(view, 1.2, 1.0)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.heading == "steps 2"


def test_alt_and_arrow_keys_move_the_crosshair(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())

    def read(key: Qt.Key, modifier: Qt.KeyboardModifier = ALT) -> tuple[str, str]:
        qtbot.keyClick(view, key, modifier)
        assert view.crosshair.reading is not None
        return view.crosshair.reading.heading, view.crosshair.reading.text

    assert read(Qt.Key.Key_Left) == ("steps 9", "high  19")
    assert read(Qt.Key.Key_Left) == ("steps 8", "high  18")
    assert read(Qt.Key.Key_Up) == ("steps 8", "low  1.8")
    assert read(Qt.Key.Key_Right) == ("steps 9", "low  1.9")
    assert read(Qt.Key.Key_Left, ALT | Qt.KeyboardModifier.ShiftModifier) == ("steps 0", "low  1")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.crosshair.reading is None
    assert view.follows, "reading is no panning"


def test_the_view_shows_that_it_has_the_focus(qtbot: QtBot, view: PlotView) -> None:
    view.show_plot(two_lines())
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    edge = view.grab().toImage().pixelColor(1, 200)
    assert edge.name().upper() == LIGHT.accent
    view.clearFocus()
    assert view.grab().toImage().pixelColor(1, 200) != edge


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


def test_points_are_dots_over_names(view: PlotView) -> None:
    view.show_plot(named_points())
    for item in view._items.values():
        assert item.opts["symbol"] == "o"
        assert item.opts["pen"].style() == Qt.PenStyle.NoPen
    assert [entry.sample for entry in view.entries] == ["point", "point"]
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
