from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from plots_to_show import move, pictures, relations, shown
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.picture_view import PictureView
from app.theme import DARK, LIGHT
from engine.plots import Picture, PicturePlot


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    make_application()
    made = PictureView(LIGHT)
    shown(qtbot, made)
    made.show_plot(pictures())
    return made


@pytest.mark.parametrize("count", [1, 2, 7, 16, 40])
@pytest.mark.parametrize("size", [(180, 120), (600, 400), (300, 900)])
def test_pictures_fill_a_grid_without_touching_and_their_pixels_are_square(
    view: PictureView, count: int, size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.show_plot(pictures(count))
    cells = view.grid.cells()
    assert len(cells) == count
    for number, cell in enumerate(cells):
        assert view.grid.rect().adjusted(-1, 0, 1, 1).contains(cell.toRect())
        assert cell.width() / 5 == pytest.approx(cell.height() / 4)
        assert not any(cell.intersects(other) for other in cells[number + 1 :])


def test_colours_go_from_one_end_to_the_other_through_the_card(view: PictureView) -> None:
    image = view.grid.images[0]
    low, high = image.pixelColor(0, 0), image.pixelColor(4, 3)
    assert low.blue() > low.red()
    assert high.red() > high.blue()
    table = view.grid.table
    assert min(table[127][:3]) > 220, "white on white"
    view.set_theme(DARK)
    assert max(view.grid.table[127][:3]) < 80, "dark on dark"


def test_the_bar_says_what_the_colours_mean(view: PictureView) -> None:
    assert view.bar.unit == "weight"
    ticks = {text: share for share, text in view.bar.ticks}
    assert ticks["0"] == pytest.approx(0.5)
    assert ticks["-1"] == pytest.approx(0)
    assert ticks["1"] == pytest.approx(1)


def test_the_pointer_reads_picture_row_column_and_value(view: PictureView) -> None:
    move(view.grid, QPointF(view.pixel(1, 2, 3)))
    reading = view.crosshair.reading
    assert reading is not None
    assert reading.heading == "unit 2, row 2, column 3"
    value = np.linspace(-1, 1, 20).reshape(4, 5)[2, 3]
    assert reading.text == f"{value:.4g}"
    move(view.grid, QPointF(1, 1))
    assert view.crosshair.reading is None


def test_the_keyboard_reads_as_well(qtbot: QtBot, view: PictureView) -> None:
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Down, keys.Key_Left):
        qtbot.keyClick(view.grid, key)
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.heading == "unit 3, row 1, column 4"
    qtbot.keyClick(view.grid, keys.Key_Right)
    assert view.crosshair.reading.heading == "unit 1, row 1, column 0"
    qtbot.keyClick(view.grid, keys.Key_Escape)
    assert view.crosshair.reading is None


def test_new_numbers_are_shown_in_place_and_under_the_crosshair(
    qtbot: QtBot, view: PictureView
) -> None:
    cells = view.grid.cells()
    qtbot.keyClick(view.grid, Qt.Key.Key_Right)
    before = view.grid.images[0].pixelColor(0, 0)
    view.show_plot(pictures(factor=0.5))
    assert view.grid.cells() == cells
    assert view.grid.images[0].pixelColor(0, 0) != before
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.text == "-0.5"


def test_a_value_that_is_no_number_has_no_colour(view: PictureView) -> None:
    values = np.array([[np.nan, 1.0]])
    view.show_plot(PicturePlot("key", "t", (Picture("a", values),), "w", "sequential", (0, 1)))
    assert view.grid.images[0].pixelColor(0, 0).alpha() == 0
    assert view.grid.images[0].pixelColor(1, 0).alpha() == 255


def test_no_pictures_can_be_shown(view: PictureView) -> None:
    view.show_plot(PicturePlot("key", "t", (), "w", "sequential", (0, 1)))
    view.grab()


def test_related_things_are_read_by_their_names(view: PictureView) -> None:
    view.show_plot(relations())
    move(view.grid, QPointF(view.pixel(1, 0, 2)))
    assert view.crosshair.reading is not None
    assert view.crosshair.reading.heading == "layer 2, Greek and Tifinagh"


def test_names_of_rows_stand_beside_pictures_that_are_large_enough(view: PictureView) -> None:
    view.show_plot(relations())
    large = view.grid.cells()
    beside = QFontMetricsF(view.grid.font()).horizontalAdvance("Tifinagh")
    assert large[0].left() >= beside
    assert not large[0].intersects(large[1])
    inked = view.grid.grab().toImage()
    row = range(int(large[0].top()), int(large[0].bottom()))
    left = [inked.pixelColor(x, y) for x in range(int(large[0].left()) - 9) for y in row]
    assert any(colour.lightness() < 150 for colour in left), "the names are drawn"
    names = tuple(f"task {number}" for number in range(30))
    many = replace(relations(), pictures=(Picture("layer 1", np.eye(30)),), entries=names)
    view.resize(180, 120)
    view.show_plot(replace(many, entries=()))
    unnamed = view.grid.cells()
    view.show_plot(many)
    assert view.grid.cells() == unnamed, "names too small to be read take no room"


@pytest.mark.parametrize("size", [(180, 120), (600, 400), (300, 900)])
def test_no_row_has_pictures_of_two_that_do_not_belong_together(
    view: PictureView, size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.show_plot(replace(pictures(12), together=6))
    rows = [
        {cell.top() for cell in half} for half in (view.grid.cells()[:6], view.grid.cells()[6:])
    ]
    assert rows[0].isdisjoint(rows[1])


def test_columns_are_named_below_a_picture_where_all_names_fit(view: PictureView) -> None:
    view.resize(400, 400)
    digits = replace(relations(), pictures=(Picture("A", np.eye(10)),), entries=tuple("0123456789"))
    view.show_plot(digits)
    (cell,) = view.grid.cells()
    named = view.grid.named_columns(cell)
    assert [name for name, _ in named] == list("0123456789")
    assert named[3][1] == pytest.approx(cell.left() + 0.35 * cell.width())
    assert cell.bottom() + QFontMetricsF(view.grid.font()).height() <= view.grid.height()
    inked = view.grid.grab().toImage()
    below = range(int(cell.bottom()) + 2, view.grid.height())
    across = range(int(named[3][1]) - 4, int(named[3][1]) + 5)
    assert any(inked.pixelColor(x, y).lightness() < 170 for x in across for y in below)
    wide = tuple(f"a long name of task {number}" for number in range(10))
    view.show_plot(replace(digits, entries=wide))
    assert view.grid.named_columns(view.grid.cells()[0]) == [], "they are wider than a column"


def test_names_of_low_rows_are_fewer_not_smaller(view: PictureView) -> None:
    names = tuple(f"task {number}" for number in range(10))
    view.resize(400, 125)
    view.show_plot(replace(relations(), pictures=(Picture("a", np.eye(10)),), entries=names))
    (cell,) = view.grid.cells()
    row, type_ = cell.height() / 10, QFontMetricsF(view.grid.font()).height()
    assert 9 <= row < 0.8 * type_, "lower than what is written"
    named = view.grid.named_rows(cell)
    assert [name for name, _ in named] == list(names[::2])
    assert all(below - above >= 0.8 * type_ for (_, above), (_, below) in pairwise(named))
    assert named[1][1] == cell.top() + 2.5 * row, "beside its row"
    inked = view.grid.grab().toImage()
    across, (_, middle) = range(int(cell.left()) - 9), named[0]
    down = range(int(middle - type_ / 2), int(middle + type_ / 2))
    high = [y for y in down if any(inked.pixelColor(x, y).lightness() < 170 for x in across)]
    assert len(high) > QFontMetricsF(view.grid.font()).capHeight() - 1, "as large as other type"
