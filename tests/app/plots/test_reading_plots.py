"""Looking closer at a plot: zooming, panning, and reading values off."""

from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import (
    ALT,
    drag,
    hover,
    move,
    plot_of,
    shown,
    two_lines,
    wheel,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT
from engine.plots import Line


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    made = PlotView(LIGHT)
    shown(qtbot, made)
    return made


def ranges(view: PlotView) -> np.ndarray:
    return np.array(view.getPlotItem().getViewBox().viewRange())


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


@pytest.mark.parametrize("way", ["double click", "Home"])
def test_what_is_read_is_under_the_pointer_once_everything_is_shown_again(
    qtbot: QtBot, view: PlotView, way: str
) -> None:
    view.show_plot(two_lines())
    wheel(view, 5)
    middle = view.frame().center().toPoint() + QPoint(60, 0)
    move(view.viewport(), QPointF(middle))
    assert view.crosshair.reading is not None
    before = view.crosshair.reading.heading
    if way == "Home":
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert view.crosshair.reading is None
    else:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert view.crosshair.reading is not None
        assert view.crosshair.reading.heading != before


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


def test_the_keyboard_begins_with_the_latest_that_was_measured(
    qtbot: QtBot, view: PlotView
) -> None:
    rest = Line("predicted", np.arange(11.0, 21.0), np.linspace(2.0, 3.0, 10), predicted="told")
    plot = two_lines()
    view.show_plot(replace(plot, lines=(plot.lines[0], rest), x_range=(0, 20)))
    qtbot.keyClick(view, Qt.Key.Key_Right, ALT)
    reading = view.crosshair.reading
    assert reading is not None
    assert (reading.heading, reading.text) == ("steps 10", "low  2")


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


def test_what_is_read_has_the_colours_of_the_theme(view: PlotView) -> None:
    view.show_plot(two_lines())
    hover(view, 4.3, 12.0)
    view.set_theme(DARK)
    assert view.crosshair.reading is not None
    read = {value.name: value.colour for value in view.crosshair.reading.values}
    assert read == {line.name: DARK.line_colour(line.colour) for line in two_lines().lines}


def test_the_crosshair_reads_of_the_ring_that_is_pointed_at_whose_it_is_and_its_band(
    view: PlotView,
) -> None:
    rings = Line(
        "predicted",
        np.full(2, 5.0),
        np.array([0.041, 0.09]),
        0,
        "rings",
        low=np.array([0.02739, 0.08]),
        high=np.array([0.051, 0.1]),
        each=("trial 3", "trial 8"),
    )
    view.show_plot(plot_of(Line("best", np.arange(6.0), np.linspace(0.1, 0.0, 6)), rings))
    hover(view, 5.0, 0.041)
    assert view.crosshair.reading is not None
    told = [value.text for value in view.crosshair.reading.values if "trial" in value.name]
    assert told == ["0.04100 (0.02739 to 0.05100, 90 % band)"]
    hover(view, 5.0, 0.09)
    names = [value.name for value in view.crosshair.reading.values]
    assert "trial 8, predicted" in names
    assert "trial 3, predicted" not in names


def test_the_keyboard_goes_through_all_rings_at_one_place(qtbot: QtBot, view: PlotView) -> None:
    y = np.array([0.5, 0.3, 0.9])
    names = ("trial 3", "trial 8", "trial 9")
    rings = Line(
        "predicted", np.full(3, 10.0), y, 3, "rings", low=y - 0.1, high=y + 0.1, each=names
    )
    view.show_plot(plot_of(Line("best", np.arange(11.0), np.linspace(0, 1, 11)), rings))
    view.setFocus()
    told = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(view, key, ALT)
        reading = view.crosshair.reading
        assert reading is not None
        assert reading.chosen is not None
        told.append(reading.text)
    assert [text[:7] for text in told] == ["trial 3", "trial 9", "trial 3", "trial 8"]
    assert told[-1].endswith("1 of 3 here: Alt+← → for the others")
    place = view.crosshair.reading
    view.show_plot(plot_of(Line("best", np.arange(11.0), np.linspace(0, 1, 11)), rings))
    assert view.crosshair.reading is not None
    assert place is not None
    assert view.crosshair.reading.text == place.text, "what is drawn again is read again"
