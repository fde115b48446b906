from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import ALT, classes, hover, levels, shown, wheel
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.map_view import MapView
from app.theme import DARK, LIGHT
from engine.plots import Line, MapPlot, Points


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    make_application()
    made = MapView(LIGHT)
    shown(qtbot, made)
    return made


def test_each_place_of_a_map_has_its_colour(view: MapView) -> None:
    view.show_plot(levels())
    pixels = view.axes.image.image
    assert pixels.shape == (5, 9, 4)
    np.testing.assert_array_equal(pixels[0, 0], view.axes.table[0])
    np.testing.assert_array_equal(pixels[-1, -1], view.axes.table[255])
    area = view.axes.image.mapRectToView(view.axes.image.boundingRect())
    assert (area.left(), area.right()) == pytest.approx((-0.25, 4.25))
    assert (area.top(), area.bottom()) == pytest.approx((-0.25, 2.25))


def test_where_a_path_begins_lies_on_top_of_it(view: MapView) -> None:
    x = np.zeros(2)
    points, path = Points("start", x[:1], x[:1], "reference"), Line("way", x, x)
    view.show_plot(replace(levels(), points=(points,), paths=(path,)))
    drawn = view.axes.getPlotItem().items
    assert drawn.index(view.axes.points["start"]) > drawn.index(view.axes.paths["way"])


def test_the_bar_shows_levels_and_logarithms_of_levels(view: MapView) -> None:
    view.show_plot(levels())
    assert view.bar.isVisible()
    assert view.bar.unit == "loss"
    shares = {text: share for share, text in view.bar.ticks}
    assert shares["10"] == pytest.approx((10 - 1) / 24)
    view.show_plot(levels(log=True))
    shares = {text: share for share, text in view.bar.ticks}
    assert shares["10"] == pytest.approx(np.log(10) / np.log(25))


def test_contours_join_places_of_one_level(view: MapView) -> None:
    view.show_plot(levels())
    x, y = view.axes.contours.getData()
    found = np.isfinite(x)
    assert found.sum() > 10
    heights = 1.0 + x[found] + 10 * y[found]
    levels_found = np.unique(heights.round(6))
    assert 4 <= len(levels_found) <= 9
    np.testing.assert_allclose(np.diff(levels_found), np.diff(levels_found)[0], rtol=1e-6)


def test_points_and_paths_are_drawn_with_a_mark_where_a_path_has_come_to(view: MapView) -> None:
    view.show_plot(levels())
    assert view.axes.points["start"].getData()[0].tolist() == [0.5]
    assert view.axes.paths["current"].getOriginalDataset()[0].tolist() == [0.5, 1.0, 3.0]
    assert view.axes._ends["current"].getData()[0].tolist() == [3.0]
    view.set_shown("current", False)
    assert not view.axes.paths["current"].isVisible()
    assert not view.axes._ends["current"].isVisible()
    assert [entry.on for entry in view.entries] == [True, False]


def test_new_numbers_reuse_the_items(view: MapView) -> None:
    view.show_plot(levels())
    before = (view.axes.points["start"], view.axes.paths["current"])
    view.show_plot(levels(factor=2.0))
    assert (view.axes.points["start"], view.axes.paths["current"]) == before
    assert view.axes.limits == (2.0, 50.0)


def test_classes_have_pale_colours_the_stronger_the_surer(view: MapView) -> None:
    view.show_plot(classes())
    assert not view.bar.isVisible()
    pixels = view.axes.image.image.astype(int)
    sure, unsure = pixels[4, 1, :3], pixels[4, 7, :3]
    card = np.array(QColor(LIGHT.card).getRgb()[:3])
    assert np.abs(sure - card).sum() > np.abs(unsure - card).sum() > 30
    assert pixels[0, 0, 3] == 0, "no colour where there is no class"
    light = pixels[4, 1].tolist()
    view.set_theme(DARK)
    assert view.axes.image.image[4, 1].tolist() != light


def test_the_legend_names_each_class_once(view: MapView) -> None:
    view.show_plot(classes())
    assert [(entry.name, entry.sample) for entry in view.entries] == [
        ("dogs", "area"),
        ("cats", "points"),
    ]


def test_the_pointer_reads_levels_and_classes(view: MapView) -> None:
    view.show_plot(levels())
    hover(view.axes, 2.0, 1.0)
    reading = view.crosshair.reading
    assert reading is not None
    assert reading.heading == "first 2, second 1"
    assert reading.text == "loss 13"
    view.show_plot(classes())
    hover(view.axes, 1.0, 2.0)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "cats, 90% sure"


def test_the_keyboard_reads_place_by_place(qtbot: QtBot, view: MapView) -> None:
    view.show_plot(levels())
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        qtbot.keyClick(view.axes, key, ALT)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.heading == "first 2.5, second 1.5"
    view.show_plot(levels(factor=2.0))
    assert view.crosshair.reading.text == "loss 37"


def test_a_map_zooms_and_shows_everything_again(qtbot: QtBot, view: MapView) -> None:
    view.show_plot(levels())
    whole = view.axes.getPlotItem().getViewBox().viewRange()
    wheel(view.axes, 5)
    view.show_plot(levels(factor=2.0))
    assert view.axes.getPlotItem().getViewBox().viewRange() != whole
    qtbot.mouseDClick(view.axes.viewport(), Qt.MouseButton.LeftButton)
    np.testing.assert_allclose(view.axes.getPlotItem().getViewBox().viewRange(), whole)


def test_maps_without_values_or_of_one_place_can_be_shown(view: MapView) -> None:
    none = np.zeros(0)
    view.show_plot(
        MapPlot("k", "t", "a", "b", none, none, np.zeros((0, 0)), "levels", "loss", log=True)
    )
    one = np.ones(1)
    view.show_plot(MapPlot("k", "t", "a", "b", one, one, np.ones((1, 1)), "levels", "loss"))
    nowhere = np.full((3, 3), np.nan)
    axis = np.arange(3.0)
    view.show_plot(MapPlot("k", "t", "a", "b", axis, axis, nowhere, "levels", "loss", log=True))
    view.show_plot(
        MapPlot("k", "t", "a", "b", axis, axis, nowhere, "classes", class_names=("x", "y"))
    )
    view.grab()


def test_a_class_may_have_a_comma_in_its_name(view: MapView) -> None:
    names = ("San Jose, CA", "Reno")
    view.show_plot(replace(classes(), class_names=names, points=()))
    assert tuple(entry.name for entry in view.entries) == names
    view.axes.read_at(view.axes.in_pixels(3.0, 2.0))
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "Reno, 60% sure"


def test_there_are_at_least_as_many_names_as_classes() -> None:
    axis = np.arange(2.0)
    values = np.full((2, 2), 2.5)
    plot = MapPlot("k", "t", "a", "b", axis, axis, values, "classes", class_names=("x", "y"))
    assert plot.classes == ("x", "y", "class 3")


def test_the_legend_names_what_is_now_before_what_is_pale(view: MapView) -> None:
    plot = levels()
    earlier = [replace(plot.paths[0], name=f"earlier {n}", faint=True) for n in range(3)]
    now = replace(plot.paths[0], name="now")
    view.show_plot(replace(plot, paths=(*earlier, now)))
    names = [entry.name for entry in view.entries if entry.sample == "line"]
    assert names == ["now", "earlier 0", "earlier 1", "earlier 2"]


def test_paths_that_are_numbered_alike_are_named_by_their_numbers(view: MapView) -> None:
    plot = levels()
    paths = [replace(plot.paths[0], name=f"meta-iteration {n}") for n in range(3)]
    back = replace(plot.paths[0], name="retraced exactly")
    view.show_plot(replace(plot, points=(), paths=(*paths, back)))
    said = [entry.says for entry in view.entries]
    assert said == ["meta-iterations", "0", "1", "2", "retraced exactly"]
    assert [entry.name for entry in view.entries][1] == "meta-iteration 0", "as it is switched"
    view.show_plot(replace(plot, points=(), paths=(paths[0], back)))
    assert [entry.says for entry in view.entries] == ["meta-iteration 0", "retraced exactly"]
